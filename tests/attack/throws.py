"""Reading several tables together: numbers that the gate rounds up or down by one shared throw.

The gate rounds "no answer" of a row in every question by the same secret throw, so that nobody
can average it away. Who knows one of these counts exactly learns something of the throw, and with
it something of all the others. Grouping questions, whose counts the attacker knows, have throws
of their own. A table that had to be drawn again has others too, which nobody can see: so what is
found here may be wrong, and counts for something only where it is always right.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.attack.attacker import (
    Asked,
    Finding,
    Knowledge,
    allowed,
    attack_bounded,
    group_columns,
    people_of_row,
)

SHARED = ("skipped", "none", "does_not_apply")


def attack_together(
    table: pd.DataFrame, known: Knowledge, *, groups_too: bool = False
) -> list[Finding]:
    """Return what all tables of a release give away when they are read together."""
    return attack_bounded(sharper(allowed(table, known), known, groups_too=groups_too), known)


def sharper(table: pd.DataFrame, known: Knowledge, *, groups_too: bool = False) -> pd.DataFrame:
    """Return the table with ``low`` and ``high`` as narrow as shared throws make them.

    The throw lies in one of ``base`` equal parts of its range. In part ``p`` a number whose rest
    is more than p is rounded up, any other down; so r stands for r - base + 1 + p to r + p.
    """
    table = table.copy()
    rows = [*group_columns(table), "answer"]
    shared = table[table["answer"].isin(SHARED) & table["count"].notna()]
    if not groups_too:
        shared = shared[~shared["question"].isin(known.people.columns)]
    for _, cells in shared.groupby(rows, sort=False):
        before = [_possible_before(cell, table, known) for _, cell in cells.iterrows()]
        shown = cells["count"].to_numpy()
        low, high = np.full(len(cells), np.inf), np.full(len(cells), -np.inf)
        for part in range(known.base):
            least = np.maximum(shown - known.base + 1 + part, [b[0] for b in before])
            most = np.minimum(shown + part, [b[1] for b in before])
            if (least <= most).all():
                low, high = np.minimum(low, least), np.maximum(high, most)
        if (low <= high).all():  # else the throws were not shared: a table was drawn again
            table.loc[cells.index, "low"], table.loc[cells.index, "high"] = low, high
    return table


def _possible_before(cell: pd.Series, table: pd.DataFrame, known: Knowledge) -> tuple[float, float]:
    """Return the fewest and most people of a row that can have given no answer."""
    people = known.people[people_of_row(cell, table, known.people)]
    question, answer = cell["question"], cell["answer"]
    if question in people.columns:
        exact = (people[question] == known.texts.get(answer, answer)).sum()
        return exact, exact
    asked = known.asked.get(question, Asked())
    sure = unsure = 0
    for person in people.index:
        given = known.before(int(person), question, asked)
        sure += given is not None and answer in given
        unsure += given is None
    return sure, sure + unsure
