"""The small rooms behind the form: limits, the board's file, languages and the look over words."""

import json

import pytest

from feedback import look
from feedback.errors import InvalidSettings
from feedback.questionnaire.catalogue import load_catalogue
from feedback.questionnaire.choices import check_languages
from feedback.settings import read_team
from feedback.web.board import entries_for, read_board
from feedback.web.limits import MOST_BUCKETS, Limits
from feedback.web.look_over import take_out

# ------------------------------------------------------------------ limits


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_tokens_come_back_over_the_hour():
    clock = Clock()
    limits = Limits(per_address=4, clock=clock)
    assert [limits.take("192.0.2.1") for _ in range(5)] == [True] * 4 + [False]
    clock.now = 901
    assert limits.take("192.0.2.1")
    assert not limits.take("192.0.2.1")


def test_addresses_do_not_share_a_bucket_but_one_overall():
    limits = Limits(per_address=1, overall=2, clock=Clock())
    assert limits.take("192.0.2.1")
    assert not limits.take("192.0.2.1")
    assert limits.take("192.0.2.2")
    assert not limits.take("192.0.2.3")


def test_a_household_with_ipv6_is_one_address():
    limits = Limits(per_address=1, clock=Clock())
    assert limits.take("2001:db8:1:2::1")
    assert not limits.take("2001:db8:1:2:ffff::9")
    assert limits.take("2001:db8:1:3::1")


def test_nothing_outlives_the_hour():
    clock = Clock()
    limits = Limits(per_address=1, clock=clock)
    limits.take("192.0.2.1")
    key = limits._key
    clock.now = 3600
    assert limits.take("192.0.2.1")
    assert limits._key != key
    assert len(limits._buckets) == 1


def test_memory_stays_small_under_many_addresses():
    limits = Limits(per_address=1, overall=10**6, clock=Clock())
    for number in range(MOST_BUCKETS + 5):
        assert limits.take(f"host-{number}")
    limits.give_back("one more")
    assert len(limits._buckets) == MOST_BUCKETS


def test_no_address_stands_in_memory():
    limits = Limits(clock=Clock())
    limits.take("192.0.2.1")
    assert "192.0.2.1" not in repr(limits._buckets)


# ------------------------------------------------------------------ board

ENTRY = {
    "title": {"text": "Rides", "text_es": "Transporte"},
    "heard": [{"text": "Too far."}, {"text": "Late."}],
    "waiting": {"text": "Soon.", "text_es": "Pronto."},
}


def shown(tmp_path, data, lang="en"):
    path = tmp_path / "board.json"
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return entries_for(read_board(path), lang)


def posted(*entries):
    return {"format": "throughline board 1", "entries": entries, "release": 2}


def test_an_entry_shows_every_line_of_every_part(tmp_path):
    [entry] = shown(tmp_path, posted(ENTRY))
    assert entry.title == "Rides"
    assert entry.parts["heard"] == ("Too far.", "Late.")
    assert entry.parts["waiting"] == ("Soon.",)
    assert entry.parts["decided"] == ()


def test_a_line_without_translation_stays_in_english(tmp_path):
    [entry] = shown(tmp_path, posted(ENTRY), "es")
    assert (entry.title, entry.parts["heard"][0]) == ("Transporte", "Too far.")


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"[" * 100_000, 3, None, "text", [1, None, [], {}], {"entries": 5},
     {"format": "another", "entries": []}, posted({"heard": []}), posted("x")],
)  # fmt: skip
def test_a_strange_board_is_an_empty_board(tmp_path, data):
    assert shown(tmp_path, data) == ()


# ------------------------------------------------------------------ languages

PO = """{mark}
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "The name of this language, in this language"
msgstr "العربية"

msgid "default:LTR"
msgstr "default:RTL"

#, fuzzy
msgid "Send"
msgstr "?"
"""


def catalogue(folder, mark=""):
    (folder / "ar.po").write_text(PO.format(mark=mark), encoding="utf-8")
    return load_catalogue(folder)


