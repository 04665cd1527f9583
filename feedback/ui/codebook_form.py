"""The form in which a theme is written, changed, merged or retired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import streamlit as st

from feedback.errors import ThroughlineError
from feedback.themes import editing
from feedback.themes.codebook import EXAMPLES_WANTED, Area, Codebook, Theme, Words
from feedback.ui import views
from feedback.ui.codebook_saving import current, keep, language
from feedback.ui.texts import plain
from feedback.ui.widgets import bullets, forget

OPEN, MERGED = "codebook-form", "codebook-merged"
FIELD = "codebook-field"
NEW = "a new theme"
MERGE = "themes to merge"
LABEL_LETTERS = 80
AREAS = {  # what is written about a theme under its name, and how high its field is
    "definition": ("What it is about, in one sentence", 80),
    "include": ("What belongs here", 80),
    "exclude": ("What goes elsewhere, and where", 80),
    "examples": (
        f"Examples, one a line, {EXAMPLES_WANTED} or more. Invented, never pasted.",
        160,
    ),
    "stems": ("Key words, one a line, 5 or more. wait* also finds waited and waiting.", 160),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What the form is open for: a theme as it was when it was opened, or ``NEW`` or ``MERGE``."""

    what: str
    theme: Theme | None = None


def is_open() -> bool:
    """Say whether somebody is writing."""
    return OPEN in st.session_state


def open_theme(theme: Theme) -> None:
    """Open the form for a theme."""
    _open(Opened(theme.id, theme))


def open_new() -> None:
    """Open the form for a new theme."""
    _open(Opened(NEW))


def open_merge() -> None:
    """Open the form for merging themes."""
    _open(Opened(MERGE))


def close() -> None:
    """Close the form; what was typed and not saved is gone."""
    forget(FIELD)
    st.session_state.pop(OPEN, None)


def _open(opened: Opened) -> None:
    close()
    st.session_state[OPEN] = opened


def draw() -> None:
    """Draw the form that is open over the page; it closes by its buttons only, so nothing is lost.

    Raises nothing: what is refused is said in the form, where the words still stand.
    """
    opened: Opened = st.session_state[OPEN]
    titles = {NEW: "A new theme", MERGE: "Merge themes"}
    title = titles.get(opened.what, "Change a theme")
    st.dialog(title, width="large", dismissible=False)(_inside)(opened)


def _inside(opened: Opened) -> None:
    try:
        _for(opened, current())
    except ThroughlineError as refused:
        st.error(str(refused))
    if st.button("Close without saving", type="tertiary"):
        close()
        st.rerun()


def _for(opened: Opened, book: Codebook) -> None:
    if opened.what == MERGE:
        _merge(book)
    elif opened.theme is None:
        st.write(
            "It counts from the next round. Add it only if enough people of one round wrote about "
            "it; the list “what holds for every change” says how many, and why."
        )
        _form(book, opened, start={}, areas=())
    else:
        label = opened.theme.words[book.languages[0]].label
        st.markdown(f"**{plain(label)}.** Make it clearer; do not make it mean something else.")
        _form(book, opened, start=opened.theme.words, areas=opened.theme.areas)
        _retire(book, opened.theme)


def show_cautions(cautions: Sequence[str]) -> None:
    """Warn of what could point at a person, a place or an agency."""
    if cautions:
        st.warning("This may point at a person, a place or an agency. Better say “an officer”:")
        bullets(cautions)


def _merge(book: Codebook) -> None:
    st.write(
        "A new theme takes the place of those you choose. They are retired, so that what older "
        "releases say of them keeps its meaning."
    )
    lang = book.languages[0]
    ids = st.multiselect(
        "Themes",
        [theme.id for theme in book.themes],
        format_func=lambda id_: book.label(id_, lang),
        key=MERGED,
        max_selections=4,
        on_change=forget,
        args=(FIELD,),
    )
    if len(ids) < 2:
        st.caption("Choose two or more.")
        return
    start = {lang: editing.together(book, ids, lang) for lang in book.languages}
    areas = tuple(dict.fromkeys(area for id_ in ids for area in book.theme(id_).areas))
    _form(book, Opened(MERGE), start=start, areas=areas, merged=ids)


