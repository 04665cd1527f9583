"""What the keys of the coding screen do, in whatever order those of a fast hand arrive."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from feedback.custody import Keys
from feedback.themes.codebook import NEEDS_CARE, OTHER
from feedback.themes.coding import Choice
from feedback.ui.reading import FAILED, READER, Desk, attempt, save

LATE = "A key came while another answer was put in front. It was left out."

# Streamlit takes Enter for its shortcut wherever the keyboard is, but no key at all on a radio
# button. Where somebody went by Tab, Enter has to press the button that they are on; what they
# chose with a mouse gives the keys back. A key that comes while the page is still busy with the
# one before could be lost: it waits here, and is dropped when another answer comes in front. A key
# that is held down counts once.
KEYS_GO_HOME = """<script>
window.keysGoHome ??= (() => {
  const waiting = [];
  let last = 0;
  const busy = () => document.querySelector("[data-testid=stApp]")
    .dataset.testScriptState !== "notRunning";
  const turn = () => document.querySelector("[class*=st-key-note-]")
    ?.className.match(/st-key-note-[0-9]+/)[0];
  const pass = () => {
    if (waiting.length && !busy() && performance.now() - last > 100) {
      last = performance.now();
      const [key, before] = waiting.shift();
      if (before === turn())
        for (const way of ["keydown", "keyup"])
          document.body.dispatchEvent(new KeyboardEvent(way, key));
    }
    if (waiting.length) setTimeout(pass, 20);
  };
  addEventListener("keydown", event => {
    if (!event.isTrusted || event.ctrlKey || event.metaKey || event.altKey
        || !/^([0-9a-z]|Enter|ArrowLeft)$/i.test(event.key)
        || event.target.closest("input, textarea, select, [role=dialog]"))
      return;
    event.stopPropagation();
    if (event.key === "Enter" && event.target.matches("button:focus-visible, a, summary")) return;
    event.preventDefault();
    if (!event.repeat && waiting.push([event, turn()]) === 1) pass();
  }, true);
  addEventListener("pointerup", () => setTimeout(() => {
    if (document.activeElement.matches("[type=radio], [type=checkbox]"))
      document.activeElement.blur();
  }));
  return true;
})();
</script>"""


def mark(found: Desk, turn: int, act: Callable[..., None], *given: object) -> None:
    """Do what a key asks for, unless another answer came in front before the key arrived."""
    if turn == found.turn:
        act(*given)
    else:
        st.session_state[FAILED] = LATE


def leave(found: Desk, turn: int, act: Callable[..., None], *given: object) -> None:
    """Put another answer in front, unless the one in front has still to be saved."""
    if found.asked is None:
        mark(found, turn, act, *given)
    else:
        st.session_state[FAILED] = LATE


def note_key(found: Desk) -> str:
    """Return under which name the note on the answer in front is kept."""
    return f"note-{found.turn}"


def ask(found: Desk, nothing: bool, offered: tuple[str, ...]) -> None:
    """Keep for after all other keys that a fast hand pressed: they may come in any order."""
    found.asked = nothing, offered


def save_asked(found: Desk, keys: Keys) -> None:
    """Save what a key asked for, if one did, before anything is drawn."""
    if found.asked is None:
        return
    # Each look at the session's state may end this run for a newer key: so look, then do it all.
    note = st.session_state.get(note_key(found), "")
    reader = st.session_state.get(READER) or found.reader
    (nothing, offered), found.asked = found.asked, None
    choice = Choice(
        themes=() if nothing else tuple(found.picked),
        flags=(OTHER,) * nothing + tuple(sorted(found.flags - {OTHER})),
        note=note,
        offered=offered,
    )
    if reader != found.reader:
        st.session_state[FAILED] = "Not saved: somebody else sat down at that moment."
    elif choice.themes or NEEDS_CARE in choice.flags or nothing:
        attempt(save, found, keys, choice)
    else:  # a button that cannot be pressed would swallow the Enter of a fast hand
        st.session_state[FAILED] = "Not saved: choose a theme, or say that no theme fits."


def let_keys_go_home() -> None:
    """Draw, at the foot of the page, what gives keys to whom they belong."""
    st.html(KEYS_GO_HOME, unsafe_allow_javascript=True)
