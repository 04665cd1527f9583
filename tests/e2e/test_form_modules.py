"""A module, what was said last time, and a card: sealed in the browser and without a script."""

import pytest

from feedback.cards import make_cards
from feedback.folder import Folder
from feedback.questionnaire.definition import Kind, load_questionnaire
from feedback.questionnaire.modules import compose, modules
from feedback.store.box import open_box

HEARD = [{"en": "Rides and distance", "es": "Transporte y distancia"}]


@pytest.fixture
def served(own_server):
    """Return a form with the module of most answers, and with two cards."""
    core = load_questionnaire()
    largest = max(modules().values(), key=lambda m: sum(len(q.options) for q in m.questions))
    team = own_server.team
    team.ask(compose(core, module=largest, heard=HEARD))
    with open_box(team.path / "box.sqlite") as box:
        codes = make_cards(Folder(team.path), team.round, box, 2)
    return own_server, codes


def used(team):
    with open_box(team.path / "box.sqlite") as box:
        return box.cards_used(team.round.id)


def answer_everything(page, asked):
    """Tick the last answer of every question, or all that may stand together."""
    for question in asked.questions:
        if question.kind is Kind.OPEN:
            page.fill(f"#t-{question.id}", "More rides at night.")
            continue
        together = [option.id for option in question.options if not option.alone]
        for option in together if question.kind is Kind.MULTI else together[-1:]:
            page.check(f"input[name={question.id}][value={option}]")


@pytest.mark.parametrize("script", [True, False])
def test_everything_is_sealed_and_the_card_counts_once(served, browse, script):
    server, codes = served
    asked = server.team.round.questionnaire
    page = browse(script=script)
    for _ in range(2):
        page.goto(f"{server.url}/form")
        answer_everything(page, asked)
        page.fill("#card", codes[0].lower())
        page.click("#go")
        page.wait_for_url("**/done*")
    assert used(server.team) == 1
    responses = server.team.responses()
    assert len(responses) == 2
    for answers, texts in responses:
        assert set(answers.picked) | set(texts) == set(asked.by_id)
        assert codes[0] not in f"{answers}{texts}"


def test_every_sealed_request_has_the_same_length_with_or_without_a_card(served, browse):
    server, codes = served
    sent = []
    page = browse()
    page.on("request", lambda r: sent.append(r) if r.url.endswith("/sealed") else None)
    for card in ("", codes[0], "typed wrong"):
        page.goto(f"{server.url}/form")
        page.fill("#card", card)
        page.click("#go")
        page.wait_for_url("**/done*")
    assert {len(request.headers["x-card"]) for request in sent} == {12}
    assert {len(request.post_data_buffer) for request in sent} == {7432}
    assert not [url for url in page.asked if codes[0].replace("-", "") in url]


def test_a_card_is_gone_from_the_page_after_leave(served, browse):
    server, codes = served
    page = browse()
    page.goto(f"{server.url}/form")
    page.fill("#card", codes[0])
    page.route("**/leave", lambda route: route.fulfill(status=204))
    page.click("a.low")
    assert page.input_value("#card") == ""


def test_staff_type_a_card_from_paper(served, browse):
    server, codes = served
    page = browse()
    page.goto(f"{server.url}/form?paper=1")
    page.fill("#card", codes[1])
    page.keyboard.press("Enter")
    page.wait_for_url("**saved=1")
    assert page.input_value("#card") == ""
    assert used(server.team) == 1
