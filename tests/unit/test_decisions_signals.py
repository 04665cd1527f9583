"""Published counts become named signals in words, and silence stays unknown."""

import pytest

from feedback.decisions.published import latest, read_releases
from feedback.decisions.shares import (
    Strength,
    band_of,
    band_words,
    share_number,
    share_words,
    shown_share,
    strength_of,
)
from feedback.decisions.signals import (
    NO_RELEASE,
    NOT_ASKED,
    PROTECTED,
    SCALE,
    TOO_FEW,
    Ref,
    core_index,
    refs_of,
    signal,
)
from feedback.decisions.wording import Wording, wording_from
from feedback.questionnaire.definition import load_questionnaire

THEMES = {"housing": "Safe place to stay", "advocate": "Advocate", "wait": "Waiting and hours"}


def release(number=1, *, people=40, kind="", group=None, status="shown", **tables):
    """Return long rows: five counts make a scale question, a dict makes answers or themes."""
    kinds = {"change": "theme", "keep": "theme", "place": "single", "age": "single"}
    rows = []
    for question, counts in tables.items():
        scale = not isinstance(counts, dict)
        named = dict(zip(SCALE, counts, strict=True)) if scale else counts
        shape = kind or ("scale" if scale else kinds.get(question, "multi"))
        for answer, count in {"": people, **named}.items():
            rows.append(
                {
                    "release": number,
                    "round": f"2026-Q{number}",
                    "question": question,
                    "answer": answer,
                    "kind": shape,
                    **(group or {}),
                    "count": count if status == "shown" else None,
                    "base": people,
                    "share": None,
                    "low": max(count - 4, 0),
                    "high": count + 4,
                    "status": status,
                    "note": "",
                }
            )
    return rows


def wording():
    return wording_from([load_questionnaire()], THEMES)


def everything(published):
    return [signal(published, ref, wording()) for ref in refs_of(published)]


def one(rows, ref):
    return signal(latest(rows), Ref.parse(ref), wording())


def test_agreement_counts_those_who_agree_over_those_who_answered():
    found = one(release(respect=(5, 5, 0, 10, 20)), "respect")
    assert found.share == 30 / 40
    assert found.words == "most"
    assert found.text == "Most people agree: “They treated me with respect”."


def test_people_to_whom_it_does_not_apply_are_not_counted():
    rows = release(respect=(0, 0, 0, 15, 15), people=60)
    rows += release(respect={"does_not_apply": 30}, people=60, kind="scale")[1:]
    assert one(rows, "respect").share == 1.0


def test_a_question_where_agreeing_is_bad_says_so():
    found = one(release(repeat=(0, 5, 5, 10, 20)), "repeat")
    assert found.reversed
    assert "Agreeing is bad news here." in found.text


def test_an_answer_is_a_share_of_everyone_in_the_table():
    found = one(release(hard={"no_ride": 20, "language": 0}), "hard:no_ride")
    assert found.words == "about half"
    assert found.text == (
        "About half of the people chose “I had no ride, or it was too far” "
        "(What made it hard to get help?)."
    )


def test_a_single_choice_is_a_share_of_the_rows_shown():
    rows = release(place={"own_town": 15, "phone_online": 10, "skipped": 5}, people=35)
    found = one(rows, "place:own_town")
    assert found.share == 0.5
    assert found.people == 25


def test_of_few_people_a_lone_rounded_answer_is_not_nearly_all():
    rows = release(people=15, place={"online": 5, "shelter": 0})
    assert one(rows, "place:online").words == "not known yet"


def test_numbers_rounded_to_tens_reach_half_as_far():
    rows = [
        {**row, "high": row["count"] + 9}
        for row in release(people=60, need={"housing": 30, "advocate": 60})
    ]
    found = one(rows, "need:housing")
    assert (found.strength, found.number) == (Strength.SIGNAL, "about 50 %")
    few = [{**row, "high": row["count"] + 9} for row in release(people=20, need={"housing": 20})]
    assert one(few, "need:housing").strength is Strength.NOT_YET
    some = [{**row, "high": row["count"] + 9} for row in release(people=30, need={"housing": 30})]
    assert (one(some, "need:housing").strength, one(some, "need:housing").number) == (
        Strength.WEAK,
        "",
    )


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        ("change:housing", "Some people asked for change here: Safe place to stay."),
        ("keep:advocate", "Some people named this as a strength: Advocate."),
    ],
)
def test_themes_are_said_by_their_box(ref, text):
    rows = release(change={"housing": 10}, keep={"advocate": 10})
    assert one(rows, ref).text == text


def test_zero_people_is_few_or_none_and_not_unknown():
    found = one(release(hard={"language": 0}), "hard:language")
    assert found.known
    assert found.words == "few or none"


@pytest.mark.parametrize(
    ("people", "strength"),
    [
        (None, Strength.NOT_YET),
        (0, Strength.NOT_YET),
        (10, Strength.NOT_YET),
        (15, Strength.WEAK),
        (20, Strength.WEAK),
        (25, Strength.SIGNAL),
        (900, Strength.SIGNAL),
    ],
)
def test_strength_follows_the_number_of_people(people, strength):
    assert strength_of(people) is strength


