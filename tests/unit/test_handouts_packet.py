"""Packet and summary on paper: two pages, read by other programs, and by people who listen."""

import io
import re
from datetime import date
from html.parser import HTMLParser

import pypdf
import pytest

from feedback import look
from feedback.decisions.checks import approve
from feedback.decisions.coverage import starter_items
from feedback.decisions.log import Decision, Direction, Kind, Measure, PublicStatus, State
from feedback.decisions.papers import Papers
from feedback.decisions.printed import Packet, PacketPart
from feedback.handouts.packet_html import packet_page
from feedback.handouts.packet_pdf import fitting_packet, fitting_summary, packet_pdf
from tests.unit.test_decisions_signals import release, wording

DAY = date(2026, 11, 23)
BAD, GOOD = (20, 10, 0, 5, 5), (0, 0, 0, 20, 20)
FULL = {
    "respect": GOOD,
    "believed": BAD,
    "explained": BAD,
    "identity": GOOD,
    "safe": GOOD,
    "repeat": GOOD,
    "hard": {"no_ride": 20, "wait": 10},
    "change": {"housing": 20, "wait": 10},
    "keep": {"advocate": 15},
}
LONG = "We write down in the protocol who calls whom, in which order and by when. " * 9
KINDS = {"packet": fitting_packet, "summary": fitting_summary}


def decisions(count):
    return tuple(
        approve(
            Decision(
                id=f"d{number}",
                kind=Kind.PROTOCOL,
                text=f"PRIVATE {number} {LONG}",
                owner="Coordinator",
                public_line=f"Public line {number}. {LONG}",
                author="ana",
                state=[State.DOING, State.DONE][number % 2],
                due=DAY,
                review=DAY,
                measure=Measure("repeat", Direction.DOWN, 1),
            ),
            "ben",
        )
        for number in range(count)
    )


def papers(rows=(), made=0, **changes):
    sources = {number: f"Release {number}. Fingerprint: {'ab' * 32}" for number in range(1, 9)}
    return Papers(
        DAY, wording(), rows=tuple(rows), decisions=decisions(made), coverage=starter_items(),
        team="Cedar County SART", sources=sources, **changes,
    )  # fmt: skip


SITUATIONS = {
    "no release": papers(),
    "ten people": papers(release(people=10, respect=(0, 0, 0, 5, 5)), 1),
    "fourteen people": papers(release(people=15, respect=(0, 0, 5, 5, 5), keep={"advocate": 5}), 2),
    "one release": papers(release(**FULL), 2),
    "a thousand people": papers(
        release(people=1000, **{k: GOOD if isinstance(v, tuple) else v for k, v in FULL.items()})
    ),
    "eight releases and much to do": papers(
        [row for number in range(1, 9) for row in release(number, **FULL)], 30
    ),
}
BUSY = SITUATIONS["eight releases and much to do"]


