"""The starter codebook is whole, and a wrong one is refused with its place."""

import json
from pathlib import Path
from typing import get_args

import pytest

from feedback.errors import InvalidSettings
from feedback.themes import codebook as books
from feedback.themes.codebook import Area
from feedback.themes.exchange import to_markdown
from feedback.themes.stems import fold, stem_pattern

BOOK = books.load()
ROOT = Path(__file__).parents[2]
EVERY_WORDS = [
    pytest.param(theme, lang, id=f"{theme.id}-{lang}")
    for theme in BOOK.themes
    for lang in ("en", "es")
]


def plain() -> dict:
    return json.loads(books.to_json(BOOK))


def problems_of(data: object) -> str:
    with pytest.raises(InvalidSettings) as refusal:
        books.parse(data, "book.toml")
    return str(refusal.value)


def test_starter_has_thirty_themes_and_two_flags():
    assert len(BOOK.themes) == 30
    assert [(flag.id, flag.counted) for flag in BOOK.flags] == [
        ("other", True),
        ("needs_care", False),
    ]


def test_a_release_lists_every_theme_and_other_but_never_needs_care():
    assert BOOK.counted == (*(theme.id for theme in BOOK.themes), "other")


def test_every_protocol_area_has_a_theme():
    assert {area for theme in BOOK.themes for area in theme.areas} == set(get_args(Area))


@pytest.mark.parametrize(("theme", "lang"), EVERY_WORDS)
def test_a_theme_is_described_in_every_language(theme, lang):
    words = theme.words[lang]
    assert words.label
    assert words.definition
    assert words.include
    assert words.exclude


@pytest.mark.parametrize(("theme", "lang"), EVERY_WORDS)
def test_a_theme_has_examples_and_stems_in_every_language(theme, lang):
    words = theme.words[lang]
    assert len(set(words.examples)) >= 5
    assert len(set(words.stems)) == len(words.stems) >= 5


@pytest.mark.parametrize("lang", ["en", "es"])
def test_labels_are_told_apart(lang):
    labels = [entry.words[lang].label for entry in BOOK.entries]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_no_example_serves_two_themes(lang):
    examples = [fold(text) for theme in BOOK.themes for text in theme.words[lang].examples]
    assert len(set(examples)) == len(examples)


def test_every_stem_finds_itself():
    for theme in BOOK.themes:
        for words in theme.words.values():
            pattern = stem_pattern(words.stems)
            assert all(pattern.search(fold(stem.replace("*", ""))) for stem in words.stems)


def test_the_starter_needs_no_advice():
    assert books.advice(BOOK) == ()


def test_advice_names_theme_and_language():
    data = plain()
    data["themes"][0]["words"]["es"]["examples"] = ["una"]
    assert books.advice(books.parse(data, "b")) == (
        "believed (es) has 1 example phrases; 5 or more help.",
    )


def test_digest_follows_content_and_not_order():
    data = plain()
    data["themes"][0]["words"] = dict(reversed(data["themes"][0]["words"].items()))
    assert books.parse(data, "b").digest == BOOK.digest
    data["themes"][0]["words"]["en"]["definition"] += " More."
    assert books.parse(data, "b").digest != BOOK.digest


def test_json_gives_the_same_codebook_back():
    assert books.from_json(books.to_json(BOOK)) == BOOK


def test_a_theme_is_found_by_id_and_an_unknown_one_is_not():
    assert BOOK.theme("wait").words["es"].label == "Esperas y horarios"
    with pytest.raises(KeyError):
        BOOK.theme("nothing_like_it")


def test_labels_fall_back_to_the_first_language():
    assert BOOK.label("needs_care", "es").startswith("Necesita")
    assert BOOK.label("wait", "so") == "Waiting and hours"
    with pytest.raises(KeyError):
        BOOK.label("nothing_like_it", "en")


def test_a_wrong_area_is_named_with_its_theme():
    data = plain()
    data["themes"][3]["areas"] = ["police"]
    assert "themes > choice > areas > 1" in problems_of(data)


def test_a_missing_label_is_named_with_theme_and_language():
    data = plain()
    del data["themes"][4]["words"]["es"]["label"]
    assert "repeat_story > words > es > label: Field required." in problems_of(data)


@pytest.mark.parametrize("stem", ["*", "a*b", "two  spaces", "(x)", ""])
def test_a_stem_that_is_no_words_is_refused(stem):
    data = plain()
    data["themes"][5]["words"]["en"]["stems"] = [stem]
    assert "continuity > words > en > stems > 1" in problems_of(data)


def test_doubles_and_missing_languages_and_flags_are_refused():
    data = plain()
    data["themes"].append(dict(data["themes"][0], words={"en": data["themes"][0]["words"]["en"]}))
    data["flags"] = data["flags"][:1]
    text = problems_of(data)
    assert "believed is defined 2 times." in text
    assert "believed has no words in es." in text
    assert "needs_care has to be there" in text


def test_an_unknown_field_is_refused():
    data = plain()
    data["themes"][0]["colour"] = "red"
    assert "believed > colour" in problems_of(data)


def test_broken_files_are_refused_with_the_line():
    with pytest.raises(InvalidSettings, match=r"book.toml cannot be used: .*line 1"):
        books.from_toml("name = 1 2", "book.toml")
    with pytest.raises(InvalidSettings, match="line 2 is not JSON"):
        books.from_json("{\n x", "book.json")
    assert "the file" in problems_of([])


def test_the_reference_page_is_made_from_the_codebook():
    page = (ROOT / "docs" / "reference" / "codebook.md").read_text("utf-8")
    assert page == to_markdown(BOOK)
