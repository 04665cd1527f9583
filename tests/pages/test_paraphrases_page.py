"""The page for paraphrases before there is a release."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[2] / "pages" / "custodian" / "paraphrases.py"


def test_before_a_release_a_custodian_reads_why_there_is_nothing_to_reword(
    make_form_team, tmp_path, monkeypatch
):
    monkeypatch.setenv("THROUGHLINE_DATA", str(make_form_team(tmp_path / "team").path))
    monkeypatch.setenv("THROUGHLINE_SURFACE", "all")
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["signed_in"] = True
    page.run()
    assert "There is no release yet." in page.info[0].value
    assert not page.text_area
    assert not page.text_input