def _form(
    book: Codebook,
    opened: Opened,
    *,
    start: Mapping[str, Words],
    areas: Sequence[str],
    merged: Sequence[str] = (),
) -> None:
    with st.form("theme", border=False):
        tabs = st.tabs([language(lang) for lang in book.languages])
        typed = {}
        for lang, tab in zip(book.languages, tabs, strict=True):
            with tab:
                typed[lang] = _fields(lang, start.get(lang))
        titles = {area.id: area.title for area in views.areas().areas}
        chosen = st.multiselect(
            "Areas of the protocol it bears on",
            list(titles),
            default=list(areas),
            format_func=titles.__getitem__,
            key=f"{FIELD}-areas",
        )
        sure = st.checkbox("These words name no person, place or agency.", key=f"{FIELD}-sure")
        sent = st.form_submit_button("Save", type="primary")
    if not sent:
        return
    problems = _missing(typed, book)
    if problems:
        st.error(" ".join(problems))
        return
    try:
        theme = _theme(book, opened, _whole(typed, book), chosen)
    except ValueError:
        st.error(
            "A key word may hold words only, with * for any ending, and no line more than 600 "
            "letters. Nothing was saved."
        )
        return
    cautions = editing.cautions(theme)
    if cautions and not sure:
        show_cautions(cautions)
        st.write("Change it, or tick the box above Save if it is meant so. Nothing was saved yet.")
        return
    _save(book, opened, theme, merged)


def _fields(lang: str, words: Words | None) -> dict[str, str]:
    key = f"{FIELD}-{lang}"
    name = st.text_input(
        "Name", words.label if words else "", key=f"{key}-label", max_chars=LABEL_LETTERS
    )
    typed = {"label": name}
    for part, (title, height) in AREAS.items():
        stands = getattr(words, part, "")
        text = stands if isinstance(stands, str) else "\n".join(stands)
        typed[part] = st.text_area(title, text, key=f"{key}-{part}", height=height)
    return typed


def _missing(typed: Mapping[str, Mapping[str, str]], book: Codebook) -> list[str]:
    first = book.languages[0]
    return [
        f"{language(lang)} needs a name and a sentence. Nothing was saved."
        for lang, fields in typed.items()
        if not (fields["label"].strip() and fields["definition"].strip())
        and (lang == first or any(text.strip() for text in fields.values()))
    ]


def _whole(typed: Mapping[str, Mapping[str, str]], book: Codebook) -> dict[str, Words]:
    """Return the words in every language; one that was left empty borrows name and sentence."""
    first = _words(typed[book.languages[0]])
    return {
        lang: _words(fields)
        if fields["label"].strip()
        else Words(label=first.label, definition=first.definition)
        for lang, fields in typed.items()
    }


def _words(fields: Mapping[str, str]) -> Words:
    return Words(
        label=fields["label"],
        definition=fields["definition"],
        include=fields["include"].strip(),
        exclude=fields["exclude"].strip(),
        examples=_lines(fields["examples"]),
        stems=tuple(stem.lower() for stem in _lines(fields["stems"])),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _theme(
    book: Codebook, opened: Opened, words: Mapping[str, Words], areas: Sequence[str]
) -> Theme:
    bears_on = cast("tuple[Area, ...]", tuple(areas))  # chosen from the list of areas
    if opened.theme is not None:
        return replace(opened.theme, words=words, areas=bears_on)
    id_ = editing.new_id(book, words[book.languages[0]].label)
    return Theme(id=id_, words=words, areas=bears_on)


def _save(book: Codebook, opened: Opened, theme: Theme, merged: Sequence[str]) -> None:
    if opened.theme is not None and opened.theme not in book.themes:
        st.error(
            "Somebody else changed or retired this theme meanwhile. Copy what you wrote, close and "
            "open it again."
        )
        return
    label = theme.words[book.languages[0]].label
    changed = editing.merge(book, merged, theme) if merged else editing.put(book, theme)
    keep(changed, book, f"{label} is saved.")
    close()
    st.rerun()


def _retire(book: Codebook, theme: Theme) -> None:
    label = theme.words[book.languages[0]].label
    with st.expander("Retire this theme"):
        st.write(
            "From the next round on nobody can choose it, and releases list it no longer. Earlier "
            "releases keep it. You can bring it back."
        )
        if st.button(f"Retire “{plain(label)}”"):
            keep(editing.retire(book, theme.id), book, f"{label} is retired.")
            close()
            st.rerun()
