"""What a browser needs to lock answers itself: two public keys, and the places of the options."""

from __future__ import annotations

import base64
import json

from feedback.questionnaire.definition import Kind, Question
from feedback.rounds import Round


def key_sheet(opened: Round) -> bytes:
    """Return the JSON that ``seal.js`` reads. Everything in it is public.

    ``v`` and ``f`` name the questionnaire, ``place`` binds to deployment and team, ``codes``
    and ``words`` are the keys (base64), ``asked`` says by question id how an answer is packed.
    """
    codes, words = (_text(recipient.public) for recipient in opened.recipients)
    sheet = {
        "v": opened.questionnaire.edition,
        "f": opened.questionnaire.digest,
        "place": _text(opened.context),
        "codes": codes,
        "words": words,
        "asked": {question.id: _asked(question) for question in opened.questionnaire.questions},
    }
    return json.dumps(sheet, separators=(",", ":")).encode()


def _asked(question: Question) -> dict[str, object]:
    if question.kind is Kind.OPEN:
        return {"kind": question.kind, "longest": question.longest}
    return {
        "kind": question.kind,
        "options": question.option_ids,
        "alone": [option.id for option in question.options if option.alone],
    }


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
