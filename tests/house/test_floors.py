"""The house keeps its floors: who may import whom, how long things may be, how modules begin."""

import ast
import itertools
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted([ROOT / "app.py", *ROOT.glob("feedback/**/*.py"), *ROOT.glob("pages/**/*.py")])
ROOMS = ("crypto", "store", "themes", "disclosure", "decisions")
DOORS = ("intake", "opening", "publishing", "custody")
FLOORS = {
    "errors": 0,
    "shapes": 0,
    "memory": 0,
    "look": 0,
    "settings": 0.1,
    "folder": 0.2,
    "questionnaire": 1,
    **dict.fromkeys(ROOMS, 2),
    **dict.fromkeys(("rounds", "keyrings", "passphrases", "codebooks"), 3),
    "ledgers": 3.5,
    **dict.fromkeys((*DOORS, "backup", "exports", "handouts", "paraphrases", "pooling"), 4),
    **dict.fromkeys(("posting", "importing", "status", "withdrawing", "drafting"), 5),
    **dict.fromkeys(("ui", "web"), 6),
    **dict.fromkeys(("app", "pages", "demonstration"), 7),
    "commands": 8,
    "cli": 9,
    "cards": 3.5,
    "team_file": 3.5,
    "asking": 5,
}
ONLY_IMPORTERS = {
    "cryptography": ("feedback/crypto/",),
    "sqlalchemy": ("feedback/store/",),
    "psycopg": ("feedback/store/",),
    "sqlite3": ("feedback/store/",),
    "streamlit": ("feedback/ui/", "pages/", "app.py"),
    "altair": ("feedback/ui/",),
    "sklearn": ("feedback/themes/",),
    "scipy": ("feedback/disclosure/",),
    "jinja2": ("feedback/web/",),
    "typst": ("feedback/handouts/press.py",),
    "vl_convert": ("feedback/ui/pictures.py",),
}
LONGEST_MODULE = 420
LONGEST_FUNCTION = 60
LONGEST_PAGE = 90


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room(name: str) -> str:
    parts = name.split(".")
    return parts[1] if parts[0] == "feedback" and len(parts) > 1 else parts[0]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def module_name(path: Path) -> str:
    return place(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_arrows_point_down(path):
    here = room(module_name(path))
    if module_name(path) == "feedback":
        return
    for name in imports(path):
        if name.split(".")[0] not in {"feedback", "app", "pages"}:
            continue
        there = room(name)
        beside = (here, there) == ("ui", "web")  # both sides in one application
        assert there == here or beside or FLOORS[there] < FLOORS[here], (
            f"{place(path)} (floor {FLOORS[here]}) imports {name} (floor {FLOORS[there]})"
        )


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_library_has_one_importer(path):
    for name in imports(path):
        allowed = ONLY_IMPORTERS.get(name.split(".")[0])
        assert allowed is None or place(path).startswith(allowed), f"{place(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_modules_begin_with_one_sentence_and_stay_short(path):
    text = path.read_text(encoding="utf-8")
    first = (ast.get_docstring(ast.parse(text)) or "").split("\n\n")[0]
    assert re.fullmatch(r"[A-Z].{8,}[.:]", first, re.DOTALL), f"{place(path)}: {first!r}"
    assert len(text.splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_functions_stay_short(path):
    longest = LONGEST_PAGE if place(path).startswith("pages/") else LONGEST_FUNCTION
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= longest, f"{place(path)}:{node.name} has {length} lines"


def loaded_after(code: str, **env: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **env},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


def test_the_form_process_loads_nothing_that_opens(make_form_team, tmp_path):
    team = make_form_team(tmp_path / "team")
    loaded = loaded_after("import app", THROUGHLINE_SURFACE="form", THROUGHLINE_DATA=str(team.path))
    forbidden = {
        "streamlit",
        "pandas",
        "pydantic",
        "sqlalchemy",
        "typst",
        "vl_convert",
        "feedback.opening",
        "feedback.publishing",
        "feedback.custody",
        "feedback.crypto.keyring",
        "feedback.crypto.agefile",
    }
    assert "feedback.web" in loaded
    assert loaded.isdisjoint(forbidden), loaded & forbidden


def test_the_team_side_never_loads_the_way_out_of_the_envelopes(tmp_path):
    loaded = loaded_after("import app", THROUGHLINE_SURFACE="team", THROUGHLINE_DATA=str(tmp_path))
    assert "feedback.ui" in loaded
    assert "feedback.opening" not in loaded


def test_the_press_and_the_chart_program_wait_until_somebody_asks():
    parts = "handing_out, handout_buttons, meeting_parts, pictures, poster_parts, release_view"
    loaded = loaded_after(f"from feedback.ui import {parts}")
    assert loaded.isdisjoint({"typst", "vl_convert"})


def test_pages_do_not_lie_beside_a_main_script():
    assert not list((ROOT / "pages").glob("*.py"))
    assert not (ROOT / "feedback" / "ui" / "pages").exists()


def test_every_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {
        re.split("==", line)[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    }
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *itertools.chain.from_iterable(extras)]
    names = {re.split(r"[\[>=<]", line)[0].lower().replace("_", "-") for line in wanted}
    assert names - {"throughline"} <= pinned


def test_nothing_that_was_opened_can_be_kept_in_a_cache():
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"cache_data|\bpickle\b|joblib\.dump|unsafe_allow_html", text), path
