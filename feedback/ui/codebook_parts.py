"""The parts of the codebook page: where it stands, try it, every theme, files in and out."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from feedback import codebooks
from feedback.publishing import frozen_plan
from feedback.rounds import open_round
from feedback.themes import editing, foreign
from feedback.themes.codebook import Codebook, Flag, Theme, Words, from_json, to_json
from feedback.themes.exchange import to_csv, to_qdc
from feedback.themes.language import guess
from feedback.themes.stems import fold, stem_pattern
from feedback.themes.suggest import AMONG, Suggester
from feedback.ui import codebook_form, gate
from feedback.ui.codebook_saving import keep, language
from feedback.ui.texts import plain
from feedback.ui.widgets import bullets, choose

TRIED, FILE = "codebook-try", "codebook-file"


def draw(book: Codebook) -> None:
    """Draw the whole codebook."""
    st.write(
        "The themes into which readers sort what people wrote, and by which releases count them. "
        "No answer is on this page."
    )
    _where_it_stands(book)
    _try_it(book)
    _themes(book)
    _retired(book)
    _files(book)


def _where_it_stands(book: Codebook) -> None:
    folder = gate.folder()
    now_open = open_round(folder)
    with st.container(border=True):
        if now_open is None:
            st.markdown(f"**Version {book.version}.** The next round will use it.")
        else:
            frozen = codebooks.of_plan(folder, frozen_plan(folder, now_open))
            different = editing.changes(frozen, book)
            name = plain(now_open.id)
            if different:
                st.markdown(
                    f"**Version {book.version}, for the next round.** The round {name} is open "
                    f"with version {frozen.version}. That one was fixed before anybody answered "
                    "and stays as it is."
                )
                with st.expander(f"New with the next round: {len(different)}"):
                    bullets(different)
            else:
                st.markdown(
                    f"**Version {book.version}.** The round {name} is open with these themes. "
                    "They were fixed before anybody answered. What you change here counts from "
                    "the next round."
                )
        with st.expander("What holds for every change"):
            bullets(_rules(gate.team().k))


def _rules(k: int) -> list[str]:
    return [
        f"Add a theme only if at least {k} people of one round wrote about it. Every theme stands "
        "in every release, also with “few or none” beside it, so a theme that hardly anybody had "
        "tells that somebody wrote it.",
        "Name no person, place or agency. “An officer” is a theme; who it was is not.",
        "A theme keeps its meaning for ever. To make it clearer, change its words. To mean "
        "something else, retire it and add a new one: only then can releases be compared.",
        "Examples are invented, or put in words of your own. Never paste an answer: the codebook "
        "is not secret.",
    ]


def _try_it(book: Codebook) -> None:
    st.header("Try it", anchor=False)
    text = st.text_input(
        "Type a sentence that somebody could write. Invent it; do not paste an answer.",
        key=TRIED,
        max_chars=400,
        placeholder="The ride home took three hours",
        autocomplete="off",
    ).strip()
    if not text:
        return
    lang = guess(text, book.languages[0])
    suggestions = _suggester(to_json(book)).suggest(text, lang, AMONG)
    if not suggestions:
        st.info("No theme is near. Give the one you had in mind more key words and examples.")
        return
    st.markdown("Readers would be offered, the nearest first:")
    for number, suggestion in enumerate(suggestions, 1):
        words = _words(book.theme(suggestion.theme), lang, book)
        hits = sorted(set(stem_pattern(words.stems).findall(fold(text))))
        because = f" (by the words: {plain(', '.join(hits))})" if hits else ""
        st.markdown(f"{number}. **{plain(words.label)}**{because}")


@lru_cache(maxsize=2)  # of phrases of codebooks only, which are not secret
def _suggester(book: str) -> Suggester:
    return Suggester(from_json(book))


def _words(theme: Theme | Flag, lang: str, book: Codebook) -> Words:
    return theme.words.get(lang, theme.words[book.languages[0]])


def _themes(book: Codebook) -> None:
    ready = sum(all(map(editing.is_ready, theme.words.values())) for theme in book.themes)
    st.header(f"The {len(book.themes)} themes", anchor=False)
    st.markdown(
        f"**{ready} of {len(book.themes)}** have what suggestions need in every language: five "
        "examples and five key words."
    )
    with st.container(horizontal=True):
        st.button("Add a theme", icon=":material/add:", on_click=codebook_form.open_new)
        st.button("Merge themes", icon=":material/merge:", on_click=codebook_form.open_merge)
    for theme in book.themes:
        with st.expander(_title(theme, book)):
            _theme(theme, book)
    with st.expander("Marks that are not themes"):
        for flag in book.flags:
            words = _words(flag, "en", book)
            counted = "counted" if flag.counted else "never counted or shown"
            st.markdown(f"**{plain(words.label)}** ({counted}). {plain(words.definition)}")


def _title(theme: Theme, book: Codebook) -> str:
    label = plain(_words(theme, "en", book).label)
    waiting = [language(lang) for lang, words in theme.words.items() if not editing.is_ready(words)]
    return f"{label} · needs words in {' and '.join(waiting)}" if waiting else label


def _theme(theme: Theme, book: Codebook) -> None:
    for column, lang in zip(
        st.columns(len(book.languages), gap="large"), book.languages, strict=True
    ):
        words = theme.words[lang]
        with column:
            st.markdown(f"**{plain(words.label)}** · {language(lang)}")
            st.markdown(plain(words.definition))
            if words.include:
                st.markdown(f"*Belongs here:* {plain(words.include)}")
            if words.exclude:
                st.markdown(f"*Goes elsewhere:* {plain(words.exclude)}")
            st.markdown(f"*{' · '.join(editing.progress(words))}*")
            bullets(f"“{example}”" for example in words.examples)
            if words.stems:
                st.caption(plain("Key words: " + ", ".join(words.stems)))
    st.button(
        "Change or retire",
        key=f"change-{theme.id}",
        icon=":material/edit:",
        on_click=codebook_form.open_theme,
        args=(theme,),
    )


def _retired(book: Codebook) -> None:
    if not book.retired:
        return
    with st.expander(f"Retired themes ({len(book.retired)})"):
        st.write("Old releases keep them. Their ids are never given to another theme.")
        for each in book.retired:
            label = _words(each.theme, "en", book).label
            into = f", merged into {plain(book.label(each.into, 'en'))}" if each.into else ""
            st.markdown(f"**{plain(label)}**{into}")
            if st.button("Bring back", key=f"back-{each.theme.id}"):
                keep(editing.bring_back(book, each.theme.id), book, f"{label} is back.")
                st.rerun()


def _files(book: Codebook) -> None:
    st.header("Files", anchor=False)
    st.markdown(
        "The CSV opens in a spreadsheet and in Taguette, the QDC in QualCoder and other programs "
        "for reading interviews. Both can come back here."
    )
    with st.container(horizontal=True):
        for lang in book.languages:
            for kind, text in (("csv", to_csv(book, lang)), ("qdc", to_qdc(book, lang))):
                st.download_button(
                    f"{kind.upper()} in {language(lang)}",
                    text,
                    file_name=f"codebook-{book.version}-{lang}.{kind}",
                    mime="text/csv" if kind == "csv" else "application/xml",
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"codebook-{kind}-{lang}",
                )
    with st.expander("Bring a codebook in"):
        _bring_in(book)


def _bring_in(book: Codebook) -> None:
    st.write(
        "Themes that are known by their id or name are changed, others are added. Nothing is "
        "retired by a file. You see what would change before you take it."
    )
    lang = choose(
        "Language of the file",
        book.languages,
        book.languages[0],
        key="codebook-file-language",
        words=language,
    )
    data = st.file_uploader("CSV or QDC file", type=["csv", "qdc"], key=FILE, max_upload_size=2)
    if data is None:
        return
    changed = foreign.add(book, foreign.read(data.getvalue()), lang)
    different = editing.changes(book, changed)
    if not different:
        st.info("The file says nothing that is not here already.")
        return
    st.markdown("**This would change:**")
    bullets(different)
    cautions = [text for theme in changed.themes for text in editing.cautions(theme)]
    known = {text for theme in book.themes for text in editing.cautions(theme)}
    codebook_form.show_cautions([text for text in cautions if text not in known])
    if st.button("Take these changes", type="primary"):
        keep(changed, book, "The file was taken.")
        del st.session_state[FILE]
        st.rerun()
