"""The pages of docs: every link leads somewhere, every page is listed, every command is named."""

import re
from pathlib import Path

import click
import pytest

from feedback.cli import main
from feedback.store.audit import Event

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])


def anchors(page):
    heads = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if link.startswith(("https://", "http://")):
            continue
        file, _, anchor = link.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), link
        assert not anchor or anchor in anchors(there), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page):
    for path in re.findall(r"`((?:feedback|tests|docs|pages)/[\w./-]+)`", page.read_text()):
        assert (ROOT / path).exists(), path


def test_every_page_is_listed():
    listed = set(re.findall(r"\]\(([\w/-]+\.md)", (ROOT / "docs/README.md").read_text()))
    pages = {str(page.relative_to(ROOT / "docs")) for page in ROOT.glob("docs/*/*.md")}
    assert listed == pages


def test_the_events_that_are_listed_are_those_that_are_written():
    page = (ROOT / "docs/reference/storage.md").read_text().partition("## 6. ")[2]
    rows = re.findall(r"^\| (`[a-z.`, ]+`) \|", page.partition("## 7. ")[0], re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"[a-z.]+", row)} == set(Event)
    code = "".join(file.read_text() for file in ROOT.glob("feedback/**/*.py"))
    assert [event for event in Event if code.count(f"Event.{event.name}") < 2] == []


def commands(group, name):
    context = click.Context(group)
    for each in group.list_commands(context):
        command = group.get_command(context, each)
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {each}")
        else:
            yield f"{name} {each}", command


def test_every_command_is_named_with_all_its_options_and_no_other():
    text = (ROOT / "docs/reference/commands.md").read_text()
    rows = dict(
        re.findall(r"^\| `(throughline [a-z ]+?) [^a-z`][^`]*` \|(.*)$", text, re.MULTILINE)
    )
    found = dict(commands(main, "throughline"))
    assert rows.keys() == found.keys()
    for name, command in found.items():
        options = [one for one in command.params if isinstance(one, click.Option)]
        known = {word for one in options for word in (*one.opts, *one.secondary_opts)}
        assert set(re.findall(r"--[a-z-]+", rows[name])) == known, name
