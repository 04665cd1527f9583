"""Every file holds the numbers of the signed document, each in its place, and nothing else.

What should stand where is worked out here from the ledger's JSON by the words of the release
rules; the files are opened by pandas, openpyxl, pypdf, Pillow and a checker of PDF/UA.
"""

import io
import json
import math
import re
import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser

import openpyxl
import page
import pandas as pd
import pypdf
import pytest
from PIL import Image, ImageColor
from pypdf.generic import ContentStream

from feedback.ui.handing_out import ON_PAPER, Kind

BEFORE, AFTER = ("release", "round", "question", "answer", "kind"), ("count", "base", "share")
BOUNDS, WHY = ("low", "high", "status"), ("note",)
SEVERAL = ("multi", "theme")
AGREE = ("agree", "strongly_agree")
SCALE = ("strongly_disagree", "disagree", "middle", *AGREE)
BOXES = {
    "What is one thing that helped you, that we should keep?": "Keep",
    "What is one thing we should change?": "Change",
}
SILENT = {"No answer", "I would rather not say", "Does not apply", "Wrote nothing in this box"}
WORDS = ((0, "few or none"), (39, "some"), (60, "about half"), (89, "most"), (100, "nearly all"))
PARTS_OF_A_WORKBOOK = {
    "[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml",
    "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml",
    "xl/theme/theme1.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
}  # fmt: skip


@pytest.fixture(scope="module")
def document(made_demonstration):
    """Return what was signed, as it lies in the ledger."""
    return json.loads((made_demonstration.path / "ledger/0001.json").read_text("utf-8"))


def points(share, people):
    """Return a share in tens, fives or ones of a hundred, and which of them."""
    step = 10 if people < 50 else 5 if people < 200 else 1
    return math.floor(share * 100 / step + 0.5 + 1e-9) * step, step


def said(share, people):
    """Return a share as it is printed: never 0 and never 100."""
    found, step = points(share, people)
    return {0: f"under {step} %", 100: f"over {100 - step} %"}.get(found, f"{found} %")


def fractions(document):
    """Yield a question's text, an answer's text, the share of everyone and of how many people."""
    texts = {question["id"]: question for question in document["plan"]["questions"]}
    for table in document["tables"]:
        row, question = table["rows"][0], texts[table["question"]]
        counts, kind = row["answers"], table["kind"]
        if kind == "scale":
            whole = sum(counts[step] for step in SCALE)
            share = sum(counts[step] for step in AGREE) / whole
            yield question["text"], question["text"].rstrip("."), share, min(whole, row["base"])
            continue
        whole = row["base"] if kind in SEVERAL else sum(counts.values())
        for answer in question["answers"]:
            share = min(counts[answer["id"]] / whole, 1)
            yield question["text"], answer["text"], share, min(whole, row["base"])


def how_many(share, people):
    """Return how many say so, as it stands on paper: the word, then the number."""
    number, (found, _) = said(share, people), points(share, people)
    word = next(word for most, word in WORDS if found <= most)
    return f"{word} ({number})" if number[0] in "uo" else f"{word} (about {number})"


def expected(document):
    """Yield every line of the long table."""
    groups, near = document["plan"]["groups"], document["plan"]["limits"]["base"] - 1
    for table in document["tables"]:
        several = table["kind"] in SEVERAL
        for row in table["rows"]:
            counts, base = row["answers"], row["base"]
            whole = base if several else sum(counts.values())
            for answer, count in [("", base), *counts.items()]:
                shown = count is not None
                few = base is not None and base < 20
                yield {
                    "release": document["number"],
                    "round": document["round"],
                    "question": table["question"],
                    "answer": answer,
                    "kind": table["kind"],
                    **{name: row["label"] if row["group"] == name else "" for name in groups},
                    "count": count,
                    "base": base,
                    "share": None
                    if few and answer
                    else answer and said(min(count / whole, 1), base),
                    "low": max(0, count - near) if shown else None,
                    "high": count + near if shown else None,
                    "status": row["status"],
                }


def same(found, wanted):
    """Say whether two lists of lines hold the same, cell by cell; notes are looked at apart."""
    found = [{name: row[name] for name in row if name != "note"} for row in found]
    wanted = list(wanted)
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        if other["share"] is None:  # below twenty people there is a word in place of a number
            assert one["share"] in {word for _, word in WORDS}
            other = other | {"share": one["share"]}
        assert one == other
    return True


def test_json_holds_every_number_in_its_place(handed_out, document):
    facts = json.loads(handed_out[Kind.JSON, "meeting"].read_text("utf-8"))
    assert same(facts["rows"], expected(document))
    assert set(facts) == {
        "release", "team", "round", "date", "hash", "rule", "method", "columns", "rows",
    }  # fmt: skip
    assert (facts["hash"], facts["date"], facts["method"]) == (
        document["hash"],
        document["date"],
        document["method"],
    )
    assert all(set(row) == set(facts["columns"]) for row in facts["rows"])


