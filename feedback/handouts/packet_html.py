"""The packet or summary as one HTML file that prints on two pages and loads nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from feedback import look
from feedback.decisions.printed import Bar, Packet, PacketPart, SmallTable

PAPER_PT = 10.5  # a browser has wider fonts than the PDF, whose lists fit at 12 points
SHORT = 12  # letters; such a cell is kept on one line: a date, a state
BAR_WIDTH, BAR_HEIGHT, BAND_HEIGHT = 120, 9, 16  # pixels

_STYLE = f"""
:root {{ {look.LIGHT.to_css()} }}
@page {{ size: letter; margin: 10mm 13mm; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; padding: 1.5rem; max-width: 60rem; color: var(--ink);
  background: #fff; font: {look.PRINT_PT}pt/1.4 {look.SANS}; }}
h1, h2 {{ font-family: {look.SERIF}; line-height: 1.2; margin: 0 0 .3em; }}
h1 {{ font-size: 1.7em; }}
h2 {{ font-size: 1.2em; margin-top: 1em; color: var(--green); break-after: avoid; }}
p {{ margin: .2em 0; }}
ul {{ margin: .2em 0 .4em; padding-left: 1.2em; }}
table {{ width: 100%; border-collapse: collapse; margin: .3em 0; font-size: .95em; }}
th, td {{ text-align: left; vertical-align: top; padding: .25em .6em .25em 0;
  border-bottom: 1px solid var(--line); }}
section {{ break-inside: avoid; }}
.page + .page {{ break-before: page; }}
.quiet {{ color: var(--quiet); font-size: .9em; }}
.banner {{ border: 2px solid var(--warm); padding: .3em .6em; }}
.ends {{ display: flex; justify-content: space-between; width: {BAR_WIDTH}px; }}
.shell {{ fill: none; stroke: var(--edge); }}
.share {{ fill: var(--green); }}
.band {{ stroke: var(--ink); stroke-width: 1.5; fill: none; }}
.half {{ stroke: var(--edge); stroke-dasharray: 1 2; }}
svg {{ display: block; margin-top: .3em; forced-color-adjust: none; }}
#agenda ol {{ columns: 2; margin: .2em 0; padding-left: 1.4em; }}
.source {{ overflow-wrap: anywhere; }}
.drawn td:nth-child(n + 3), .even {{ white-space: nowrap; }}
@media (max-width: 40rem) {{
  body {{ padding: .8rem; }}
  thead {{ position: absolute; clip-path: inset(50%); }}
  table, tbody, tr, td {{ display: block; }}
  td, .drawn td:nth-child(n + 3), .even {{ border: 0; padding: .1em 0; white-space: normal; }}
  td[data-head]::before {{ content: attr(data-head) ": "; color: var(--quiet); }}
  td:first-child {{ font-weight: 600; }}
  tr {{ border-bottom: 1px solid var(--line); padding: .4em 0; }}
  #agenda ol {{ columns: 1; }}
}}
@media print {{
  body {{ padding: 0; max-width: none; font-size: {PAPER_PT}pt; line-height: 1.25; }}
  h2 {{ margin-top: .6em; }}
  p, ul, table {{ margin: .1em 0; }}
  th, td {{ padding: .12em .6em .12em 0; }}
  svg, .share {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
}}
"""


_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def packet_page(packet: Packet, *, demonstration: bool = False) -> bytes:
    """Return the packet as an HTML page in UTF-8. It forbids itself to load anything."""
    banner = "<p class='banner'>Demonstration: everything here is invented.</p>"
    pages = "".join(
        f"<div class='page'>{''.join(_part(part) for part in page)}</div>" for page in packet.pages
    )
    source = f"<p class='quiet source'>{escape(packet.source)}</p>" if packet.source else ""
    body = (
        f"<h1>{escape(packet.title)}</h1><p class='quiet'>{escape(packet.subtitle)}</p>"
        f"{banner if demonstration else ''}{pages}{source}"
    )
    head = (
        "<meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        "<meta name='viewport' content='width=device-width'>"
        "<meta name='referrer' content='no-referrer'>"
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
    tag = "ol" if part.id == "agenda" else "ul"
    points = f"<{tag}>{_each('li', part.points)}</{tag}>" if part.points else ""
    return (
        f"<section id='{escape(part.id)}'><h2>{escape(part.heading)}</h2>"
        f"{sentences}{points}{table}{note}</section>"
    )


def _table(table: SmallTable) -> str:
    head = [f"<th scope='col'>{escape(column)}</th>" for column in table.columns]
    rows = [
        [_cell(cell, column) for column, cell in zip(("", *table.columns[1:]), row, strict=True)]
        for row in table.rows
    ]
    if table.bars:
        ends = "<span class='ends'><span>none</span> <span>half</span> <span>all</span></span>"
        head.insert(1, f"<th scope='col'>{ends}</th>")
        for row, bar in zip(rows, table.bars, strict=True):
            row.insert(1, f"<td>{_drawn(bar)}</td>")
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    kind = " class='drawn'" if table.bars else ""
    return f"<table{kind}><thead><tr>{''.join(head)}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str, head: str) -> str:
    """Return a cell; it says its column where a narrow screen has no room for the head."""
    even = " class='even'" if len(text) <= SHORT else ""
    said = f" data-head='{escape(head)}'" if head else ""
    return f"<td{even}{said}>{escape(text)}</td>"


def _drawn(bar: Bar) -> str:
    """Return a bar: dark on white with a rim, so that it can be read without colour."""
    share, low, high = (round(at * BAR_WIDTH, 1) for at in (bar.share, bar.low, bar.high))
    middle, half = (BAR_HEIGHT + BAND_HEIGHT) / 2, BAR_WIDTH / 2
    band = f"M{low} {middle - 3}v6m0-3H{high}m0-3v6"
    return (
        f"<svg role='img' aria-label='{escape(bar.text)}' width='{BAR_WIDTH}' "
        f"height='{BAND_HEIGHT}' viewBox='-1 0 {BAR_WIDTH + 2} {BAND_HEIGHT}'>"
        f"<rect class='shell' width='{BAR_WIDTH}' height='{BAR_HEIGHT}'/>"
        f"<rect class='share' width='{share}' height='{BAR_HEIGHT}'/>"
        f"<path class='half' d='M{half} 0v{BAR_HEIGHT}'/><path class='band' d='{band}'/></svg>"
    )


def _each(tag: str, texts: Iterable[str]) -> str:
    return "".join(f"<{tag}>{escape(str(text))}</{tag}>" for text in texts)
