/* Leave, the look before Send, and nothing left behind. The form works without this file. */
(function () {
  "use strict";
  var doc = document;
  var form = doc.getElementById("form");
  var about = doc.getElementById("about");
  var texts = about ? JSON.parse(about.textContent) : {};
  var kiosk = doc.body.getAttribute("data-kiosk");
  var rules = window.throughlineRules || [];
  var sent = false;
  var lock = null;

  function each(nodes, act) {
    Array.prototype.forEach.call(nodes, act);
  }

  /* reset() would bring back what the server wrote into the page: empty every field instead. */
  function forget() {
    each(doc.querySelectorAll("input, textarea"), function (field) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = false;
      else if (field.type !== "hidden") field.value = "";
      else if (field.name === "_sure") field.value = "";
    });
    closeCheck();
    if (lock) lock.reset();
    each(doc.querySelectorAll(".many"), function (line) { line.textContent = ""; });
  }

  /* ---- Leave: cover first, then forget, then go, and leave no way back to this page. ---- */

  function leave() {
    var cover = doc.createElement("div");
    cover.className = "cover";
    doc.body.appendChild(cover);
    doc.title = "";
    forget();
    location.replace("/leave");
  }

  each(doc.querySelectorAll("[data-leave]"), function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      leave();
    });
  });

  var shifts = [];
  doc.addEventListener("keydown", function (event) {
    if (event.repeat) return;
    if (event.key !== "Shift") { shifts = []; return; }
    shifts.push(Date.now());
    shifts = shifts.slice(-3);
    if (shifts.length === 3 && shifts[2] - shifts[0] <= 5000) leave();
  });

  /* ---- Back after Send, also from the browser's memory of pages: an empty form. ---- */

  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      sent = false;
      forget();
    }
  });

  /* ---- A shared tablet: back to the start after three minutes without a touch. ---- */

  if (kiosk && location.pathname !== "/") {
    var still = doc.getElementById("still");
    var stillness = location.pathname === "/done" ? 40000 : 180000;
    var asks, ends;
    var wake = function () {
      clearTimeout(asks);
      clearTimeout(ends);
      still.hidden = true;
      asks = setTimeout(function () { still.hidden = false; }, stillness - 20000);
      ends = setTimeout(function () {
        forget();
        location.replace(kiosk);
      }, stillness);
    };
    each(["pointerdown", "keydown", "scroll", "input", "touchstart"], function (kind) {
      doc.addEventListener(kind, wake, { passive: true });
    });
    wake();
  }

  var notice = doc.getElementById("notice");
  if (notice) notice.focus();

  /* A link to the folded help lines opens them. */
  each(doc.querySelectorAll('a[href="#lines"]'), function (link) {
    link.addEventListener("click", function () { doc.getElementById("lines").open = true; });
  });

  if (!form) return;

  /* ---- Answers that exclude each other, and a word when there are more than asked for. ---- */

  form.addEventListener("change", function (event) {
    var box = event.target;
    var group = box.closest ? box.closest("fieldset") : null;
    if (!group) return;
    if (box.type === "radio" && box.value === "") {
      each(group.querySelectorAll("input"), function (one) { one.checked = false; });
    }
    if (box.type === "checkbox" && box.checked) {
      each(group.querySelectorAll("input:checked"), function (other) {
        var excludes = box.hasAttribute("data-alone") || other.hasAttribute("data-alone");
        if (other !== box && excludes) other.checked = false;
      });
    }
    var line = group.querySelector(".many");
    if (line) {
      var over = group.querySelectorAll("input:checked").length > Number(group.getAttribute("data-most"));
      line.textContent = over ? texts.many : "";
    }
  });

  /* ---- The look before Send: on this device, with the same rules as the server. ---- */

  function found() {
    var seen = [];
    each(form.querySelectorAll("textarea"), function (area) {
      each(rules, function (rule) {
        var pattern = new RegExp(rule.pattern, rule.flags);
        var match = pattern.exec(area.value);
        if (match) seen.push({ area: area, kind: rule.kind, text: match[0].slice(match[1].length) });
      });
    });
    return seen;
  }

  function closeCheck() {
    var check = doc.getElementById("check");
    if (!check) return;
    check.hidden = true;
    check.textContent = "";
    doc.getElementById("go").hidden = false;
  }

  function make(tag, text, parent) {
    var node = doc.createElement(tag);
    if (text) node.textContent = text;
    parent.appendChild(node);
    return node;
  }

  function choice(parent, text, act) {
    var button = make("button", text, parent);
    button.type = "button";
    button.className = "button";
    button.addEventListener("click", act);
  }

  function takeOut(area) {
    each(rules, function (rule) {
      var pattern = new RegExp(rule.pattern, rule.flags + "g");
      area.value = area.value.replace(pattern, function (all, before) { return before + "[\u2026]"; });
    });
  }

  function openCheck(seen) {
    var check = doc.getElementById("check");
    check.textContent = "";
    check.hidden = false;
    doc.getElementById("go").hidden = true;
    var head = make("h3", texts.title, check);
    head.tabIndex = -1;
    make("p", texts.saw, check);
    var list = make("ul", "", check);
    each(seen, function (one) {
      var item = make("li", texts.kinds[one.kind] + " ", list);
      make("mark", one.text, item);
    });
    make("p", texts.limits, check);
    var two = make("div", "", check);
    two.className = "two";
    choice(two, texts.remove, function () {
      each(form.querySelectorAll("textarea"), takeOut);
      closeCheck();
      seen[0].area.focus();
    });
    choice(two, texts.change, function () {
      closeCheck();
      seen[0].area.focus();
    });
    choice(two, texts.send, function () {
      var sure = make("input", "", form);
      sure.type = "hidden";
      sure.name = "_sure";
      sure.value = "1";
      closeCheck();
      go();
    });
    head.focus();
  }

  function post() {
    if (sent) return;
    sent = true;
    setTimeout(function () { sent = false; }, 8000);
    HTMLFormElement.prototype.submit.call(form);
  }

  function go() {
    if (lock) lock.send();
    else post();
  }

  if (texts.lock) lock = window.throughlineLock(form, texts.lock, { forget: forget, post: post });

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var seen = lock && lock.waiting() ? [] : found();
    if (seen.length) openCheck(seen);
    else go();
  });
})();
