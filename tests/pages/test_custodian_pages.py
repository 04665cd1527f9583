"""What stands on top of each page of custodians."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "pages" / "custodian"
NAMES = sorted(page.stem for page in PAGES.glob("*.py"))


@pytest.fixture
def show(monkeypatch):
    """Return a function that runs a page for a custodian who signed in."""

    def run(name, team):
        monkeypatch.setenv("THROUGHLINE_DATA", str(team.path))
        monkeypatch.setenv("THROUGHLINE_SURFACE", "custodian")
        page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=60)
        page.session_state["signed_in"] = True
        page.run()
        assert not page.exception, page.exception
        return page

    return run


def says_invented(page):
    return any("is invented" in box.value for box in page.info)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_that_a_demonstration_is_invented(show, demonstration, name):
    assert says_invented(show(name, demonstration))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_a_real_team_does_not(show, make_form_team, tmp_path, name):
    assert not says_invented(show(name, make_form_team(tmp_path / "team")))


@pytest.mark.parametrize("name", NAMES)
def test_from_a_page_one_can_sign_out(show, make_form_team, tmp_path, name):
    page = show(name, make_form_team(tmp_path / "team"))
    next(button for button in page.button if button.label == "Sign out").click().run()
    assert [field.label for field in page.text_input] == ["Team password"]
