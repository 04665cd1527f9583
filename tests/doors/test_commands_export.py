"""Every file that a release is handed out as, opened again by programs that know nothing of us."""

import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pypdf
import pytest
from PIL import Image

from feedback import custody, ledgers, withdrawing
from feedback.disclosure.export import long_columns
from feedback.disclosure.withdrawal import Reason
from feedback.exports import Format
from feedback.settings import Settings
from feedback.store.records import open_records
from feedback.ui.handing_out import ON_PAPER, Kind

FIRST, SECOND = "Lead advocate", "Program director"
PAPERS = [(kind, whom) for kind in ON_PAPER for whom in ("meeting", "funder")]


@pytest.fixture
def release(made_demonstration):
    return ledgers.load_release(made_demonstration.folder, 1)


def text_of(path):
    if path.suffix == ".pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", path.read_text("utf-8"), flags=re.DOTALL)


def decided(demonstration):
    settings = Settings.from_env({"THROUGHLINE_DATA": str(demonstration.path)})
    records = open_records(settings.team)
    try:
        return [document.body for document in records.latest("decision")]
    finally:
        records.close()


def test_files_are_named_by_what_they_are(handed_out):
    names = {path.name.split("-0001-")[0] for path in handed_out.values()}
    assert names == {"packet", "summary", "release", "charts"}
    assert len({path.name for path in handed_out.values()}) == len(handed_out)


@pytest.mark.parametrize(("kind", "whom"), PAPERS)
def test_paper_names_its_release_and_knows_no_later_one(handed_out, release, kind, whom):
    text = re.sub(r"\s+", "", text_of(handed_out[kind, whom]))
    assert release.hash in text
    assert "rounded to fives at random".replace(" ", "") in text
    assert "Release2" not in text
    assert "Demonstration:everythinghereisinvented." in text


@pytest.mark.parametrize("kind", ON_PAPER)
def test_the_summary_leaks_nothing_that_the_team_says_among_itself(
    handed_out, made_demonstration, kind
):
    text = text_of(handed_out[kind, "funder"])
    for decision in decided(made_demonstration):
        assert decision["text"][:40] not in text
        assert decision["owner"] not in text
    posted = [d["public_line"] for d in decided(made_demonstration) if d["state"] == "done"]
    flat = re.sub(r"\s+", "", text)
    assert any(re.sub(r"\s+", "", line[:60]) in flat for line in posted)


def test_a_picture_is_a_picture_and_nothing_else(handed_out):
    data = handed_out[Kind.PNG, "meeting"].read_bytes()
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        assert picture.width > 1000
        assert picture.info.keys() <= {"dpi"}
    place, chunks = 8, []
    while place < len(data):
        chunks.append(data[place + 4 : place + 8])
        place += 12 + int.from_bytes(data[place : place + 4], "big")
    assert set(chunks) <= {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"pHYs"}


def test_all_charts_come_as_pictures_with_words_for_each(handed_out, release):
    with zipfile.ZipFile(handed_out[Kind.ZIP, "meeting"]) as file:
        names = file.namelist()
        told = file.read("in-words.txt").decode()
        assert {info.date_time for info in file.infolist()} == {
            (release.day.year, release.day.month, release.day.day, 0, 0, 0)
        }
        for name in names:
            if name.endswith(".png"):
                Image.open(io.BytesIO(file.read(name))).verify()
                assert f"{name.removesuffix('.png')}: " in told
            if name.endswith(".svg"):
                svg = file.read(name).decode()
                assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314
                assert not re.search(r"<script|<image|(?<!xmlns)(?<!xmlns:xlink)=.https?:", svg)
    charts = [name.removesuffix(".svg") for name in names if name.endswith(".svg")]
    assert [f"{name}.png" in names for name in charts] == [True] * len(charts)
    asked = [f"{n:02d}-{table.question.id}" for n, table in enumerate(release.tables, start=1)]
    assert charts == asked
    assert release.hash in told
    assert "They treated me with respect" in told


