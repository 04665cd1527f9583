"""The codebook page: what is changed counts from the next round, and nothing is lost on the way."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from feedback import codebooks, custody
from feedback.folder import Folder
from feedback.themes import codebook as books
from feedback.themes import editing

PAGE = Path(__file__).parents[2] / "pages" / "custodian" / "codebook.py"
DAY = date(2026, 11, 23)
SECRETS = {"Lead advocate": "one two three four five six seven"}
SHIPPED = books.load()


@pytest.fixture(scope="session")
def _made(tmp_path_factory):
    folder = Folder(tmp_path_factory.mktemp("book") / "team")
    custody.make_team(folder, "Cedar County", password="one two three", today=DAY)  # noqa: S106
    return folder


@pytest.fixture
def folder(_made, tmp_path, monkeypatch):
    import shutil

    path = tmp_path / "team"
    shutil.copytree(_made.path, path)
    monkeypatch.setenv("THROUGHLINE_DATA", str(path))
    monkeypatch.setenv("THROUGHLINE_SURFACE", "custodian")
    return Folder(path)


def show():
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["signed_in"] = True
    return run(page)


def run(page):
    page.run()
    assert not page.exception, page.exception
    return page


def press(page, label=None, key=None):
    next(
        one for one in page.button if (key and one.key == key) or (label and one.label == label)
    ).click()
    return run(page)


def said(page):
    kinds = (page.markdown, page.success, page.info, page.warning, page.error, page.caption)
    return "\n".join(str(one.value) for kind in kinds for one in kind).replace("\\", "")


def write(page, lang="en", **fields):
    for name, text in fields.items():
        kind = page.text_input if name == "label" else page.text_area
        kind(key=f"codebook-field-{lang}-{name}").set_value(text)
    return press(page, "Save")


def test_every_theme_stands_on_the_page(folder):
    page = show()
    titles = [one.label for one in page.expander]
    assert {SHIPPED.label(theme.id, "en") for theme in SHIPPED.themes} <= {
        title.replace("\\", "") for title in titles
    }
    assert "30 of 30" in said(page)


def test_a_new_theme_is_for_the_next_round_and_leaves_the_open_one_alone(folder, make_round):
    make_round(folder, "2026-Q4", SECRETS, today=DAY, words_needed=1)
    page = press(show(), "Add a theme")
    write(page, label="Rides at night", definition="Ways home after dark.")
    later = f"The codebook is now version {SHIPPED.version + 1}, for the next round."
    assert f"Rides at night is saved. {later}" in said(page)
    assert f"is open with version {SHIPPED.version}" in said(page)
    assert "New: Rides at night." in said(page)
    kept = codebooks.current(folder)
    assert kept.theme("rides_at_night").words["es"].label == "Rides at night"
    assert codebooks.of_plan(folder, publishing_plan(folder)) == SHIPPED


def publishing_plan(folder):
    from feedback.publishing import frozen_plan
    from feedback.rounds import load_round

    return frozen_plan(folder, load_round(folder, "2026-Q4"))


def test_a_theme_without_examples_asks_for_them(folder):
    page = press(show(), "Add a theme")
    write(page, label="Rides at night", definition="Ways home.", examples="one\ntwo\nthree")
    titles = [one.label for one in page.expander]
    assert "Rides at night · needs words in English and Spanish" in titles
    assert "3 of 5 examples · 0 of 5 key words" in said(page)


def test_a_name_in_a_theme_is_pointed_out_before_it_is_saved(folder):
    page = press(show(), "Add a theme")
    write(page, label="What Officer Briggs did", definition="About police.")
    assert "“Briggs” in the name (en)" in said(page)
    assert not folder.codebook.exists()
    page.checkbox(key="codebook-field-sure").check()
    press(page, "Save")
    assert codebooks.current(folder).themes[-1].words["en"].label == "What Officer Briggs did"


def test_an_empty_name_loses_nothing_that_was_typed(folder):
    page = press(show(), "Add a theme")
    write(page, definition="Ways home.")
    assert "English needs a name and a sentence. Nothing was saved." in said(page)
    assert page.text_area(key="codebook-field-en-definition").value == "Ways home."


def test_a_key_word_that_is_no_word_is_refused(folder):
    page = press(show(), "Add a theme")
    write(page, label="Rides", definition="Ways home.", stems="bus\n(night)")
    assert "A key word may hold words only" in said(page)
    assert not folder.codebook.exists()


def test_a_theme_is_changed_under_its_id(folder):
    page = press(show(), key="change-wait")
    assert page.text_input(key="codebook-field-es-label").value == "Esperas y horarios"
    write(page, label="Waiting, hours and days")
    kept = codebooks.current(folder)
    assert kept.label("wait", "en") == "Waiting, hours and days"
    assert kept.theme("wait").words["es"] == SHIPPED.theme("wait").words["es"]


def test_whoever_writes_second_is_told_and_overwrites_nothing(folder):
    page = press(show(), key="change-wait")
    meanwhile = editing.retire(SHIPPED, "wait")
    codebooks.save(folder, meanwhile, seen=SHIPPED, today=DAY)
    write(page, label="Something else")
    assert "Somebody else changed or retired this theme meanwhile" in said(page)
    assert page.text_input(key="codebook-field-en-label").value == "Something else"
    assert "wait" not in codebooks.current(folder).counted


def test_a_retired_theme_is_kept_and_comes_back(folder):
    page = press(press(show(), key="change-wait"), "Retire “Waiting and hours”")
    assert "Waiting and hours is retired." in said(page)
    assert "wait" not in codebooks.current(folder).counted
    page = press(page, key="back-wait")
    assert codebooks.current(folder).theme("wait") == SHIPPED.theme("wait")
    assert codebooks.current(folder).version == SHIPPED.version + 2


def test_two_themes_are_merged_into_a_new_one(folder):
    page = press(show(), "Merge themes")
    page.multiselect(key="codebook-merged").set_value(["wait", "transport"])
    run(page)
    assert "Waiting and hours / " in page.text_input(key="codebook-field-en-label").value
    write(page, label="Getting there", definition="Ways and waits.")
    kept = codebooks.current(folder)
    assert [each.into for each in kept.retired] == ["getting_there"] * 2
    assert "merged into Getting there" in said(page)


def test_a_sentence_is_tried_and_the_words_that_led_there_are_named(folder):
    page = show()
    page.text_input(key="codebook-try").set_value("I waited for hours at the desk")
    run(page)
    assert "Waiting and hours** (by the words: hours, waited)" in said(page)


def test_the_page_needs_the_password_and_a_custodians_surface(folder, monkeypatch):
    page = run(AppTest.from_file(str(PAGE), default_timeout=60))
    assert {one.label for one in page.button} == {"Sign in"}
    monkeypatch.setenv("THROUGHLINE_SURFACE", "team")
    assert not show().button


def test_a_damaged_codebook_is_one_calm_sentence(folder):
    folder.codebook.write_text("{}", "utf-8")
    page = show()
    assert [one.value for one in page.error] == [
        "codebook.json cannot be used: It is no codebook of this program."
    ]
