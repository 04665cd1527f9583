"""No page says a number that is not in a release or does not follow from one (P12).

Every page is walked with all that can be chosen on it and with addresses that nobody made. What
may be said is worked out here from the signed files alone, by the words of the release rules.
"""

import json
import math
import random
import re
import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from google.protobuf.message import Message
from google.protobuf.text_format import MessageToString
from streamlit.testing.v1 import AppTest

from feedback import custody
from feedback.disclosure.withdrawal import Reason
from feedback.intake import submit
from feedback.questionnaire.answers import Answers
from feedback.rounds import open_round
from feedback.store.box import open_box
from feedback.ui import navigation
from feedback.withdrawing import withdraw

PAGES = Path(__file__).parents[2] / "pages" / "team"
NAMES = tuple(navigation.TEAM)
MOST_OPTIONS = 16  # of one widget that are tried out
KEYS = ("release", "row", "decision", "area", "theme", "structure", "new", "round", "group", "k")
PERCENT = re.compile(r"(?:(under|over) )?(\d+(?:\.\d+)?) %")
BAND = re.compile(r"(\d+) to (\d+) %")
PEOPLE = re.compile(r"\b(?:about|About) (\d[\d,.]*)(?! %)(?: people|\b)")
AVERAGE = re.compile(r"\bOn average ([\d.]+) of (\d+)")
SCALE = ("strongly_disagree", "disagree", "middle", "agree", "strongly_agree")


@pytest.fixture(scope="module")
def place(made_demonstration, tmp_path_factory):
    """Return a demonstration with everything that a team's computer may hold."""
    return made_demonstration.copy(tmp_path_factory.mktemp("numbers") / "demo")


@pytest.fixture(autouse=True)
def _team_side(monkeypatch):
    monkeypatch.setenv("THROUGHLINE_SURFACE", "team")


def visit(name, folder, monkeypatch, **query):
    monkeypatch.setenv("THROUGHLINE_DATA", str(folder))
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=60)
    page.session_state["signed_in"] = True
    for word, value in query.items():
        page.query_params[word] = value
    page.run()
    assert not page.exception, page.exception
    return page


def sent(page):
    """Return every word and number that goes to the browser, tables and charts as well."""
    parts = []
    for node in page._tree:
        if node.type == "table":
            parts.append(node.value.to_csv())
        elif node.type == "vega_lite_chart":
            parts.append(json.dumps(json.loads(node.proto.spec), ensure_ascii=False))
        elif isinstance(getattr(node, "proto", None), Message):
            text = MessageToString(node.proto, as_utf8=True)
            parts.append(
                re.sub(r'\b(id|url|form_id|key|element_id|[a-z_]*file_id): ".*"', "", text)
            )
    return "\n".join(parts).replace("\\", "").replace("\u00a0", " ")


def walk(name, folder, monkeypatch):
    """Yield what a page sends at first and for every option of everything that can be chosen."""
    page = visit(name, folder, monkeypatch)
    yield sent(page)
    for kind in ("selectbox", "radio"):
        for place_ in range(len(getattr(page, kind))):
            for number in range(MOST_OPTIONS):
                widgets = getattr(page, kind)
                if place_ < len(widgets) and number < len(widgets[place_].options):
                    widgets[place_].set_value(widgets[place_].options[number]).run()
                    assert not page.exception, page.exception
                    yield sent(page)


# ------------------------------------------------------------------ what may be said


