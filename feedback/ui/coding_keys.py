"""What the keys of the coding screen do: each for the answer it was pressed for, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import streamlit as st

from feedback import look
from feedback.custody import Keys
from feedback.themes.codebook import NEEDS_CARE, OTHER
from feedback.themes.coding import MOST_THEMES, Choice
from feedback.ui.reading import READER, Desk, attempt, save

LATE = (
    "A key or a click was left out: the page had changed, or could not take it. "
    "Look at what is marked before you go on."
)
SLOW = "The server has not answered yet. What you pressed waits for it."
MUTE = (
    "A key or a click was left out, or comes late: the server does not answer. "
    "Wait until it does, and look at what is marked before you go on."
)

# Of two requests that come close together Streamlit can lose the first, and it runs both of two
# shortcuts for one key while a page changes. So a key presses, here, the button that was on the
# screen when it went down, whose name says for which turn it is. One press at a time is on its
# way, a click of the mouse too: the next waits until the page says that it heard the one before,
# and is drawn. A button that has gone by then is not pressed, and that is said. What follows
# a key that was left out, before anybody can have read so, is left out as well: else an Enter
# would save what is not whole. A key that is held down counts once. Where somebody went by Tab,
# Enter presses the button that they are on. Streamlit takes no key at all on a radio button: what
# somebody chose with a mouse gives the keys back.
SAID = (
    "position: fixed; left: 1rem; bottom: 1rem; max-width: 30rem; padding: 0.75rem 1rem; "
    f"z-index: 9; border-radius: {look.CORNER_PX}px; "
    f"background: {look.LIGHT.ink}; color: {look.LIGHT.ground}"
)
KEYS_GO_HOME = (
    """<script>
window.keysGoHome ??= (() => {
  const NAME = /st-key-press-[a-z0-9_-]+/;
  const waiting = [];
  let sent = null, since = 0, timer = 0, byTab = false, quietUntil = 0, without = 0;
  const box = document.createElement("p");
  box.id = "left-out";
  box.setAttribute("role", "alert");
  box.style = "SAID";
  box.hidden = true;
  document.body.append(box);
  const foot = () => document.getElementById("heard");
  const still = () => document.querySelector("[data-testid=stApp]")
    .dataset.testScriptState === "notRunning";
  const busy = () => !still() || !foot() || foot().dataset.heard === sent;
  const mine = () => `st-key-press-${foot()?.dataset.turn}-`;
  const onItsWay = () => waiting.length || sent !== null;
  const say = words => {
    if (box.hidden || box.textContent !== words) box.textContent = words;
    box.hidden = false;
  };
  const leaveOut = (alsoTheNext, why = "LATE") => {
    say(why);
    if (!alsoTheNext) return;
    waiting.length = 0;
    quietUntil = performance.now() + 1000;
  };
  const pass = () => {
    timer = 0;
    const waited = performance.now() - since;
    if (!busy()) {
      sent = null;
      box.hidden ||= box.textContent === "SLOW";
      const name = waiting.shift();
      const button = name?.startsWith(mine()) && document.querySelector(`.${name} :enabled`);
      if (button) button.click();
      else if (name) leaveOut(name === "none yet" || name.startsWith(mine()));
    } else if (waited > 10000) {
      sent = null;
      leaveOut(true, "MUTE");
    } else if (waited > 3000) say("SLOW");
    if (onItsWay()) timer ||= setTimeout(pass, 20);
  };
  const press = place => {
    if (performance.now() < quietUntil) return leaveOut(true);
    const name = place?.className.match(NAME)[0] ?? "none yet";
    if (waiting.push(name) === 1) since = performance.now();
    if (!timer) pass();
  };
  addEventListener("keydown", event => {
    const key = event.key.replace("Arrow", "").toLowerCase();
    byTab ||= key === "tab";
    if (!(foot() || onItsWay() || document.querySelector('[class*="st-key-press-"]'))
        || event.ctrlKey || event.metaKey || event.altKey
        || !/^([0-5ndhmpu]|enter|left)$/.test(key)
        || event.target.closest("input, textarea, select, [role=dialog]"))
      return;
    event.stopPropagation();
    if (key === "enter" && byTab && event.target.matches("button, a, summary")) return;
    event.preventDefault();
    if (event.repeat) return;
    const place = document.querySelector(`[class*="${mine()}${key}-"]`);
    if (place || busy()) press(place);
  }, true);
  addEventListener("click", event => {
    const place = event.target.closest("button")?.closest('[class*="st-key-press-"]');
    if (!place) return;
    if (event.isTrusted && onItsWay()) {
      event.stopPropagation();
      event.preventDefault();
      press(place);
    } else {
      box.hidden = true;
      sent = foot()?.dataset.heard ?? null;
      since = performance.now();
      timer ||= setTimeout(pass, 20);
    }
  }, true);
  setInterval(() => {
    without = !foot() && still() ? without + 1 : 0;
    if (without < 4) return;
    waiting.length = 0;
    sent = null;
    box.hidden = true;
  }, 500);
  addEventListener("pointerdown", () => { byTab = false; }, true);
  addEventListener("pointerup", () => setTimeout(() => {
    if (document.activeElement.matches("[type=radio], [type=checkbox]"))
      document.activeElement.blur();
  }));
  return true;
})();
</script>""".replace("LATE", LATE)
    .replace("SAID", SAID)
    .replace("SLOW", SLOW)
    .replace("MUTE", MUTE)
)


def button(
    found: Desk,
    label: str,
    key: str,
    wish: Callable[[], object],
    *,
    leaves: bool = False,
    kind: Literal["primary", "secondary", "tertiary"] = "secondary",
    icon: str | None = None,
    about: str | None = None,
    wide: bool = False,
) -> None:
    """Draw a button that a key presses too, for the answer in front alone.

    ``key`` is the key's name, if there is one, and a word for what it does. A wish that ``leaves``
    puts another answer in front.
    """
    st.button(
        label,
        key=f"press-{found.turn}-{key}",
        shortcut=key.split("-")[0] or None,
        on_click=_hear,
        args=(found, found.turn, wish, leaves),
        type=kind,
        icon=icon,
        help=about,
        width="stretch" if wide else "content",
    )


def _hear(found: Desk, turn: int, wish: Callable[[], object], leaves: bool) -> None:
    """Keep a wish, and do no more: a newer request cuts off what looks at the session's state."""
    found.heard += 1
    if turn != found.turn or (leaves and found.asked is not None):
        found.failed = LATE
    elif leaves:
        found.asked = wish
    else:
        found.marks.append(wish)


