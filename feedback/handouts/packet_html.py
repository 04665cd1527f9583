"""The meeting packet as one HTML file that prints on two pages and loads nothing."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from feedback import look
from feedback.decisions.printed import Packet, PacketPart, SmallTable

PAPER_PT = 10  # the largest type in which a usual packet fits two sheets

_STYLE = f"""
:root {{ {look.LIGHT.to_css()} }}
@page {{ size: letter; margin: 11mm 14mm; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; padding: 1.5rem; max-width: 60rem; color: var(--ink);
  background: #fff; font: {look.PRINT_PT}pt/1.4 {look.SANS}; }}
h1, h2 {{ font-family: {look.SERIF}; line-height: 1.2; margin: 0 0 .3em; }}
h1 {{ font-size: 1.7em; }}
h2 {{ font-size: 1.2em; margin-top: 1em; color: var(--green); break-after: avoid; }}
p {{ margin: .2em 0; }}
ul {{ margin: .2em 0 .4em; padding-left: 1.2em; }}
table {{ width: 100%; border-collapse: collapse; margin: .3em 0; font-size: .86em; }}
th, td {{ text-align: left; vertical-align: top; padding: .25em .6em .25em 0;
  border-bottom: 1px solid var(--line); }}
section {{ break-inside: avoid; }}
.page + .page {{ break-before: page; }}
.quiet {{ color: var(--quiet); font-size: .82em; }}
.banner {{ border: 2px solid var(--warm); padding: .3em .6em; }}
@media print {{
  body {{ padding: 0; max-width: none; font-size: {PAPER_PT}pt; line-height: 1.28; }}
  h2 {{ margin-top: .6em; }}
  p, ul, table {{ margin: .1em 0; }}
  th, td {{ padding: .12em .6em .12em 0; }}
}}
"""


def packet_page(packet: Packet, *, demonstration: bool = False) -> bytes:
    """Return the packet as an HTML page in UTF-8."""
    banner = "<p class='banner'>Demonstration: everything here is invented.</p>"
    pages = "".join(
        f"<div class='page'>{''.join(_part(part) for part in page)}</div>" for page in packet.pages
    )
    body = (
        f"<h1>{escape(packet.title)}</h1><p class='quiet'>{escape(packet.subtitle)}</p>"
        f"{banner if demonstration else ''}{pages}"
    )
    head = (
        "<meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>{escape(packet.title)}</title><style>{_STYLE}</style>"
    )
    page = (
        f"<!doctype html><html lang='en'><head>{head}</head><body><main>{body}</main></body></html>"
    )
    return page.encode()


def _part(part: PacketPart) -> str:
    table = _table(part.table) if part.table else ""
    note = f"<p class='quiet'>{escape(part.note)}</p>" if part.note else ""
    sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in part.sentences)
    points = f"<ul>{_each('li', part.points)}</ul>" if part.points else ""
    return f"<section><h2>{escape(part.heading)}</h2>{sentences}{points}{table}{note}</section>"


def _table(table: SmallTable) -> str:
    head = "".join(f"<th scope='col'>{escape(column)}</th>" for column in table.columns)
    rows = "".join(f"<tr>{_each('td', row)}</tr>" for row in table.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _each(tag: str, texts: Iterable[str]) -> str:
    return "".join(f"<{tag}>{escape(str(text))}</{tag}>" for text in texts)
