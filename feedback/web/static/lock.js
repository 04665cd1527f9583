/* Send: lock the answers on this device and hand over sealed bytes; never anything else unasked. */
(function () {
  "use strict";
  var WAIT_MS = 10000; /* for what locks, once Send was pressed */
  var SEND_MS = 30000; /* for an answer: 7,432 bytes take 6 seconds at 10 kbit/s */
  var QUIET = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", redirect: "error" };

  function within(ms, promise) {
    return new Promise(function (resolve, reject) {
      setTimeout(function () { reject(new Error("late")); }, ms);
      promise.then(resolve, reject);
    });
  }

  function ask(address, more, ms) {
    var stop = new AbortController();
    var timer = setTimeout(function () { stop.abort(); }, ms);
    var answer = fetch(address, Object.assign({ signal: stop.signal }, QUIET, more));
    var done = function () { clearTimeout(timer); };
    answer.then(done, done);
    return answer;
  }

  function loadScript() {
    return new Promise(function (resolve, reject) {
      if (window.throughlineSeal) return resolve();
      var script = document.createElement("script");
      script.onload = function () {
        if (window.throughlineSeal) resolve();
        else reject(new Error("script"));
      };
      script.onerror = function () { reject(new Error("script")); };
      script.src = "/seal.js";
      document.head.appendChild(script);
    });
  }

  function loadKey(version) {
    return ask("/key", {}, WAIT_MS).then(function (answer) {
      if (answer.status === 409) throw new Error("closed");
      if (!answer.ok) throw new Error("key");
      return answer.json();
    }).then(function (key) {
      if (String(key.v) !== version) throw new Error("changed");
      return key;
    });
  }

  /* `act.forget` empties the page, `act.post` sends the form unlocked. Answers with what the
     page may do: send; ask whether sealed bytes are waiting; reset. */
  window.throughlineLock = function (form, texts, act) {
    var mode = document.getElementById("mode");
    var button = document.getElementById("go");
    var able = Boolean(window.crypto && crypto.subtle && window.fetch && window.AbortController);
    var plain = mode.textContent;
    var loading = null;
    var key = null;
    var row = null; /* sealed bytes, kept in memory only */
    var held = false; /* they may have arrived: only the very same bytes may go again */
    var card = ""; /* what stands on a card goes beside the row, as long as if there were none */
    var busy = false;
    var turn = 0; /* what belongs to an earlier turn comes too late: the person left, or started again */
    var other = null;

    function inTurn(promise) {
      var mine = turn;
      return new Promise(function (resolve, reject) {
        promise.then(
          function (found) { if (mine === turn) resolve(found); },
          function (error) { if (mine === turn) reject(error); }
        );
      });
    }

    function say(text, trouble) {
      mode.textContent = text;
      mode.className = trouble ? "notice" : "";
      if (trouble) mode.focus();
    }

    function hold(on) {
      Array.prototype.forEach.call(form.elements, function (field) {
        if (field.type !== "hidden" && field !== button && field !== other) field.disabled = on;
      });
    }

    function prepare() {
      if (!loading) {
        loading = Promise.all([loadKey(form.elements.v.value), loadScript()]).then(function (both) {
          key = both[0];
        });
        loading.catch(function () { loading = null; });
      }
      return loading;
    }

    function offerOther() {
      if (other) return;
      other = document.createElement("button");
      other.type = "button";
      other.className = "button second";
      other.textContent = texts.other;
      other.addEventListener("click", function () {
        if (navigator.onLine === false) return say(texts.signal, true);
        hold(false);
        act.post();
      });
      button.parentNode.insertBefore(other, button.nextSibling);
    }

    function withdrawOther() {
      if (other) other.remove();
      other = null;
    }

    function fail(error) {
      var why = error.message === "unknown" ? "changed" : error.message;
      var found = texts[why] ? why : navigator.onLine === false ? "signal" : "cannot";
      busy = false;
      hold(held);
      say(texts[found], true);
      if (found === "cannot" || found === "changed" || found === "refused") offerOther();
    }

    function seal(fields) {
      return inTurn(window.throughlineSeal(key, fields)).then(function (sealed) { row = sealed; });
    }

    function post(fields) {
      say(texts.sending);
      var headers = { "Content-Type": "application/octet-stream" };
      if (form.elements._card) headers["X-Card"] = card.replace(/[^0-9a-z]/gi, "").padEnd(12, "-").slice(0, 12);
      var how = { method: "POST", body: row, headers: headers };
      return inTurn(ask("/sealed", how, SEND_MS)).then(
        function (answer) { return heard(answer.status, fields); },
        function () { return unheard(); }
      );
    }

    function heard(status, fields) {
      if (status === 204) {
        act.forget();
        busy = true; /* a second press would send an empty form */
        location.replace(texts.next);
        return;
      }
      if (status >= 500) return unheard();
      if (held) throw new Error(status === 429 ? "many" : "closed");
      row = null;
      if (status === 429) throw new Error("many");
      if (status !== 409) throw new Error("refused");
      /* The keys changed since the page was opened: lock once more, with the new ones. */
      if (!fields) throw new Error("closed");
      key = loading = null;
      return lockAndPost(fields, null);
    }

    function unheard() {
      held = true;
      throw new Error("offline");
    }

    function lockAndPost(fields, again) {
      return inTurn(within(WAIT_MS, prepare()))
        .then(function () { return seal(fields); })
        .then(function () { return post(again); });
    }

    function send() {
      if (busy) return;
      if (!able) return fail(new Error("cannot"));
      busy = true;
      withdrawOther();
      mode.setAttribute("role", "status");
      if (!row && form.elements._card) card = form.elements._card.value;
      var fields = row ? null : Array.from(new FormData(form).entries());
      hold(true);
      say(row ? texts.sending : texts.wait);
      /* A pause, so that the words are on the screen before an old phone is busy locking. */
      var pause = new Promise(function (resolve) { setTimeout(resolve, 50); });
      inTurn(pause).then(function () {
        return row ? post(null) : lockAndPost(fields, fields);
      }).catch(fail);
    }

    function reset() {
      turn += 1;
      row = null;
      card = "";
      held = busy = false;
      hold(false);
      withdrawOther();
      say(key ? texts.phone : plain);
    }

    mode.tabIndex = -1;
    if (able) {
      prepare().then(
        function () { if (!busy && !other) say(texts.phone); },
        function (error) { if (!busy && !texts[error.message]) say(texts.cannot); }
      );
    } else say(texts.cannot);
    return { send: send, waiting: function () { return row !== null; }, reset: reset };
  };
})();