def read(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def words(text):
    return re.sub(r"\s+", "", text)


def said(packet):
    """Return every text of a packet, in the order of reading."""
    texts = [packet.title, packet.subtitle]
    for part in packet.parts:
        texts += [part.heading, *part.sentences, *part.points]
        if part.table:
            texts += [*part.table.columns, *(cell for row in part.table.rows for cell in row)]
        texts += [part.note]
    return [*texts, packet.source]


def elements(reader):
    """Return the tags of a PDF in the order of reading."""

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                yield from walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                yield node
            if "/K" in node:
                yield from walk(node["/K"])

    return list(walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_packet_has_two_pages_and_the_summary_one(situation):
    for name, pages in (("packet", 2), ("summary", 1)):
        packet = KINDS[name](SITUATIONS[situation])
        assert len(read(packet_pdf(packet, DAY, demonstration=True)).pages) == pages


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_paper_says_every_word_and_no_other_number(situation, kind):
    packet = KINDS[kind](SITUATIONS[situation])
    reader = read(packet_pdf(packet, DAY))
    text = " ".join(page.extract_text() for page in reader.pages)
    for sentence in said(packet):
        assert words(sentence) in words(text), sentence
    agenda_and_pages = {str(number) for number in range(1, 10)}
    told = set(re.findall(r"\d+", " ".join(said(packet))))
    assert set(re.findall(r"\d+", text)) <= told | agenda_and_pages


@pytest.mark.parametrize("kind", KINDS)
def test_people_who_listen_get_the_same(kind):
    packet = KINDS[kind](BUSY)
    reader = read(packet_pdf(packet, DAY))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    tags = elements(reader)
    kinds = [tag["/S"] for tag in tags]
    drawn = [bar.text for part in packet.parts if part.table for bar in part.table.bars]
    assert [tag["/Alt"] for tag in tags if tag["/S"] == "/Figure"] == drawn
    assert kinds.count("/H1") == len(packet.parts)
    assert kinds.count("/Table") == sum(part.table is not None for part in packet.parts)
    heads = [tag for tag in tags if tag["/S"] == "/TH"]
    tables = [part.table for part in packet.parts if part.table]
    assert len(heads) == sum(len(table.columns) + bool(table.bars) for table in tables)
    assert all(each.get_object()["/Scope"] == "/Column" for head in heads for each in head["/A"])


def test_nothing_on_paper_is_small_and_every_font_is_our_own():
    reader = read(packet_pdf(fitting_packet(BUSY), DAY))
    sizes, fonts = set(), set()

    def note(text, matrix, placed, font, size):
        if text.strip():
            sizes.add(round(size * abs(placed[3] * matrix[3]), 1))
            fonts.add(font["/BaseFont"].split("+")[1].removesuffix("-Identity-H"))

    for page in reader.pages:
        page.extract_text(visitor_text=note)
    assert min(sizes) >= 12
    assert fonts == {"SourceSans3-Regular", "SourceSans3-Bold", "SourceSerif4-Semibold"}


def test_a_file_tells_nothing_of_who_made_it_and_when():
    pdf = packet_pdf(fitting_packet(BUSY), DAY)
    reader = read(pdf)
    assert set(reader.metadata) == {"/Title", "/Creator"}
    assert reader.metadata["/Title"] == "Cedar County SART: meeting packet"
    assert re.fullmatch(r"Typst [\d.]+", reader.metadata["/Creator"])
    assert not re.search(rb"CreateDate|ModifyDate|dc:creator|/Author", pdf)
    assert not reader.attachments
    assert not reader.get_fields()
    assert pdf == packet_pdf(fitting_packet(BUSY), DAY)


@pytest.mark.parametrize(
    "typed", ["#panic()", "*b* $x$ @r <l> https://x.org", "\\u{1}", "= h", "{{7*7}}", '"], x: ["']
)
def test_typed_text_stays_text_on_paper(typed):
    part = PacketPart("a", typed, (typed,), (typed,))
    reader = read(packet_pdf(Packet(typed, typed, ((part,),)), DAY))
    assert words(reader.pages[0].extract_text()).count(words(typed)) == 6
    assert reader.metadata["/Title"] == typed
    assert "/Annots" not in reader.pages[0]


@pytest.mark.parametrize("typed", ["Team 😀", "Team \x00\x07", "小组 Team"])
def test_letters_that_no_font_has_do_not_stop_the_press(typed):
    part = PacketPart("a", typed, ("¿Quién? “así” – ñ",))
    text = read(packet_pdf(Packet("T", "S", ((part,),)), DAY)).pages[0].extract_text()
    assert "Team" in text
    assert "?" in text
    assert "¿Quién? “así” – ñ" in text


def test_the_summary_holds_no_word_that_only_the_team_may_read():
    summary = " ".join(said(fitting_summary(BUSY)))
    assert "Public line" in summary
    assert "PRIVATE" not in summary
    assert "Coordinator" not in summary
    assert "About 320 responses in 8 rounds" in summary


def test_an_advocates_words_stand_in_the_packet_and_nowhere_outside_the_team():
    sentence = "Waiting: Some people waited for a long time and nobody said why. " * 3
    three = tuple(f"{number}. {sentence}" for number in range(3))
    rows = [row for number in (1, 2) for row in release(number, **FULL)]
    told = papers(rows, 2, reworded={1: ("Of an earlier release.",) * 3, 2: three})
    packet = fitting_packet(told)
    assert next(part.points for part in packet.parts if part.id == "reworded") == three
    assert len(read(packet_pdf(packet, DAY)).pages) == 2
    assert not any("Waiting: Some" in text for text in said(fitting_summary(told)))
    assert "reworded" not in [part.id for part in fitting_packet(papers(rows)).parts]


def test_the_summary_posts_only_what_a_second_person_approved():
    unseen = Papers(
        DAY, wording(), rows=tuple(release(**FULL)),
        decisions=(Decision(id="x", kind=Kind.POLICY, text="T", public_line="Unapproved line.",
                            state=State.DONE),),
    )  # fmt: skip
    summary = " ".join(said(fitting_summary(unseen)))
    assert "Unapproved line" not in summary
    assert "No change is made public yet." in summary
    assert "Changes made: 1." in summary


def test_the_summary_cuts_a_long_public_line_after_a_sentence():
    told = Decision(
        id="x", kind=Kind.POLICY, text="T", public_line="We pay for rides. " * 13 + "Until then",
        public_status=PublicStatus.APPROVED, author="A", approved_by="B", owner="A",
        state=State.DONE,
    )  # fmt: skip
    [line] = next(
        part.points
        for part in fitting_summary(Papers(DAY, wording(), decisions=(told,))).parts
        if part.id == "changed"
    )
    assert line.endswith("We pay for rides. …")


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_what_the_paper_says_and_loads_nothing(kind):
    packet = KINDS[kind](BUSY)
    html = packet_page(packet)
    page = Page(html)
    for sentence in said(packet):
        assert words(sentence) in words(page.text), sentence
    drawn = [bar.text for part in packet.parts if part.table for bar in part.table.bars]
    assert [a["aria-label"] for tag, a in page.tags if tag == "svg"] == drawn
    assert all(a.get("scope") == "col" for tag, a in page.tags if tag == "th")
    policy = next(a["content"] for tag, a in page.tags if "http-equiv" in a)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    outside = {"script", "link", "img", "iframe", "object", "form", "a", "base", "image", "use"}
    assert outside.isdisjoint(tag for tag, _ in page.tags)
    assert not any({"style", "src", "href", "onload"} & set(a) for _, a in page.tags)
    assert b"url(" not in html
    assert html == packet_page(packet)


def test_a_bar_is_told_from_its_ground_without_colour():
    def lightness(colour):
        red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour in (look.LIGHT.green, look.LIGHT.ink, look.LIGHT.edge):
        assert 1.05 / (lightness(colour) + 0.05) >= 3


def test_before_a_release_the_summary_does_not_say_how_many_answered():
    summary = " ".join(said(fitting_summary(papers())))
    assert "Nothing is released yet." in summary
    assert "fewer people" not in summary
    assert "0 published releases." in summary
