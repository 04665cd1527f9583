"""The page of attacks names all of them, and each test that it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/attacks.md").read_text("utf-8")
THERE = {
    name
    for path in ROOT.glob("tests/**/test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
}


def test_every_attack_has_a_test_that_plays_it():
    rows = re.findall(r"^\| (\d+) \|.*?\| ([^|]*) \|$", PAGE, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 23))
    assert all(re.search(r"`test_\w+`", tests) for _, tests in rows)


def test_every_test_that_is_named_is_there():
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert named <= THERE, named - THERE
    numbered = {name for name in THERE if re.match(r"test_\d+_", name)}
    assert numbered <= named, numbered - named
