"""A round with a module, themes and cards, from team.toml through sealed answers to a release."""

import asyncio
import json
from datetime import date
from urllib.parse import urlencode

import httpx
import pytest

from feedback import ledgers
from feedback.questionnaire.modules import modules
from feedback.rounds import load_round, open_round, quarter
from feedback.settings import Settings
from feedback.team_file import Edit, change_team
from feedback.web.limits import Limits
from feedback.web.site import create_form_app

MODULE = "housing"
PEOPLE = 24


@pytest.fixture
def given(demonstration, tmp_path):
    """Return a function that writes some custodians' passphrases into a file."""

    def some(*names):
        path = tmp_path / "-".join(name[:4] for name in names)
        path.write_text("".join(f"{name}: {demonstration.secrets[name]}\n" for name in names))
        path.chmod(0o600)
        return path

    return some


def add_round(folder, round_id):
    planned = folder.team().round_dates(round_id)
    wanted = {"module": MODULE, "sounds_right": True}
    edits = [
        Edit(key, getattr(planned, key), value, "rounds", round_id) for key, value in wanted.items()
    ]
    change_team(folder, edits, today=date(2026, 11, 23))


def send(folder, answers):
    """Send what people answered to the form's own routes, as browsers without a script do."""
    settings = Settings.from_env({"THROUGHLINE_DATA": str(folder.path)})
    app = create_form_app(settings, limits=Limits(per_address=1000, overall=1000))

    async def go():
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")
        async with client, app.router.lifespan_context(app):
            head = {"content-type": "application/x-www-form-urlencoded"}
            for fields in answers:
                body = urlencode({"lang": "en", **fields}, doseq=True)
                sent = await client.post("/form", content=body, headers=head)
                assert sent.status_code == 303, sent.text

    asyncio.run(go())


def test_a_round_asks_more_is_told_so_first_and_releases_it(
    throughline, demonstration, given, tmp_path
):
    folder = demonstration.folder
    before = open_round(folder).id
    year, part = before.split("-Q")
    round_id = quarter(date(int(year), 3 * int(part), 1), later=1)
    add_round(folder, round_id)
    everybody, two = given(*demonstration.secrets), given("Lead advocate", "Program director")
    one = given("Program director")

    throughline("round", "close", folder.path, before)
    opened = throughline("round", "open", folder.path, round_id, "--passphrases-file", everybody)
    for question in modules()[MODULE].questions:
        assert f"It also asks: {question.text}" in opened.output
    assert "It also asks: Last time, people told us: " in opened.output

    throughline("cards", folder.path, round_id, "--count", "30", "--out", tmp_path / "cards.html")
    people = [
        {"path": ["got_help", "did_not_ask"][n % 2], "sounds_right": ["yes", "partly"][n % 2],
         "shel_type": ["hotel", "family"], "shel_rules": "agree", "respect": "agree"}
        for n in range(PEOPLE)
    ]  # fmt: skip
    send(folder, people[:19])
    refused = throughline("round", "close", folder.path, round_id, code=1)
    assert "stays open" in refused.stderr  # nineteen without a card are not enough
    send(folder, people[19:])
    told = json.loads(throughline("status", folder.path, "--json").output)
    assert not [sentence for sentence in told["attention"] if "card" in sentence]
    throughline("round", "close", folder.path, round_id)
    assert "without a card" in throughline("status", folder.path, code=1).output

    # The round before is still to be released: one after the other.
    for each in (before, round_id):
        throughline("open", folder.path, "--round", each, "--passphrases-file", two)
        throughline("release", "build", folder.path, each, "--passphrases-file", two)
        throughline("release", "check", folder.path, each)
        throughline("release", "publish", folder.path, each, "--passphrases-file", one)
    throughline("verify", folder.path)

    release = ledgers.releases(folder)[-1]
    assert release.plan.round == round_id
    said = release.plan.question("sounds_right")
    assert said.text.startswith("Last time, people told us: ")
    assert [answer.id for answer in said.answers] == ["yes", "partly", "no", "not_sure"]
    assert release.plan.questionnaire.id == f"core_{MODULE}_said"
    rows = [row for row in ledgers.published_rows([release]) if row["question"] == "shel_type"]
    assert any(row["count"] for row in rows)
    frozen = json.loads(folder.round(round_id).read_bytes())["questionnaire"]
    assert load_round(folder, round_id).questionnaire.to_dict() == frozen