class Published:
    """What everybody can read in the files of a ledger, and what follows from it by the rules."""

    def __init__(self, folder):
        self.percents, self.people, self.fractions, self.bands = set(), {0}, set(), set()
        self.averages, self.counts, years = set(), [], {}
        for path in sorted((folder / "ledger").glob("[0-9]*.json")):
            document = json.loads(path.read_text("utf-8"))
            kinds = {q["id"]: q["kind"] for q in document["plan"]["questions"]}
            asked = {q["id"]: json.dumps(q) for q in document["plan"]["questions"]}
            bases = set()
            for table in document["tables"]:
                for row in table["rows"]:
                    if row["answers"]:
                        if not row["group"]:
                            alike = (document["date"][:4], asked[table["question"]])
                            years.setdefault(alike, []).append(row)
                        bases.add(row["base"])
                        self._row(row["base"], row["answers"], kinds[table["question"]])
            self.counts.append(max(bases))
            self.people |= bases
        self.people |= {sum(self.counts), *(a + b for a, b in pairwise(self.counts))}
        for (_, question), rows in years.items():
            added = {name: sum(r["answers"][name] for r in rows) for name in rows[0]["answers"]}
            self._row(sum(r["base"] for r in rows), added, json.loads(question)["kind"])

    def _row(self, base, answers, kind):
        self.people |= set(answers.values())
        single = kind in ("single", "scale")
        whole = sum(answers.values()) if single else base
        for count in answers.values():
            self._share(min(count, whole), whole, base)
            self._share(min(count, whole), whole, min(base, whole))
        if kind == "scale":
            said = sum(answers[name] for name in SCALE)
            agree = answers["agree"] + answers["strongly_agree"]
            self._share(agree, said, min(base, said))
            self.people |= {said, agree}
            if base >= 20 and said >= 10:
                total = sum(answers[name] * score for score, name in enumerate(SCALE, 1))
                parts = 2 if base < 50 else 10
                self.averages.add(math.floor(total / said * parts + 0.5) / parts)

    def _share(self, count, whole, people):
        if not whole:
            return
        self.fractions.add(round(count / whole, 9))
        self.bands.add(band(count / whole, people))
        step = 10 if people < 50 else 5 if people < 200 else 1
        percent = int(count / whole * 100 / step + 0.5 + 1e-9) * step
        word, percent = {0: ("under", step), 100: ("over", 100 - step)}.get(percent, ("", percent))
        self.percents.add((word, str(percent)))

    def unexplained(self, text):
        """Return every share and number of people in a text that follows from no release."""
        wrong = [
            f"{low} to {high} %"
            for low, high in BAND.findall(text)
            if (int(low), int(high)) not in self.bands
        ]
        text = BAND.sub("", text)
        wrong += [" ".join(found) for found in PERCENT.findall(text) if found not in self.percents]
        for found in PEOPLE.findall(text):
            if int(found.replace(",", "").rstrip(".")) not in self.people:
                wrong.append(f"about {found}")
        for found, of in AVERAGE.findall(text):
            if float(found) not in self.averages or of != "5":
                wrong.append(f"average {found} of {of}")
        for found in re.findall(r'"share": ([\d.]+)', text):
            if round(float(found), 9) not in self.fractions:
                wrong.append(f"share {found}")
        return wrong


def band(share, people):
    """Return between which percents a share lies by rounding and by chance, in fives."""
    rounding = 4 / people
    widest = min(max(0.5, share - rounding), share + rounding)
    reach = rounding + 1.96 * math.sqrt(max(widest * (1 - widest), 0) / people)
    low, high = max(0.0, share - reach), min(1.0, share + reach)
    return math.floor(low * 20) * 5, math.ceil(high * 20) * 5


@pytest.fixture(scope="module")
def published(place):
    return Published(place.path)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_page_follows_from_a_release(place, published, monkeypatch, name):
    for text in walk(name, place.path, monkeypatch):
        assert published.unexplained(text) == []


def test_the_pages_do_say_numbers_and_an_exact_one_is_noticed(place, published, monkeypatch):
    text = "\n".join(sent(visit(name, place.path, monkeypatch)) for name in NAMES)
    assert len(PERCENT.findall(text)) > 50
    assert len(re.findall(r'"share": ([\d.]+)', text)) > 10
    assert len(PEOPLE.findall(text)) > 3
    assert published.averages
    for exact in (
        "On average 3.14 of 5",
        "about 37 people",
        "Share: 28 %",
        "0 %",
        "100 %",
        '"share": 0.2833',
        "1 to 99 %",
    ):
        assert published.unexplained(exact), exact