def note_key(found: Desk) -> str:
    """Return under which name the note on the answer in front is kept."""
    return f"note-{found.turn}"


@contextmanager
def heard(found: Desk) -> Iterator[None]:
    """Do what buttons and keys asked for, let the page be drawn, and have it say that it is."""
    _fulfil(found)
    place = st.container(key="keys")  # on top, where nothing that comes and goes can move it
    yield
    place.html(
        f"<style>.st-key-keys {{ position: absolute }}</style>{KEYS_GO_HOME}"
        f'<i id="heard" data-heard="{found.heard}" data-turn="{found.turn}"></i>',
        unsafe_allow_javascript=True,
    )
    found.failed = ""  # it was drawn above, and no newer request has cut the drawing off


def _fulfil(found: Desk) -> None:
    # Each look at the session's state may end this run for a newer key: so look, then do it all.
    note = st.session_state.get(note_key(found), "")
    reader = st.session_state.get(READER) or found.reader
    marks, asked, found.marks, found.asked = found.marks, found.asked, [], None
    found.note = note
    for mark in marks:
        mark()
    if asked is not None and reader == found.reader:
        asked()
    elif asked is not None:
        found.failed = "Not saved: somebody else sat down at that moment."


def save_choice(found: Desk, keys: Keys, nothing: bool, offered: tuple[str, ...]) -> None:
    """Save the coding of the answer in front, or keep it in front and say why."""
    choice = Choice(
        themes=() if nothing else tuple(found.picked),
        flags=(OTHER,) * nothing + tuple(sorted(found.flags - {OTHER})),
        note=found.note,
        offered=offered,
    )
    # A button that cannot be pressed would swallow the Enter of a fast hand: so it says why.
    if len(choice.themes) > MOST_THEMES:
        found.failed = f"Not saved: up to {MOST_THEMES} themes fit one answer. Take one back."
    elif choice.themes or NEEDS_CARE in choice.flags or nothing:
        attempt(save, found, keys, choice)
    else:
        found.failed = "Not saved: choose a theme, or say that no theme fits."
