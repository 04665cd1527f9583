"""The sheet of cards that a team prints, cuts, folds and puts into a bowl."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from feedback.questionnaire.catalogue import Language
from feedback.web.pages import HERE, make_environment, squeeze

ASK = "You have ideas. We want to hear them."
HOW = "Type this at the end of the form. It works one time."
WHOSE = "No one wrote down who has this card. You can throw it away."


def card_facts(
    codes: Sequence[str], languages: Sequence[Language], address: str = ""
) -> dict[str, Any]:
    """Return what stands on the cards, in every language of the team, as plain data."""
    said = [
        {
            "tag": language.tag,
            "direction": language.direction,
            "ask": language.translate(ASK),
            "how": language.translate(HOW),
            "whose": language.translate(WHOSE),
        }
        for language in languages
    ]
    return {"codes": list(codes), "said": said, "address": address}


def card_page(facts: dict[str, Any]) -> bytes:
    """Return the cards as a page to print, eight on a sheet."""
    style = squeeze((HERE / "static/cards.css").read_text(encoding="utf-8"))
    template = make_environment().get_template("cards.html")
    return template.render(facts, style=Markup(style)).encode()  # noqa: S704
