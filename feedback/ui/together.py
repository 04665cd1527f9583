"""Two custodians on two computers: hand over one's own codings, and bring in a colleague's."""

from __future__ import annotations

import streamlit as st

from feedback import opening
from feedback.custody import Keys
from feedback.store.files import read_file
from feedback.ui import gate
from feedback.ui.reading import Desk, attempt
from feedback.ui.texts import plain

BROUGHT = "brought-in"
REFUSED = "not-brought-in"


def draw(found: Desk, keys: Keys) -> None:
    """Draw the way out for the sealed snapshot, and the way in for a colleague's."""
    path = gate.folder().snapshot(found.round.id)
    if said := st.session_state.pop(BROUGHT, None):
        st.success(said)
    if refused := st.session_state.pop(REFUSED, None):
        st.error(refused)
    with st.expander("Work on two computers"):
        st.write(
            f"Codings lie in `{path.name}`, sealed; no words are in it. Give your file to your "
            "colleague, on a stick or by mail, and bring in theirs. It does not matter who "
            "begins: nothing of either is lost."
        )
        if path.exists():
            st.download_button(
                "Save my file",
                read_file(path),
                file_name=path.name,
                mime="application/octet-stream",
            )
        given = st.file_uploader("A colleague's file", type="age", key=f"theirs-{found.turn}")
        if given is not None and st.button("Bring it in"):
            attempt(_bring_in, found, keys, given.getvalue())
            st.session_state[REFUSED], found.failed = found.failed, ""
            found.turn += 1  # the file is taken off the screen
            st.rerun()


def _bring_in(found: Desk, keys: Keys, sealed: bytes) -> None:
    known = {event.id for event in found.snapshot.events}
    before = len(known) + len(found.snapshot.outcomes)
    found.put(opening.bring_in(gate.folder(), found.round, keys.codes, sealed))
    more = len(found.snapshot.events) + len(found.snapshot.outcomes) - before
    names = sorted({event.coder for event in found.snapshot.events if event.id not in known})
    whose = f" Readings in it are signed {plain(', '.join(names))}." if names else ""
    st.session_state[BROUGHT] = (
        f"Entries of your colleague that came in: {more}.{whose} Ask them, face to face or by "
        "telephone, whether that is right: a file does not prove who wrote it."
        if more
        else "Nothing in it was new to you."
    )
    found.sit(found.reader, found.pile)
