"""What covers an open page when the line to the server is gone: nothing can lock it from there."""

from __future__ import annotations

import streamlit as st

GONE = (
    "<b>The line to the server is gone, and what was open is locked.</b> What you saved is kept; "
    "what you had only marked or typed is not. Sign in again when the line is back."
)
# The server forgets a session that it lost, but what it has drawn stays on the screen, and no
# quiet minutes lock it. So the page covers itself: for good when the browser knows that the line
# broke, and until it hears the server again when the countdown, which comes three times a minute,
# has not come for a long while.
SILENT = 90  # seconds
COVER = """<style>
#line-gone { display: none }
.line-gone #line-gone { display: block; position: fixed; inset: 40vh 0 auto;
  max-width: 32rem; margin: auto; padding: 0 1rem; font-size: 1.1rem; z-index: 99 }
.line-gone :is([data-testid=stApp] *, #left-out) { visibility: hidden !important }
.line-gone :is(#line-gone, #line-gone *) { visibility: visible !important }
</style>"""
WATCH = """<p id="line-gone" role="alert">SAID</p>
<script>
window.lineWatched ??= (() => {
  let broke = false, looked = performance.now(), heard = looked;
  const look = () => {
    const now = performance.now();
    if (now - looked > 5000) heard = now;  // it slept
    looked = now;
    const opened = document.getElementById("line-gone");
    const app = document.querySelector("[data-testid=stApp]").dataset;
    if (!opened) broke = false;
    else broke ||= app.testConnectionState !== "CONNECTED";
    const silent = app.testScriptState === "notRunning"
      && now - heard > SILENT * 1000;
    document.documentElement.classList.toggle("line-gone", !!opened && (broke || silent));
  };
  new MutationObserver(changes => {
    if (changes.some(one => one.attributeName === "data-test-script-state"))
      heard = performance.now();
    look();
  }).observe(document.body, {
    subtree: true, childList: true,
    attributeFilter: ["data-test-script-state", "data-test-connection-state"],
  });
  setInterval(look, 1000);
  return true;
})();
</script>""".replace("SAID", GONE).replace("SILENT", str(SILENT))


def watch() -> None:
    """Have the page in front cover itself when the server can no longer lock it."""
    st.html(COVER)
    st.html(WATCH, unsafe_allow_javascript=True)
