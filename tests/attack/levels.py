"""What a grouping question gives away about itself to somebody who knows only who took part.

Its answers are the rows of every other table, so there is more to read than its own numbers: the
sizes of the rows, that each holds at least k people, and which levels were too small to stand
alone. Every list of true sizes that fits all of it is written down.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.attack.attacker import TOGETHER


def possible_sizes(
    table: pd.DataFrame,
    group: str,
    texts: dict[str, str],
    people: int,
    *,
    base: int = 5,
    k: int = 10,
) -> pd.DataFrame:
    """Return every possible list of sizes, one column a level.

    ``texts``: of each level, as rows are labelled. ``people``: how many took part in all.
    """
    own = table[(table["question"] == group) & (table["answer"] != "")].set_index("answer")["count"]
    near, levels = base - 1, list(own.index)
    ranges = [range(max(0, int(n) - near), min(people, int(n) + near) + 1) for n in own[:-1]]
    mesh = np.meshgrid(*(np.array(r, dtype=np.int16) for r in ranges), indexing="ij")
    sizes = pd.DataFrame({level: m.ravel() for level, m in zip(levels, mesh, strict=False)})
    sizes[levels[-1]] = people - sizes.sum(axis=1)
    sizes = sizes[(sizes[levels[-1]] - own.iloc[-1]).abs().le(near) & sizes[levels[-1]].ge(0)]
    rows = table[table[group] != ""]
    if rows["count"].isna().all():
        return sizes
    alone = [level for level in levels if texts[level] in set(rows[group])]
    together = [level for level in levels if level not in alone]
    for label, cells in rows[rows["count"].notna()].groupby(group):
        inside = together if label.startswith(TOGETHER) else [x for x in alone if texts[x] == label]
        size, is_size = sizes[inside].sum(axis=1), cells["answer"] == ""
        shown, counts = cells.loc[is_size, "count"].iloc[0], cells.loc[~is_size, "count"]
        sizes = sizes[(size - shown).abs().le(near) & size.ge(counts.max())]
    return sizes[merged_as_published(sizes, alone, together, k)]


def merged_as_published(
    sizes: pd.DataFrame, alone: list[str], together: list[str], k: int
) -> pd.Series:
    """Say which sizes the published rule merges like this: too small ones, then the smallest."""
    if not together:
        return sizes[alone].ge(k).all(axis=1)
    ranked = {level: sizes[level] * 1000 + place for place, level in enumerate(sorted(sizes))}
    joined = pd.DataFrame({level: ranked[level].where(sizes[level] >= k) for level in together})
    last, whole = joined.max(axis=1), sizes[together].sum(axis=1)
    least_alone = pd.DataFrame({level: ranked[level] for level in alone}).min(axis=1)
    none_joined = last.isna() & whole.ge(k)
    needed = (
        joined.isna().any(axis=1)
        & last.notna()
        & (whole - last // 1000).lt(k)
        & least_alone.gt(last)
    )
    return sizes[alone].ge(k).all(axis=1) & (none_joined | needed)