def test_a_new_language_is_one_file(tmp_path):
    arabic = catalogue(tmp_path)["ar"]
    assert (arabic.name, arabic.direction, arabic.draft) == ("العربية", "rtl", False)
    assert arabic.translate("Send") == "Send"  # a text marked fuzzy is not shown


def test_languages_are_offered_in_the_order_of_the_team(tmp_path):
    languages = catalogue(tmp_path)
    assert [language.tag for language in languages.offered(("ar", "en"))] == ["ar", "en"]
    assert [language.tag for language in languages.offered(("xx",))] == ["en"]


TEAM = """
name = "A team"
languages = ["en", "ar"]
"""
REVIEW = """
[[reviews]]
language = "ar"
by = "Youth worker, Arabic"
day = 2027-01-04
"""


def refused(text, languages):
    with pytest.raises(InvalidSettings) as found:
        check_languages(read_team(text), text, languages)
    return str(found.value)


def test_a_language_without_all_its_texts_is_refused(tmp_path):
    said = refused(TEAM + REVIEW, catalogue(tmp_path))
    assert "Line 3, languages: العربية has no translation for 1 texts" in said


def test_a_draft_is_refused_until_somebody_wrote_down_who_checked_it(tmp_path):
    catalogue(tmp_path, "#, fuzzy")
    path = tmp_path / "ar.po"
    path.write_text(
        path.read_text("utf-8").replace('#, fuzzy\nmsgid "Send"', 'msgid "Send"'), "utf-8"
    )
    languages = load_catalogue(tmp_path)
    assert "is a draft" in refused(TEAM, languages)
    check_languages(read_team(TEAM + REVIEW), TEAM + REVIEW, languages)


def test_a_language_that_is_not_there_is_named(tmp_path):
    said = refused(TEAM.replace("ar", "xx"), catalogue(tmp_path))
    assert "There is no catalogue for xx. There are: en, ar." in said


def test_the_newest_review_of_a_language_counts():
    text = TEAM + REVIEW + REVIEW.replace("2027-01-04", "2026-01-04")
    assert read_team(text).reviewed("ar").day.year == 2027
    assert read_team(text).reviewed("es") is None


def test_an_unknown_language_is_answered_in_english(tmp_path):
    assert catalogue(tmp_path).translate("Send", "xx") == "Send"


@pytest.mark.parametrize("content", [b"msgid unquoted\nnonsense", b"\xff\xfe\x00"])
def test_a_file_that_is_no_catalogue_is_named(tmp_path, content):
    (tmp_path / "so.po").write_bytes(content)
    with pytest.raises(InvalidSettings, match=r"so\.po"):
        load_catalogue(tmp_path)


# ------------------------------------------------------------------ words and colours


def test_taking_out_leaves_the_rest_alone():
    assert take_out("Call me at 612-555-0199, I need a ride.") == "Call me at […], I need a ride."
    assert take_out("The nurse was kind.") == "The nurse was kind."


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [look.LIGHT, look.DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(palette):
    grounds = (palette.ground, palette.sheet)
    pairs = [(ink, ground) for ink in (palette.ink, palette.quiet, palette.green, palette.warm)
             for ground in grounds]  # fmt: skip
    pairs += [(palette.on_green, palette.green), (palette.on_warm, palette.warm),
              (palette.ink, palette.soft_green), (palette.ink, palette.soft_warm),
              (palette.warm, palette.soft_warm), (palette.green, palette.soft_green)]  # fmt: skip
    assert min(contrast(*pair) for pair in pairs) >= 4.5
    assert min(contrast(palette.edge, ground) for ground in grounds) >= 3


@pytest.mark.parametrize(
    ("series", "ground"), [(look.SERIES_LIGHT, look.LIGHT), (look.SERIES_DARK, look.DARK)]
)
def test_series_can_be_seen(series, ground):
    assert min(contrast(colour, ground.sheet) for colour in series) >= 3