def choose(page, label, option):
    next(box for box in page.selectbox if box.label == label).set_value(option).run()
    assert not page.exception, page.exception


def test_every_question_can_be_read_for_the_whole_year(place, published, monkeypatch):
    page = visit("export", place.path, monkeypatch)
    documents = [json.loads(p.read_text()) for p in sorted(place.path.glob("ledger/0*.json"))]
    [year] = {document["date"][:4] for document in documents}
    together = f"Published in {year}: releases 1 and 2 together"
    said = []
    for question in documents[0]["plan"]["questions"]:
        choose(page, "Question", question["id"])
        choose(page, "Over what time", together)
        text = sent(page)
        assert published.unexplained(text) == []
        bases = [
            next(t for t in d["tables"] if t["question"] == question["id"])["rows"][0]["base"]
            for d in documents
        ]
        assert f"Everyone in these releases: about {sum(bases)} people." in text
        assert "Take it along" in text
        said += AVERAGE.findall(text)
        assert bool(AVERAGE.search(text)) == (question["kind"] == "scale")
    assert len(said) >= 5


def test_a_withdrawn_release_is_in_no_year(place, tmp_path, monkeypatch):
    team = place.copy(tmp_path / "demo")
    both = ("Lead advocate", "Program director")
    seed = custody.unlock_team(team.folder, {name: team.secrets[name] for name in both})
    withdraw(team.folder, 2, seed, by=both, reason=Reason.ERROR, today=date(2026, 12, 1))
    page = visit("export", team.path, monkeypatch)
    assert "Over what time" not in [box.label for box in page.selectbox]


@pytest.mark.parametrize("name", NAMES)
def test_no_address_brings_out_another_number(place, published, monkeypatch, name):
    rand = random.Random(f"addresses of {name}")
    values = (
        "1", "2", "3", "-1", "0", "99999999999999999999", "safe", "path:got_help", "hard:no_ride",
        "got_help", "under_18", "../../box.sqlite", "' or 1=1 --", "<b>", "[1]", "{}", "%00", "",
        "change:housing", "subcommittee", "1 or 2", "🙂", "x" * 3000,
    )  # fmt: skip
    for _ in range(8):
        query = {key: rand.choice(values) for key in rand.sample(KEYS, rand.randint(1, 5))}
        assert published.unexplained(sent(visit(name, place.path, monkeypatch, **query))) == []


# ------------------------------------------------------------------ nothing else is read


@pytest.fixture(scope="module")
def bare(place, tmp_path_factory):
    """Return the same team with releases and its own documents, but other people's answers."""
    folder = tmp_path_factory.mktemp("bare") / "demo"
    shutil.copytree(place.path, folder)
    for path in folder.iterdir():
        if re.match(r"snapshot|closed|draft|imported|keyring-(?!team)|demonstration", path.name):
            path.unlink()
    team = type(place)(folder, place.secrets, place.password)
    with open_box(folder / "box.sqlite") as box:
        for round_id in list(box.counts()):
            if round_id != open_round(team.folder).id:
                box.delete_round(round_id)
        for _ in range(7):
            given = {"path": ("got_help",), "safe": ("strongly_disagree",)}
            submit(Answers("en", given, {}, frozenset()), open_round(team.folder), box)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_the_same_whatever_lies_behind_the_gate(place, bare, monkeypatch, name):
    for query in ({}, {"release": "1"}, {"release": "2", "row": "safe"}, {"round": "2026-Q4"}):
        here = sent(visit(name, place.path, monkeypatch, **query))
        assert sent(visit(name, bare, monkeypatch, **query)) == here