def test_a_data_frame_holds_every_number_in_its_place(handed_out, document):
    frame = pd.read_csv(handed_out[Kind.CSV, "meeting"], keep_default_na=False, dtype=str)
    columns = (*BEFORE, *document["plan"]["groups"], *AFTER, *BOUNDS, *WHY)
    assert tuple(frame.columns) == columns
    numbers = ("release", "count", "base", "low", "high")
    rows = [
        {name: (int(cell) if cell else None) if name in numbers else cell for name, cell in row}
        for row in (record.items() for record in frame.to_dict("records"))
    ]
    assert same(rows, expected(document))


def test_a_workbook_holds_every_number_in_its_place_and_nothing_beside_it(handed_out, document):
    path = handed_out[Kind.XLSX, "meeting"]
    book = openpyxl.load_workbook(path)
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("Read me", "visible"),
        ("Release", "visible"),
    ]
    sheet = book["Release"]
    columns, *lines = sheet.iter_rows(values_only=True)
    filled = ("answer", "share", "note", *document["plan"]["groups"])
    rows = [
        {name: "" if cell is None and name in filled else cell for name, cell in line}
        for line in (zip(columns, cells, strict=True) for cells in lines)
    ]
    assert same(rows, expected(document))
    assert sheet.freeze_panes == "A2"
    for each in book:
        assert not any(found.hidden for found in each.row_dimensions.values())
        assert not any(found.hidden for found in each.column_dimensions.values())
        for cell in (cell for row in each.iter_rows() for cell in row):
            assert cell.data_type in ("s", "n")
            assert (cell.comment, cell.hyperlink) == (None, None)
        assert not each.data_validations.dataValidation
        assert not each.merged_cells.ranges
    told = [text for _, text in book["Read me"].iter_rows(values_only=True)]
    assert [text for text in document["method"] if text not in told] == []
    assert document["hash"] in told
    with zipfile.ZipFile(path) as parts:
        assert set(parts.namelist()) == PARTS_OF_A_WORKBOOK
    about = book.properties
    assert (about.creator, about.lastModifiedBy, about.description) == (None, None, None)
    assert {f"{about.created:%Y-%m-%d %H:%M}", f"{about.modified:%Y-%m-%d %H:%M}"} == {
        f"{document['date']} 00:00"
    }


class Tables(HTMLParser):
    """The tables of a page whose rows have a bar: label, share as drawn, and words."""

    def __init__(self, html):
        super().__init__()
        self.rows, self._cells, self._open = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "tr":
            self._cells, self._share = [], None
        elif tag == "td":
            self._cells.append("")
            self._open = True
        elif tag == "rect":
            width = float(found["width"])
            self._share, self._whole = (
                (None, width) if "shell" in found["class"] else (width / self._whole, self._whole)
            )

    def handle_endtag(self, tag):
        self._open = self._open and tag != "td"
        if tag == "tr" and self._cells and self._share is not None:
            self.rows.append((self._cells[0], self._share, self._cells[2]))

    def handle_data(self, data):
        if self._open:
            self._cells[-1] += data


def stands_for(label, document):
    """Return what a row of a packet should say, by its label: share and words."""
    return [
        (share, people)
        for question, answer, share, people in fractions(document)
        if label
        in (answer, f"“{answer}”", f"“{answer}” ({question})", f"{BOXES.get(question)}: {answer}")
    ]


@pytest.mark.parametrize("whom", ["meeting", "funder"])
def test_every_bar_of_a_packet_is_the_share_of_what_stands_before_it(handed_out, document, whom):
    page = handed_out[Kind.HTML, whom].read_text("utf-8")
    rows = Tables(page).rows
    assert len(rows) == page.count("class='shell'") > 0
    for label, drawn, words in rows:
        known = stands_for(label, document)
        assert any(
            abs(drawn - share) < 0.001
            and words.removesuffix("; agreeing is bad news") == how_many(share, people)
            for share, people in known
        ), (label, drawn, words, known)


@pytest.mark.parametrize("whom", ["meeting", "funder"])
def test_paper_draws_and_says_what_the_page_draws_and_says(handed_out, whom):
    reader = pypdf.PdfReader(handed_out[Kind.PDF, whom])
    text = re.sub(r"\s+", "", "".join(each.extract_text() for each in reader.pages))
    rows = Tables(handed_out[Kind.HTML, whom].read_text("utf-8")).rows
    for label, _, words in rows:
        assert re.sub(r"\s+", "", label + words) in text
    bars = [share for each in reader.pages for share in drawn_bars(each, reader)]
    assert bars == pytest.approx([share for _, share, _ in rows], abs=0.001)


def drawn_bars(sheet, reader):
    """Yield the share of each bar of a page: a frame, and on it a filled piece."""
    whole, path = 0.0, []
    for values, operator in ContentStream(sheet.get_contents(), reader).operations:
        if operator in (b"m", b"l"):
            path = [*(path if operator == b"l" else []), tuple(map(float, values))]
        elif operator in (b"S", b"f"):
            wide = max(x for x, _ in path) - min(x for x, _ in path) if len(path) == 4 else 0
            if operator == b"f" and wide and whole:
                yield wide / whole
            whole = wide if operator == b"S" else 0.0


