"""The agenda on the wall: a measure is drawn there only when something is known of it."""

import pytest

from feedback.ui.wall import SHOW


@pytest.mark.parametrize(("people", "drawn"), [(10, 0), (60, 1)])
def test_the_wall_draws_a_measure_only_when_something_is_known_of_it(
    make_page_team, tmp_path, monkeypatch, show, people, drawn
):
    monkeypatch.setenv("THROUGHLINE_DATA", str(tmp_path / "team"))
    monkeypatch.setenv("THROUGHLINE_SURFACE", "team")
    ours = make_page_team(tmp_path / "team")
    ours.release(people, chapter=0)
    ours.write()
    page = show("meeting", **{SHOW: "6"})
    assert page.title[0].value.startswith("6. Did it help?")
    assert len(page.table) == drawn
