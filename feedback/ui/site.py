"""The main script of the team side: who may see which page, and the way between them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from feedback.ui import gate, navigation, wall
from feedback.ui.widgets import SAID

ICON = Path(__file__).with_name("icon.png")
# What was saved is said at the top of a page that may be scrolled far down. Streamlit shows where
# the keyboard is by a tint that can hardly be seen on links and choices, and lets what has it lie
# under the menu. It hangs three buttons on each chart, one of which copies code; a table stands
# beside each, and files of every chart on the page of files. It breaks the words of a cell where
# there is room beside them, draws the key of a button so pale that its letters are hard to read on
# green, cuts a link whose words need a second line, and draws what is chosen among pills, and a
# plain button under the mouse, in the colour of buttons, which is too dark for letters at night.
# The parts of a date are smaller than a finger needs. On paper, boxes that are measured for a
# screen print over each other; a plain flow does not.
READABLE = f"""<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-{SAID} [data-testid="stAlert"]) {{
  position: sticky; top: 4rem; z-index: 9;
}}
a:focus-visible, summary:focus-visible, label:has(:focus-visible) {{
  outline: 3px solid CanvasText !important; outline-offset: 2px;
}}
[data-testid="stMain"] {{ scroll-padding-top: 5rem }}
[data-testid="stBaseButton-tertiary"]:hover {{
  color: inherit !important; text-decoration: underline;
}}
[data-testid="stElementToolbar"] {{ display: none }}
[data-testid="stTable"] td * {{ max-width: none !important }}
@media (min-width: 64rem) {{ [data-testid="stTable"] th {{ white-space: nowrap }} }}
button kbd {{ opacity: 1 !important }}
[data-testid="stPageLink-NavLink"] * {{ white-space: normal }}
span[role="spinbutton"] {{ display: inline-block; min-width: 24px; min-height: 24px }}
button[data-variant][aria-pressed="true"] {{ color: inherit !important; font-weight: 600 }}
@media print {{
  [data-testid$="Block"], [data-testid="stColumn"] {{ display: block !important; width: 100% }}
  [data-testid$="Block"] > * {{ margin-block-end: 1rem }}
  [data-testid="stElementContainer"] {{ break-inside: avoid }}
  [data-testid="stElementContainer"]:has(h2, h3) {{ break-after: avoid }}
}}
</style>"""


def main() -> None:
    """Draw the sign-in page, or the page that was asked for."""
    team = gate.team()
    # An icon by name would be fetched from another host.
    st.set_page_config(page_title=team.name, page_icon=ICON, layout="wide")
    st.html(READABLE)
    # The address of a page is kept while somebody signs in.
    signed_in = gate.signed_in()
    page = navigation.menu(hidden=not signed_in or wall.is_on())
    if signed_in:
        page.run()
    else:
        gate.sign_in()


main()
