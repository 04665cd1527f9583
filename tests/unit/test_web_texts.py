"""Every text that a respondent reads: translated, easy to read, and quiet about the topic."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from babel.dates import format_date
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from feedback.questionnaire.catalogue import (
    DIRECTION,
    FOLDER,
    NAME,
    load_catalogue,
    read_language,
)
from feedback.questionnaire.choices import why_not
from feedback.questionnaire.plain import grade, syllables_in, topic_words
from feedback.settings import read_team
from feedback.web.pages import HERE, make_environment
from feedback.web.texts import begin, texts, update

PAGES = ("/", "/form", "/done", "/help", "/board", "/paper", "/poster", "/nothing-here")
CATALOGUE = load_catalogue()
SPANISH = CATALOGUE["es"]


def trees():
    """Return every template, read but not filled in."""
    for path in sorted((HERE / "templates").glob("*.html")):
        yield path.name, Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))


TEXTS = sorted(texts())
SHIPPED = sorted(FOLDER.glob("*.po"))


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_has_a_spanish_translation(text):
    assert SPANISH.texts.get(text, "").strip()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_catalogue_asks_for_every_text_and_for_nothing_else(path):
    with path.open("rb") as file:
        asked = {str(message.id) for message in read_po(file) if message.id}
    assert asked == {*TEXTS, NAME, DIRECTION}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_bringing_a_catalogue_up_to_date_twice_changes_nothing(path, tmp_path):
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    update(copy)
    assert copy.read_bytes() == path.read_bytes()


def test_a_new_catalogue_is_an_empty_draft(tmp_path):
    begin(tmp_path / "kar.po")
    language = read_language(tmp_path / "kar.po")
    assert (language.draft, language.missing, language.texts) == (True, len(TEXTS) + 2, {})


@pytest.mark.parametrize("tag", ["so", "hmn"])
def test_a_draft_holds_nothing_that_a_machine_made_up(tag):
    assert CATALOGUE[tag].draft
    assert set(CATALOGUE[tag].texts) == {NAME, DIRECTION}


@pytest.mark.parametrize("tag", ["so", "hmn"])
def test_a_draft_is_off_until_people_have_written_and_checked_it(tag):
    team = read_team('name = "A team"')
    assert tag not in team.languages
    assert f"no translation for {CATALOGUE[tag].missing} texts" in why_not(CATALOGUE[tag], team)


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("tag", ["en", "es"])
def test_days_are_written_as_unicode_says(tag, month):
    # The form writes days from the catalogue: Babel's tables would take five megabytes more.
    day = date(2027, month, 9)
    template = make_environment().from_string(
        '{% from "days.html" import written with context %}{{ written(day) }}'
    )
    told = template.render({"_": CATALOGUE[tag].translate, "day": day}).strip()
    assert told == format_date(day, "long", locale=tag)


@pytest.mark.parametrize("text", [text for text in TEXTS if "%(" in text])
def test_a_translation_has_the_same_places_to_fill(text):
    places = set(re.findall(r"%\((\w+)\)s", text))
    assert set(re.findall(r"%\((\w+)\)s", SPANISH.texts[text])) == places


def test_templates_hold_no_text_that_cannot_be_translated():
    for name, tree in trees():
        written = " ".join(
            part.data
            for output in tree.find_all(nodes.Output)
            for part in output.nodes
            if isinstance(part, nodes.TemplateData)
        )
        visible = re.sub(r"<!--.*?-->|<[^>]*>?|^[^<]*>", " ", written, flags=re.DOTALL)
        left = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"\w+=\"[^\"]*\"?", " ", visible)))
        assert left <= {"url", "html", "doctype"}, (name, left)


# ------------------------------------------------------------------ reading level


class _Blocks(HTMLParser):
    """Collects the text of a page, block by block, as a person reads it."""

    BREAK = frozenset(("p", "li", "h1", "h2", "h3", "legend", "label", "button", "dt", "dd",
                       "summary", "a", "span", "div"))  # fmt: skip
    SILENT = frozenset(("style", "script", "title", "nav"))

    def __init__(self):
        super().__init__()
        self.blocks, self._text, self._silent = [], "", 0

    def handle_starttag(self, tag, attrs):
        self._silent += tag in self.SILENT
        self._end(tag)

    def handle_endtag(self, tag):
        self._end(tag)
        self._silent -= tag in self.SILENT

    def handle_data(self, data):
        self._text += "" if self._silent else data

    def _end(self, tag):
        if tag in self.BREAK:
            text = " ".join(self._text.split())
            self.blocks += [text] if text else []
            self._text = ""


def sentences_of(html):
    reader = _Blocks()
    reader.feed(html)
    sentences = [s for block in reader.blocks for s in re.split(r"(?<=[.!?:])\s+", block)]
    spoken = [re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", sentence) for sentence in sentences]
    return [words for words in spoken if len(words) > 2]


def spanish_syllables(word):
    """Count syllable cores: two weak vowels, or a strong and an unstressed weak one, are one."""
    word = re.sub(r"qu(?=[eiéí])|gu(?=[eiéí])", "k", word.lower())
    word = re.sub(r"y(?=$|[^aeiouáéíóú])", "i", word)
    cores = re.findall(r"[iuü]?[aeoáéó][iuy](?![aeoáéó])|[iuü][aeoáéó]|[aeoáéó]|[íú]|[iuü]+", word)
    return max(len(cores), 1)


def fernandez_huerta(sentences):
    words = [word for sentence in sentences for word in sentence]
    per_word = sum(map(spanish_syllables, words)) / len(words)
    return 206.84 - 60 * per_word - 1.02 * len(words) / len(sentences)


@pytest.mark.parametrize(
    ("word", "count"),
    [("help", 1), ("people", 2), ("danger", 2), ("treated", 2), ("asked", 1), ("police", 2)],
)
def test_english_syllables_are_counted(word, count):
    assert syllables_in(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [("ayuda", 3), ("policía", 4), ("quién", 1), ("gente", 2), ("después", 2), ("ciudad", 2)],
)
def test_spanish_syllables_are_counted(word, count):
    assert spanish_syllables(word) == count


@pytest.mark.parametrize("path", PAGES)
def test_english_pages_stay_below_grade_six(still_site, path):
    assert grade(sentences_of(still_site.get(path).text)) <= 6


@pytest.mark.parametrize("path", PAGES)
def test_spanish_pages_are_easy_to_read(still_site, path):
    assert fernandez_huerta(sentences_of(still_site.get(f"{path}?lang=es").text)) >= 80


def test_every_longer_english_sentence_stays_below_grade_six():
    sentences = [s for text in TEXTS for s in sentences_of(f"<p>{text}</p>")]
    hard = {
        " ".join(words): round(grade([words]), 1)
        for words in sentences
        if len(words) >= 8 and grade([words]) > 6
    }
    assert hard == {}


# ------------------------------------------------------------------ quiet


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_no_word_of_ours_names_the_topic(still_site, path, lang):
    assert topic_words(still_site.get(f"{path}?lang={lang}").text) == ()


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_of_the_form_names_the_topic(text):
    assert topic_words(f"{text} {SPANISH.texts[text]}") == ()


def test_titles_say_little(still_site):
    titles = {re.search("<title>(.*)</title>", still_site.get(path).text)[1] for path in PAGES}
    assert titles == {
        "Ideas", "Ideas · Questions", "Ideas · What is next", "Ideas · Numbers to call",
        "Ideas · What changed",
    }  # fmt: skip