def test_ten_people_say_nothing_yet():
    found = one(release(respect=(0, 0, 0, 5, 5), people=10), "respect")
    assert found.share is None
    assert (found.strength, found.why) == (Strength.NOT_YET, TOO_FEW)
    assert found.text == "Not known yet: “They treated me with respect”."


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], NO_RELEASE),
        (release(safe=(5, 5, 5, 5, 5)), NOT_ASKED),
        (release(respect=(5, 5, 5, 5, 5), status="protected"), PROTECTED),
        (release(respect=(5, 5, 5, 5, 5), status="too_few"), TOO_FEW),
        (release(respect={}, status="protected"), PROTECTED),
    ],
)
def test_what_is_unknown_says_why(rows, why):
    found = one(rows, "respect")
    assert (found.known, found.why, found.words) == (False, why, "not known yet")


def test_one_hidden_cell_makes_an_agreement_unknown():
    rows = release(respect=(5, 5, 5, 10, 10))
    rows[-1] |= {"count": None, "status": "protected"}
    assert one(rows, "respect").share is None


def test_a_hidden_answer_is_unknown():
    assert one(release(hard={"wait": 10}, status="protected"), "hard:wait").why == PROTECTED


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (None, "not known yet"),
        (0.0, "few or none"),
        (0.1, "some"),
        (0.39, "some"),
        (0.4, "about half"),
        (0.6, "about half"),
        (0.61, "most"),
        (0.89, "most"),
        (0.9, "nearly all"),
        (1.0, "nearly all"),
    ],
)
def test_shares_are_said_in_words(share, words):
    assert share_words(share) == words


@pytest.mark.parametrize(
    ("share", "base", "number"),
    [
        (0.5, 15, ""),
        (0.5, None, ""),
        (None, 40, ""),
        (0.43, 40, "about 40 %"),
        (0.43, 100, "about 45 %"),
        (0.433, 200, "about 43 %"),
        (0.0, 40, "under 10 %"),
        (0.0, 100, "under 5 %"),
        (1.0, 40, "over 90 %"),
        (1.0, 400, "over 99 %"),
    ],
)
def test_numbers_are_as_coarse_as_the_release(share, base, number):
    assert share_number(share, base) == number


def test_a_share_is_never_printed_as_none_or_all():
    printed = {share_number(count / 40, 40) for count in range(0, 45, 5)}
    assert not printed & {"about 0 %", "about 100 %"}
    assert shown_share(1.4, 40) == 1.0


def test_bands_hold_rounding_and_sampling():
    assert band_of(0.5, 40) == pytest.approx(4 / 40 + 1.96 * (0.25 / 40) ** 0.5)
    assert band_of(1.0, 20) > 4 / 20
    assert band_of(0.5, 0) == 1.0


def test_the_core_index_is_the_mean_of_four_questions():
    rows = release(
        respect=(0, 0, 0, 20, 20),
        believed=(20, 0, 0, 20, 0),
        explained=(20, 0, 0, 20, 0),
        identity=(10, 0, 0, 30, 0),
    )
    index = core_index(latest(rows), wording())
    assert index.share == (1 + 0.5 + 0.5 + 0.75) / 4
    assert (index.words, index.strength) == ("most", Strength.SIGNAL)
    assert index.text.startswith("On average, most people say they were treated with respect")


def test_the_core_index_is_unknown_while_one_question_is():
    index = core_index(latest(release(respect=(0, 0, 0, 20, 20))), wording())
    assert (index.share, index.words) == (None, "not known yet")
    assert "nothing can be said about “They believed me”, “They told me" in index.text
    assert core_index(None, wording()).share is None


def test_signals_of_a_release_leave_out_those_who_did_not_answer():
    rows = release(hard={"wait": 10, "rather_not": 5, "none": 5}, respect=(0, 0, 0, 20, 20))
    refs = [str(found.ref) for found in everything(latest(rows))]
    assert refs == ["hard:wait", "respect"]


def test_an_earlier_release_can_be_read():
    rows = release(1, respect=(0, 0, 0, 20, 20)) + release(2, respect=(20, 20, 0, 0, 0))
    earlier, newest = read_releases(rows)
    assert everything(newest)[0].words == "few or none"
    assert everything(earlier)[0].words == "nearly all"


def test_a_signal_says_where_it_comes_from():
    found = one(release(3, respect=(0, 0, 0, 20, 20)), "respect")
    assert found.source == "release 3, respect"
    assert one([], "respect").source == "no release, respect"
    assert found.to_dict()["words"] == "nearly all"


def test_an_id_without_words_is_made_readable():
    empty = Wording()
    assert empty.question("new_thing") == "new thing"
    assert empty.answer("new_thing", "first_one") == "first one"
    assert empty.theme("") == "unnamed"


def test_sums_of_rounded_rows_never_claim_more_people_than_answered():
    given = release(1, people=15, repeat=(0, 5, 10, 5, 5))
    [found] = [s for s in everything(latest(given)) if s.ref == Ref("repeat")]
    assert (found.base, found.people, found.strength) == (15, 15, Strength.WEAK)
    assert found.number == ""


@pytest.mark.parametrize(
    ("share", "band", "base", "ends"),
    [
        (0.4, 0.3, 15, ("some", "most")),
        (0.4, 0.23, 30, ("15", "65 %")),
        (0.06, 0.019, 1000, ("4", "8 %")),
        (0.98, 0.05, 1000, ("93", "100 %")),
        (0.05, 0.05, 30, ("0", "10 %")),
    ],
)
def test_a_band_is_as_fine_as_its_share_and_never_narrower(share, band, base, ends):
    assert band_words(share, band, base) == ends