@pytest.mark.parametrize("kind", ON_PAPER)
def test_a_page_on_paper_names_no_maker_and_carries_nothing(handed_out, kind):
    for whom in ("meeting", "funder"):
        path = handed_out[kind, whom]
        if kind is Kind.HTML:
            assert not re.search(r"<meta name=.(author|generator|date)|<!--", path.read_text())
            continue
        reader = pypdf.PdfReader(path)
        assert set(reader.metadata) == {"/Title", "/Creator"}
        assert not reader.attachments
        assert not reader.get_fields()
        assert {"/AF", "/OpenAction", "/AA", "/Names"}.isdisjoint(reader.trailer["/Root"])
        xmp = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
        assert not re.search(r"dc:creator|CreateDate|ModifyDate|MetadataDate|History", xmp)


@pytest.mark.parametrize("whom", ["meeting", "funder"])
def test_an_independent_checker_finds_nothing_against_pdf_ua(handed_out, whom):
    report = page.validate_pdf(handed_out[Kind.PDF, whom], profile="ua1")
    assert [failure.message for failure in report.failures] == []
    assert report.is_compliant
    assert report.rules.total > 100


TALL = 14  # pixels of a bar
BAR = re.compile(r"M([\d.]+),([\d.]+)h([\d.]+)v([\d.]+)")


def bars_of(svg):
    """Return the filled bars of a chart by their height on it: from where, how wide, colour."""
    rows = {}
    for path in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}path"):  # noqa: S314
        place = BAR.match(path.get("d", ""))
        if place and path.get("fill", "").startswith("#"):
            x, y, wide, tall = map(float, place.groups())
            if round(tall) == TALL:  # and not an end of a band
                rows.setdefault(y, []).append((x, wide, path.get("fill")))
    return [rows[y] for y in sorted(rows)]


def test_every_bar_of_every_chart_is_as_long_as_its_share(handed_out, document):
    with zipfile.ZipFile(handed_out[Kind.ZIP, "meeting"]) as file:
        told = file.read("in-words.txt").decode()
        charts = {n: file.read(n).decode() for n in file.namelist() if n.endswith(".svg")}
    assert len(charts) == len(document["tables"])
    for (name, svg), table in zip(sorted(charts.items()), document["tables"], strict=True):
        words = next(line for line in told.splitlines() if line.startswith(name[:-4] + ": "))
        counts, rows = table["rows"][0]["answers"], bars_of(svg)
        if table["kind"] == "scale":
            [parts] = rows
            whole = sum(counts[step] for step in SCALE)
            wanted = [counts[step] / whole for step in SCALE]
            assert [wide / 640 for _, wide, _ in parts] == pytest.approx(wanted, abs=0.001)
            continue
        texts = {q["id"]: q["text"] for q in document["plan"]["questions"]}
        every = [each for each in fractions(document) if each[0] == texts[table["question"]]]
        shown = [each for each in every if f"{each[1]}: " in words]
        assert {answer for _, answer, _, _ in every} - {
            answer for _, answer, _, _ in shown
        } <= SILENT
        for _, answer, share, people in shown:
            assert f"{answer}: {how_many(share, people)}." in words
        drawn = [row[1][1] / 640 if len(row) > 1 else 0.0 for row in rows]
        assert drawn == pytest.approx([share for _, _, share, _ in shown], abs=0.001)


def test_a_chart_tells_itself_to_people_who_do_not_see_it(handed_out):
    with zipfile.ZipFile(handed_out[Kind.ZIP, "meeting"]) as file:
        told = file.read("in-words.txt").decode()
        for name in (name for name in file.namelist() if name.endswith(".svg")):
            svg = file.read(name).decode()
            root = ET.fromstring(svg)  # noqa: S314
            title, words = (
                root.findtext(f"{{http://www.w3.org/2000/svg}}{t}") for t in ("title", "desc")
            )
            assert f"{title}\n{name[:-4]}: {words}\n" in told
            assert root.get("role") == "img"
            assert re.findall(r'aria-label="(?!Title text|Subtitle text)', svg) == []
            assert " id=" not in svg


def test_a_picture_shows_the_bars_of_its_drawing(handed_out):
    with zipfile.ZipFile(handed_out[Kind.ZIP, "meeting"]) as file:
        names = [name[:-4] for name in file.namelist() if name.endswith(".svg")]
        for name in names:
            svg = file.read(f"{name}.svg").decode()
            picture = Image.open(io.BytesIO(file.read(f"{name}.png"))).convert("RGB")
            left, top = map(int, re.search(r"<g[^>]*translate\((\d+),(\d+)\)", svg).groups())
            assert picture.size == tuple(
                2 * int(side) for side in re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups()
            )
            for path in re.finditer(r'd="M([\d.]+),([\d.]+)h([\d.]+)v[^"]*" fill="(#\w+)"', svg):
                x, y, wide = (float(found) for found in path.groups()[:3])
                if wide > 8:
                    end = picture.getpixel((int(2 * (left + x + wide - 3)), int(2 * (top + y + 6))))
                    colour = ImageColor.getrgb(path[4])
                    near = max(abs(one - other) for one, other in zip(end, colour, strict=True))
                    assert near < 24 or wide == 640, (name, path[0], end)
