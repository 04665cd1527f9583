"""What happens to answers: shown back to the person, or sealed by the first door and stored."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from feedback import intake
from feedback.crypto.envelope import ROW_BYTES, Refusal
from feedback.errors import EnvelopeRefused, InvalidAnswers, ThroughlineError
from feedback.questionnaire.answers import Answers, Mark, read_answers
from feedback.rounds import Round
from feedback.store.box import Box, open_box
from feedback.web import sheet as fields
from feedback.web.current import Current, Moment
from feedback.web.headers import comes_from_elsewhere
from feedback.web.limits import Limits
from feedback.web.look_over import look_over, take_out_of
from feedback.web.pages import Pages, View
from feedback.web.sheet import Sheet, TooLarge, read_body, read_sheet

WAITING = 4  # senders who wait for the disk at one time; each is a thread of 0.3 MB


class Storage:
    """The box, opened when the first row comes and kept open."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._gate = threading.Lock()
        self._box: Box | None = None
        self._limiter = CapacityLimiter(WAITING)

    async def run(self, store: Callable[[Box], None]) -> None:
        """Store something away from the event loop. Raises what the store raises."""
        await to_thread.run_sync(lambda: store(self._opened()), limiter=self._limiter)

    def close(self) -> None:
        """Let go of the box."""
        with self._gate:
            if self._box is not None:
                self._box.close()
            self._box = None

    def _opened(self) -> Box:
        with self._gate:
            if self._box is None:
                self._box = open_box(self._place)
            return self._box


@dataclass(frozen=True, slots=True)
class Sending:
    """The two addresses that take answers. Nothing here keeps or writes down what came."""

    current: Current
    pages: Pages
    storage: Storage
    limits: Limits
    view_of: Callable[[Request, Moment], View]

    async def form(self, request: Request) -> Response:
        """POST /form: plain answers, sealed here at once."""
        moment = self.current.now()
        view = self.view_of(request, moment)
        if comes_from_elsewhere(request.headers):
            return self._calm(request, moment, view, "elsewhere", 403)
        if _media_type(request) != "application/x-www-form-urlencoded":
            return self._calm(request, moment, view, "elsewhere", 415)
        try:
            sheet = read_sheet(await read_body(request, fields.SHEET_BYTES))
        except TooLarge:
            return self._calm(request, moment, view, "large", 413)
        if moment.round is None:
            return self._calm(request, moment, view, "closed", 409)
        view = self._view_with(sheet, view, moment)
        return await _Visit(self, request, moment, moment.round, view, sheet).answer()

    async def sealed(self, request: Request) -> Response:
        """POST /sealed: one row that was locked on the person's own device."""
        moment = self.current.now()
        if comes_from_elsewhere(request.headers):
            return Response(status_code=403)
        if _media_type(request) != "application/octet-stream":
            return Response(status_code=415)
        try:
            row = await read_body(request, ROW_BYTES)
        except TooLarge:
            return Response(status_code=413)
        if moment.round is None:
            return Response(status_code=409)
        return Response(status_code=await self._store_row(row, moment.round, request))

    async def _store_row(self, row: bytes, opened: Round, request: Request) -> int:
        address, card = sender(request), request.headers.get(fields.CARD_HEADER, "")
        if not self.limits.take(address):
            return 429
        try:
            await self.storage.run(lambda box: intake.submit_row(row, opened, box, card=card))
        except EnvelopeRefused as refused:
            return 409 if refused.reason == Refusal.KEY else 422
        except ThroughlineError:
            self.limits.give_back(address)
            return 503
        return 204

    def _calm(
        self, request: Request, moment: Moment, view: View, kind: str, status: int
    ) -> Response:
        page = self.pages.make("calm.html", moment, view, {"kind": kind, "refused": True})
        return page.response(request.headers, status)

    def _view_with(self, sheet: Sheet, view: View, moment: Moment) -> View:
        tags = [language.tag for language in self.pages.languages(moment.team)]
        lang = sheet.first(fields.LANG)
        return replace(
            view,
            lang=lang if lang in tags else view.lang,
            paper=view.paper or bool(sheet.first(fields.PAPER)),
        )


@dataclass(frozen=True, slots=True)
class _Visit:
    """One POST of answers, from the sheet to the page that answers it."""

    desk: Sending
    request: Request
    moment: Moment
    round: Round
    view: View
    sheet: Sheet = field(repr=False)

    async def answer(self) -> Response:
        if self.sheet.first(fields.DO) in (fields.CHANGE, fields.REMOVE):
            return self._look_again()
        if self.sheet.broken:
            return self._form(422, notice="letters")
        version = self.sheet.first(fields.VERSION)
        if version and version != self.round.questionnaire.edition:
            return self._form(422, notice="changed")
        try:
            answers = self._answers()
        except InvalidAnswers as refused:
            return self._form(422, problems=refused.problems)
        if not self._is_sure() and (findings := look_over(answers, self.round.questionnaire)):
            return self._page("check.html", 200, {"findings": findings, "fields": self._carried()})
        return await self._store(answers)

    def _look_again(self) -> Response:
        if self.sheet.first(fields.DO) == fields.CHANGE:
            return self._form(200)
        given = take_out_of(self._given(), self.round.questionnaire)
        return self._page("form.html", 200, {"given": given, "notice": "removed"})

    def _given(self) -> dict[str, tuple[str, ...]]:
        return self.sheet.given([*self.round.questionnaire.by_id, fields.SHARE, fields.CARD])

    def _answers(self) -> Answers:
        marks = {fields.PAPER: Mark.PAPER, fields.SHARE: Mark.SHARE, fields.TRAP: Mark.TRAP}
        made = {mark for name, mark in marks.items() if self.sheet.first(name)}
        if self.view.paper:
            made.add(Mark.PAPER)
        return read_answers(
            self.sheet.fields, self.round.questionnaire, lang=self.view.lang, marks=made
        )

    async def _store(self, answers: Answers) -> Response:
        limits, address = self.desk.limits, sender(self.request)
        card = self.sheet.first(fields.CARD)
        if not limits.take(address):
            return self._form(429, notice="busy")
        try:
            await self.desk.storage.run(
                lambda box: intake.submit(answers, self.round, box, card=card)
            )
        except ThroughlineError:
            limits.give_back(address)
            return self._form(503, notice="trouble")
        return RedirectResponse(self._next(), status_code=303)

    def _next(self) -> str:
        default = self.desk.pages.languages(self.moment.team)[0].tag
        if not self.view.paper:
            return self.view.link("/done", default)
        return self.view.link("/form", default) + "&saved=1"

    def _is_sure(self) -> bool:
        return bool(self.sheet.first(fields.SURE)) or self.sheet.first(fields.DO) == fields.SEND

    def _carried(self) -> tuple[tuple[str, str], ...]:
        return self.sheet.without((fields.DO, fields.SURE))

    def _form(
        self, status: int, *, notice: str = "", problems: Mapping[str, str] | None = None
    ) -> Response:
        facts = {"given": self._given(), "notice": notice, "problems": problems or {}}
        return self._page("form.html", status, facts)

    def _page(self, template: str, status: int, facts: Mapping[str, object]) -> Response:
        page = self.desk.pages.make(template, self.moment, self.view, facts)
        return page.response(self.request.headers, status)


def sender(request: Request) -> str:
    """Return the address that a request came from; it is used as a key and then forgotten."""
    return request.client.host if request.client else ""


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