def test_the_same_release_gives_the_same_pictures(
    handed_out, made_demonstration, tmp_path, throughline
):
    throughline("export", made_demonstration.path, 1, "--format", "png", "--out", tmp_path)
    again = next(tmp_path.iterdir())
    assert again.read_bytes() == handed_out[Kind.PNG, "meeting"].read_bytes()


def test_a_workbook_holds_two_sheets_and_no_trace_of_anybody(handed_out):
    path = handed_out[Kind.XLSX, "meeting"]
    with zipfile.ZipFile(path) as parts:
        assert not [n for n in parts.namelist() if re.search("pivot|external|comment|vba|media", n)]
        about = parts.read("docProps/app.xml") + parts.read("docProps/core.xml")
    assert not re.search(rb"<(Company|Manager|cp:lastModifiedBy|cp:keywords)>[^<]", about)
    assert b"<dc:creator></dc:creator>" in about
    rows = pd.read_excel(path, sheet_name=None)
    assert list(rows) == ["Read me", "Release"]
    assert not openpyxl.load_workbook(path).defined_names


def test_tables_hold_the_release_to_the_last_number(handed_out, release):
    frame = pd.read_csv(handed_out[Kind.CSV, "meeting"])
    records = json.loads(handed_out[Kind.JSON, "meeting"].read_text("utf-8"))["rows"]
    shown = sum(
        bool(row.counts) + len(row.counts) for table in release.tables for row in table.rows
    )
    assert frame["count"].notna().sum() == shown
    assert frame["count"].dropna().tolist() == [
        r["count"] for r in records if r["count"] is not None
    ]
    assert (frame["count"].dropna() % release.plan.limits.base == 0).all()


def test_a_withdrawn_release_is_handed_out_as_nothing(made_demonstration, tmp_path, throughline):
    team = made_demonstration.copy(tmp_path / "demo")
    seed = custody.unlock_team(team.folder, {name: team.secrets[name] for name in (FIRST, SECOND)})
    withdrawn = ledgers.load_release(team.folder, 2)
    withdrawing.withdraw(
        team.folder, 2, seed, by=(FIRST, SECOND), reason=Reason.FRAUD, today=withdrawn.day
    )
    out = tmp_path / "out"
    out.mkdir()
    for kind in Kind:
        said = throughline("export", team.path, 2, "--format", kind, "--out", out, code=1)
        assert "Release 2 was withdrawn on" in said.stderr
    assert not list(out.iterdir())
    for whom in ("meeting", "funder"):
        throughline("export", team.path, 1, "--format", "html", "--for", whom, "--out", out)
    for path in out.iterdir():
        assert withdrawn.hash not in text_of(path)
        assert withdrawn.round not in text_of(path)


@pytest.mark.parametrize("kind", list(Format))
def test_tables_need_nothing_but_the_ledger(made_demonstration, tmp_path, throughline, kind):
    team = made_demonstration.copy(tmp_path / "demo")
    kept = {"team.toml", "ledger"}
    for path in team.path.iterdir():
        if path.name not in kept:
            path.unlink()
    throughline("export", team.path, 1, "--format", kind.value, "--out", tmp_path)
    assert {path.name for path in team.path.iterdir()} == kept
    assert (tmp_path / f"release-0001-{ledgers.load_release(team.folder, 1).round}.{kind}").exists()


def test_for_whom_goes_with_paper_only(made_demonstration, throughline):
    words = ("export", made_demonstration.path, 1, "--format", "csv", "--for", "funder")
    assert "--for goes with --format pdf or html" in throughline(*words, code=2).stderr


def test_the_reference_names_every_kind_of_file_and_every_column(release):
    told = (Path(__file__).parents[2] / "docs/reference/exports.md").read_text("utf-8")
    for kind in Kind:
        assert f"| `{kind}` |" in told
    for column in long_columns(release):
        assert f"`{column}`" in told
