"""The writer's rules: the same data for the server and the browser."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from feedback.themes.safety import Kind, check_writing, writer_rules

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "themes_writing.json").read_text("utf-8")
)
# What Python and JavaScript read alike: groups, look-ahead, classes, counts, \b-free text.
SHARED = re.compile(
    r"""(?: \\u[0-9a-f]{4} | \\[trn.\\/()+*?\[\]{}|^$-]   # escapes
        | \(\?: | \(\?! | \(\?= | [()|^$.]                # groups without names, no look-behind
        | \[(?:\\.|[^\]\\])+\] | [*+?] | \{\d+(?:,\d*)?\}
        | [^\\()\[\]{}*+?|^$.] )*""",
    re.VERBOSE,
)
ASKED = {"phone", "email", "handle", "link", "number", "name", "address", "date"}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"][:40] or "empty")
def test_the_writer_is_shown_what_the_vectors_say(vector):
    text = vector["text"]
    found = [[span.kind, text[span.start : span.end]] for span in check_writing(text)]
    assert found == vector["found"]


def test_rules_are_plain_data():
    rules = writer_rules()
    assert json.loads(json.dumps(rules)) == rules
    assert {frozenset(rule) for rule in rules} == {frozenset({"kind", "pattern", "flags"})}
    assert {rule["kind"] for rule in rules} == ASKED <= set(Kind)
    assert {rule["flags"] for rule in rules} == {"", "i"}


@pytest.mark.parametrize("rule", writer_rules(), ids=lambda rule: rule["kind"])
def test_patterns_keep_to_the_syntax_that_browsers_share(rule):
    assert SHARED.fullmatch(rule["pattern"])
    assert rule["pattern"].isascii()
    assert re.compile(rule["pattern"]).groups == 1


def test_a_caller_cannot_change_the_rules():
    writer_rules()[0]["pattern"] = "x"
    assert writer_rules()[0]["pattern"] != "x"


def test_long_hostile_text_is_checked_quickly():
    for piece in ("a@", "1 ", "1 aaa ", "my name is ", "snap name ", "a.", "(2", "calle de la "):
        check_writing(piece * 2000)


def test_the_module_loads_without_heavy_libraries():
    heavy = "{'pydantic', 'numpy', 'pandas', 'sklearn', 'scipy'}"
    script = f"import sys, feedback.themes.safety; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
