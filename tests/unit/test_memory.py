"""A server leaves nothing of its memory behind, and lets nobody look in where answers are open."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIE = """
import ctypes, resource, os, sys
sys.path.insert(0, {root!r})
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
import app
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3), flush=True)
os.abort()
"""


@pytest.mark.parametrize(
    ("surface", "can_be_read"), [("form", 1), ("team", 1), ("custodian", 0), ("all", 0)]
)
def test_a_server_that_dies_leaves_no_memory_behind(make_form_team, tmp_path, surface, can_be_read):
    team, place = make_form_team(tmp_path / "team"), tmp_path / "place"
    place.mkdir()
    died = subprocess.run(
        [sys.executable, "-c", DIE.format(root=str(ROOT))],
        cwd=place,
        env={
            "PATH": "/usr/bin:/bin",
            "THROUGHLINE_DATA": str(team.path),
            "THROUGHLINE_SURFACE": surface,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == -6
    assert died.stdout == f"(0, 0) {can_be_read}\n"
    assert not list(place.iterdir())


OPEN = """
import os, resource, sys
sys.path.insert(0, {root!r})
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
from feedback import opening
open_new = opening.open_new
def die(*given, **more):
    assert open_new(*given, **more).responses
    print(resource.getrlimit(resource.RLIMIT_CORE), flush=True)
    os.abort()
opening.open_new = die
from feedback.cli import main
main()
"""


def test_a_command_that_dies_with_answers_open_leaves_no_memory_behind(demonstration, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    given = demonstration.passphrases_file
    died = subprocess.run(
        [sys.executable, "-c", OPEN.format(root=str(ROOT)), "open", demonstration.path,
         "--passphrases-file", given],
        cwd=place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert died.stdout == "(0, 0)\n", died.stderr
    assert died.returncode == -6
    assert not list(place.iterdir())
