"""Every page of the form as bytes: made from the questionnaire, packed once and kept."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.responses import Response

from feedback import look
from feedback.questionnaire.catalogue import Catalogue, Language
from feedback.questionnaire.definition import Questionnaire
from feedback.settings import TeamFile
from feedback.web.board import entries_for
from feedback.web.current import Moment
from feedback.web.headers import POLICY, content_policy

HERE = Path(__file__).parent
FORGETTING = {"done.html", "away.html"}  # pages that ask for /after.css
KEPT_LEVEL, FRESH_LEVEL = 9, 5  # gzip: what is made once, and what is made for one answer


@dataclass(frozen=True, slots=True)
class View:
    """How one person looks at the form; all of it stands in the address."""

    lang: str
    path: str = "/"
    kiosk: bool = False
    paper: bool = False
    saved: bool = False

    def link(self, path: str, default: str, lang: str = "") -> str:
        """Return an address of ours that keeps the view."""
        lang = lang or self.lang
        query = {
            "lang": lang if lang != default else "",
            "kiosk": "1" if self.kiosk else "",
            "paper": "1" if self.paper and path == "/form" else "",
        }
        kept = urlencode({name: text for name, text in query.items() if text})
        return f"{path}?{kept}" if kept else path


@dataclass(frozen=True, slots=True)
class Page:
    """A page or script ready to send: as it is, and packed with gzip."""

    plain: bytes = field(repr=False)
    packed: bytes = field(repr=False)
    policy: str
    kind: str = "text/html; charset=utf-8"

    def response(self, headers: Headers, status: int = 200) -> Response:
        """Return it as the answer to a request with these headers."""
        packs = "gzip" in headers.get("accept-encoding", "")
        response = Response(self.packed if packs else self.plain, status, media_type=self.kind)
        response.headers[POLICY] = self.policy
        if packs:
            response.headers["content-encoding"] = "gzip"
        return response


class Pages:
    """The pages: `keep` for what is the same for everybody, `make` for what is for one person."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._style = base_style()
        self._paper_style = squeeze((HERE / "static/paper.css").read_text(encoding="utf-8"))
        self._env = make_environment()
        self._moment: Moment | None = None
        self._kept: dict[tuple[str, View], Page] = {}

    def languages(self, team: TeamFile) -> tuple[Language, ...]:
        """Return the languages that a team offers; the first is the one without a choice."""
        return self.catalogue.offered(team.languages)

    def keep(self, template: str, moment: Moment, view: View) -> Page:
        """Return a page that is made once for all who look the same way at the same moment."""
        if moment is not self._moment:
            self._moment, self._kept = moment, {}
        key = (template, view)
        if key not in self._kept:
            self._kept[key] = self.make(template, moment, view, level=KEPT_LEVEL)
        return self._kept[key]

    def make(
        self,
        template: str,
        moment: Moment,
        view: View,
        facts: Mapping[str, object] = MappingProxyType({}),
        *,
        level: int = FRESH_LEVEL,
    ) -> Page:
        """Return a page with these facts on it; nothing of it is kept."""
        more = self._more_style(template, moment)
        context = {**self._context(moment, view), "more_style": Markup(more), **facts}  # noqa: S704
        plain = self._env.get_template(template).render(context).encode()
        styles = [style for style in (self._style, more) if style]
        policy = content_policy(styles, own_files=template in FORGETTING)
        return Page(plain, gzip.compress(plain, level, mtime=0), policy)

    def _more_style(self, template: str, moment: Moment) -> str:
        if template in {"paper.html", "poster.html"}:
            return self._paper_style
        if template == "form.html" and moment.round:
            return branch_style(moment.round.questionnaire)
        return ""

    def _context(self, moment: Moment, view: View) -> dict[str, object]:
        languages = self.languages(moment.team)
        lang = self.catalogue[view.lang]
        asked = moment.round.questionnaire if moment.round else None
        return {
            "_": lang.translate,
            "lang": lang,
            "languages": languages,
            "link": lambda path, tag="": view.link(path, languages[0].tag, tag),
            "here": view.path,
            "style": Markup(self._style),  # noqa: S704
            "today": moment.today,
            "team": moment.team,
            "dates": moment.dates,
            "entries": entries_for(moment.board, view.lang),
            "is_open": asked is not None,
            "cards": moment.cards,
            "is_form": view.path == "/form",
            "kiosk": view.kiosk,
            "paper": view.paper,
            "saved": view.saved,
            "sections": asked.sections if asked else (),
            "questions": asked.questions if asked else (),
            "version": asked.edition if asked else "",
            "given": {},
            "problems": {},
            "notice": "",
        }


def make_environment() -> Environment:
    """Return what fills templates in; whatever is put into one is escaped."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters["dialled"] = dialled
    return env


def base_style() -> str:
    """Return the style of every page: the tokens of `look`, then the rules."""
    tokens = (
        f"--serif:{look.SERIF};--sans:{look.SANS};"
        f"--corner:{look.CORNER_PX}px;--touch:{look.TOUCH_PX}px;"
    )
    rules = (HERE / "static/style.css").read_text(encoding="utf-8")
    return squeeze(
        f":root{{color-scheme:light dark;{tokens}{look.LIGHT.to_css()}}}"
        f"@media(prefers-color-scheme:dark){{:root{{{look.DARK.to_css()}}}}}" + rules
    )


def branch_style(questionnaire: Questionnaire) -> str:
    """Return the rules that fold a section away for people whom it does not ask."""
    rules = []
    for section in questionnaire.sections:
        if section.skip_when:
            asked = f"#q-{section.skip_when.question} "
            whom = ",".join(f"{asked}[value={a}]:checked" for a in section.skip_when.answers)
            part = f"form:has({whom}) #s-{section.id} "
            rules.append(f"{part}.body,{part}.skippart{{display:none}}")
            rules.append(f"{part}.passed{{display:block}}")
    return "".join(rules)


def squeeze(css: str) -> str:
    """Return CSS without comments and without the space that only people need."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,])\s*", r"\1", css).replace(";}", "}").replace(": ", ":").strip()


def dialled(number: str) -> str:
    """Return the digits that a phone dials: the last number in a text such as «HOME to 741741»."""
    found = re.findall(r"\+?\d[\d\s().-]*", number)
    return re.sub(r"[^\d+]", "", found[-1]) if found else ""


def qr_code(address: str) -> Markup:
    """Return a QR code as inline SVG, black on white, with room for a torn corner."""
    import segno  # a megabyte that no respondent ever needs

    out = io.BytesIO()
    code = segno.make(address, error="q", micro=False)
    code.save(out, kind="svg", xmldecl=False, omitsize=True, svgclass=None, lineclass=None)
    return Markup(out.getvalue().decode())  # noqa: S704
