"""The rounds on the settings page: what can still be changed stands open, the rest is folded."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from feedback.rounds import State, states

PAGE = Path(__file__).parents[2] / "pages" / "team" / "settings.py"


def test_released_rounds_lie_folded_and_promise_no_days(demonstration, monkeypatch):
    monkeypatch.setenv("THROUGHLINE_DATA", str(demonstration.path))
    monkeypatch.setenv("THROUGHLINE_SURFACE", "all")
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["signed_in"] = True
    page.run()
    assert not page.exception
    known = states(demonstration.folder)
    released = [name for name, state in known.items() if state is State.RELEASED]
    folds = {fold.label: fold for fold in page.expander}
    lines = (
        folds[f"Released rounds: {len(released)}"].markdown[0].value.replace("\\", "").splitlines()
    )
    assert sorted(line.split("**")[1] for line in lines) == sorted(released)
    open_or_to_come = len(known) - len(released) + 1
    assert sum(box.value.startswith("Closes: ") for box in page.caption) == open_or_to_come
