"""Whatever people type, masks cover it in order and suggestions stay in the codebook."""

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.themes import codebook as books
from feedback.themes import foreign
from feedback.themes.care import turn
from feedback.themes.exchange import to_csv
from feedback.themes.masking import find, mask
from feedback.themes.near import near_copies
from feedback.themes.safety import check_writing
from feedback.themes.stems import fold
from feedback.themes.suggest import Suggester

BOOK = books.load()
SUGGESTER, BY_STEMS = Suggester(BOOK), Suggester(BOOK, learn=False)
PIECES = st.sampled_from(
    ["Ana", "my name is", "612-555-0148", "@x_y", "a@b.co", "Dr.", "Duluth", "5 de mayo", " ", ". "]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=8).map(" ".join))
FEW = settings(max_examples=80, deadline=None)


@FEW
@given(TEXTS)
def test_spans_lie_in_the_text_in_order_and_apart(text):
    for spans in (find(text), check_writing(text)):
        edges = [edge for span in spans for edge in (span.start, span.end)]
        assert edges == sorted(edges)
        assert all(0 <= span.start < span.end <= len(text) for span in spans)


@FEW
@given(TEXTS)
def test_segments_always_join_to_the_text(text):
    assert "".join(segment.text for segment in mask(text)) == text


@FEW
@given(TEXTS)
def test_what_the_writer_is_shown_is_masked_for_the_reader(text):
    hidden = find(text)
    for span in check_writing(text):
        assert any(one.start <= span.start and span.end <= one.end for one in hidden)


@FEW
@given(TEXTS, st.sampled_from(["en", "es", "so"]))
def test_suggestions_are_themes_of_the_codebook_each_once(text, lang):
    ids = {theme.id for theme in BOOK.themes}
    for suggester in (SUGGESTER, BY_STEMS):
        themes = [one.theme for one in suggester.suggest(text, lang)]
        assert len(themes) <= 5
        assert len(set(themes)) == len(themes)
        assert set(themes) <= ids


@FEW
@given(TEXTS)
def test_capitals_and_accents_do_not_change_the_turn(text):
    assert turn(text) == turn(fold(text))
    assert fold(fold(text)) == fold(text)


@FEW
@given(st.lists(TEXTS, max_size=6))
def test_pairs_are_of_two_answers_in_order(texts):
    assert all(pair.one < pair.other < len(texts) for pair in near_copies(texts, 0.1))


LABELS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30
)


@FEW
@given(st.lists(LABELS, min_size=1, max_size=5, unique_by=lambda text: fold(text)[:20]))
def test_any_tag_survives_the_csv(labels):
    data = {
        "name": "Any",
        "version": 1,
        "languages": ["en"],
        "themes": [
            {"id": f"theme_{at}", "words": {"en": {"label": label, "definition": f"About {at}"}}}
            for at, label in enumerate(labels)
        ],
        "flags": [
            {
                "id": flag.id,
                "counted": flag.counted,
                "words": {"en": {"label": "F", "definition": "F"}},
            }
            for flag in BOOK.flags
        ],
    }
    book = books.parse(data, "any")
    assert foreign.add(book, foreign.read(to_csv(book, "en").encode()), "en") == book
