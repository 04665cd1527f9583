"""A codebook changes between rounds, and no id ever comes to mean something else."""

from dataclasses import replace

import pytest

from feedback.errors import InvalidSettings
from feedback.themes import codebook as books
from feedback.themes import editing

BOOK = books.load()


def named(id_, **words):
    theme = BOOK.theme("wait")
    said = {lang: replace(found, **words) for lang, found in theme.words.items()}
    return replace(theme, id=id_, words=said)


def test_a_theme_is_added_at_the_end_and_changed_in_its_place():
    added = editing.put(BOOK, named("clinic_hours"))
    assert added.themes[-1].id == "clinic_hours"
    changed = editing.put(added, named("clinic_hours", label="Hours"))
    assert [theme.id for theme in changed.themes] == [theme.id for theme in added.themes]
    assert changed.label("clinic_hours", "en") == "Hours"


def test_a_retired_id_stays_taken_and_keeps_its_label():
    gone = editing.retire(BOOK, "wait")
    assert "wait" not in gone.counted
    assert "wait" in gone.taken
    assert gone.label("wait", "en") == "Waiting and hours"
    with pytest.raises(InvalidSettings, match="wait is defined 2 times"):
        editing.put(gone, named("wait"))


def test_what_was_retired_comes_back_as_it_was():
    back = editing.bring_back(editing.retire(BOOK, "wait"), "wait")
    assert back.theme("wait") == BOOK.theme("wait")
    assert not back.retired
    with pytest.raises(KeyError):
        editing.bring_back(back, "wait")


def test_merging_makes_a_new_theme_and_retires_the_old_ones_into_it():
    ids = ("wait", "transport")
    words = {lang: editing.together(BOOK, ids, lang) for lang in BOOK.languages}
    merged = editing.merge(BOOK, ids, replace(named("getting_there"), words=words))
    assert [(each.theme.id, each.into) for each in merged.retired] == [
        ("wait", "getting_there"),
        ("transport", "getting_there"),
    ]
    both = [BOOK.theme(id_).words["es"] for id_ in ids]
    assert set(merged.theme("getting_there").words["es"].stems) == {
        stem for words in both for stem in words.stems
    }


def test_merging_under_an_old_id_is_refused():
    with pytest.raises(InvalidSettings, match="wait has a meaning already"):
        editing.merge(BOOK, ("wait", "transport"), named("wait"))


def test_the_last_theme_is_not_retired():
    book = replace(BOOK, themes=BOOK.themes[:1])
    with pytest.raises(InvalidSettings, match="A codebook has 1 to 38 themes"):
        editing.retire(book, book.themes[0].id)


def test_more_themes_than_a_release_holds_are_refused():
    book = BOOK
    for number in range(books.MOST_THEMES - len(BOOK.themes)):
        book = editing.put(book, named(f"extra_{number}"))
    with pytest.raises(InvalidSettings, match="A codebook has 1 to 38 themes"):
        editing.put(book, named("one_too_many"))


@pytest.mark.parametrize(
    ("label", "id_"),
    [
        ("Rides & Distance", "rides_distance"),
        ("Wait", "wait_2"),
        ("None", "none_2"),
        ("2nd chances", "t_2nd_chances"),
        ("Qué más", "que_mas"),
        ("A very long name that nobody would ever want to read", "a_very_long_name_that_no"),
    ],
)
def test_an_id_is_made_of_the_label_and_never_used_twice(label, id_):
    assert editing.new_id(BOOK, label) == id_


def test_an_id_of_a_retired_theme_is_not_given_again():
    assert editing.new_id(editing.retire(BOOK, "wait"), "Wait") == "wait_2"


def test_progress_counts_towards_what_helps():
    words = replace(BOOK.theme("wait").words["en"], examples=("a", "b", "c"))
    assert editing.progress(words)[0] == "3 of 5 examples"
    assert not editing.is_ready(words)
    assert editing.is_ready(BOOK.theme("wait").words["es"])


@pytest.mark.parametrize(
    ("words", "detail"),
    [
        ({"label": "What Officer Briggs did"}, "Briggs"),
        ({"label": "The desk at Cedar County Sheriff"}, "Cedar County"),
        ({"examples": ("ask maria at the desk",)}, "maria"),
        ({"definition": "Calls to 612-555-0142"}, "612-555-0142"),
    ],
)
def test_names_places_and_agencies_are_pointed_out(words, detail):
    assert any(detail in caution for caution in editing.cautions(named("x1", **words)))


def test_the_starter_needs_no_caution():
    assert [caution for theme in BOOK.themes for caution in editing.cautions(theme)] == []


def test_changes_are_told_in_one_sentence_each():
    after = editing.put(editing.retire(BOOK, "exam"), named("wait", label="Hours"))
    after = editing.put(after, named("clinic_hours", label="Clinic hours"))
    assert set(editing.changes(BOOK, after)) == {
        "New: Clinic hours.",
        "Changed: Waiting and hours.",
        f"Retired: {BOOK.label('exam', 'en')}.",
    }
    assert editing.changes(BOOK, BOOK) == []
