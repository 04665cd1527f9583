"""Withdrawing on the release page, and what team pages say and do not say afterwards."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from feedback import custody, ledgers, withdrawing
from feedback.disclosure.withdrawal import Reason

PAGES = Path(__file__).parents[2] / "pages"
FIRST, SECOND = "Lead advocate", "Program director"


@pytest.fixture
def place(demonstration, monkeypatch):
    monkeypatch.setenv("THROUGHLINE_DATA", str(demonstration.path))
    monkeypatch.setenv("THROUGHLINE_SURFACE", "all")
    return demonstration


def page(name):
    found = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=60)
    found.session_state["signed_in"] = True
    found.run()
    assert not found.exception, found.exception
    return found


def labelled(elements, label):
    return next(element for element in elements if element.label == label)


def fill(shown, place, second=SECOND, *, sure=True):
    labelled(shown.text_input, "First custodian's passphrase").input(place.secrets[FIRST])
    labelled(shown.selectbox, "Second custodian").select(second)
    labelled(shown.text_input, "Second custodian's passphrase").input(place.secrets[second])
    if sure:
        labelled(shown.checkbox, "Yes, withdraw it for good").check()
    labelled(shown.button, "Withdraw the release").click().run()


def test_two_custodians_withdraw_the_newest_release(place):
    shown = page("custodian/release")
    fill(shown, place)
    assert [box.value for box in shown.success] == ["Release 2 is withdrawn."]
    assert any("Release 2 was withdrawn on" in box.value for box in shown.info)
    assert [each.number for each in ledgers.releases(place.folder)] == [1]
    assert not set(place.secrets.values()) & {field.value for field in shown.text_input}
    assert (
        "withdraw-words-1" not in shown.session_state
        or not (shown.session_state["withdraw-words-1"])
    )


def test_one_custodian_twice_or_without_the_tick_withdraws_nothing(place):
    shown = page("custodian/release")
    fill(shown, place, FIRST)
    assert any("Two custodians withdraw a release together" in box.value for box in shown.error)
    shown = page("custodian/release")
    fill(shown, place, sure=False)
    assert [box.value for box in shown.error] == ["Tick the box if you are sure."]
    assert ledgers.withdrawals(place.folder) == ()


@pytest.mark.parametrize("name", ["what_we_heard", "export", "decisions", "themes", "meeting"])
def test_every_page_says_that_a_release_was_withdrawn(place, name):
    seed = custody.unlock_team(place.folder, {n: place.secrets[n] for n in (FIRST, SECOND)})
    both, day = (FIRST, SECOND), date(2026, 12, 1)
    withdrawing.withdraw(place.folder, 2, seed, by=both, reason=Reason.FRAUD, today=day)
    shown = page(f"team/{name}")
    assert any("Release 2 was withdrawn on 1 December 2026" in box.value for box in shown.info)
    said = " ".join(element.value for element in (*shown.markdown, *shown.caption))
    assert "Release 2," not in said
    assert not any("Release 2:" in str(option) for box in shown.selectbox for option in box.options)
