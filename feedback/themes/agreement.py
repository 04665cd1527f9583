"""How far coders agree, theme by theme: Krippendorff's alpha with a bootstrap range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
RANGE = (2.5, 97.5)  # percentiles of the draws
FEW = 30  # double-coded answers below which alpha says little even with its range

Marks = Mapping[str, Mapping[tuple[int, str], Sequence[str]]]  # coder -> answer -> themes
Table = NDArray[np.float64]  # rows = coders, columns = answers; NaN = not coded by this coder


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on one theme. ``alpha`` is None where it is not defined: nobody differs in marks.

    Show it with its range, as "define this theme better", never as a grade of a person.
    """

    theme: str
    alpha: float | None
    low: float | None
    high: float | None
    answers: int  # coded by two people or more


def alpha(table: Table) -> float | None:
    """Return Krippendorff's alpha for names of any number of coders, with missing values.

    Rows are coders, columns are answers, NaN is missing. None if all values are the same or
    nothing was coded twice. Source: Krippendorff, Computing Krippendorff's alpha-reliability.
    """
    counts = _counts(table)
    return _alpha(counts.sum(axis=0), _disagreement(counts).sum())


def alpha_range(
    table: Table, rng: np.random.Generator, draws: int = DRAWS
) -> tuple[float, float] | None:
    """Return between what alpha lies when the answers are drawn anew, in 95 of 100 draws.

    Draws in which alpha is not defined are left out. None if that is all of them.
    """
    counts = _counts(table)
    if not len(counts):
        return None
    disagreement = _disagreement(counts)
    chosen = rng.integers(len(counts), size=(draws, len(counts)))
    drawn = [_alpha(counts[row].sum(axis=0), disagreement[row].sum()) for row in chosen]
    defined = [value for value in drawn if value is not None]
    if not defined:
        return None
    low, high = np.percentile(defined, RANGE)
    return float(low), float(high)


def per_theme(
    marks: Marks, themes: Sequence[str], rng: np.random.Generator, draws: int = DRAWS
) -> list[Agreement]:
    """Return the agreement on each theme, by whether each coder gave it to each answer."""
    keys = sorted({key for coded in marks.values() for key in coded})
    found = []
    for theme in themes:
        table = np.array(
            [
                [float(theme in coded[key]) if key in coded else np.nan for key in keys]
                for coded in marks.values()
            ]
        ).reshape(len(marks), len(keys))
        low, high = alpha_range(table, rng, draws) or (None, None)
        found.append(Agreement(theme, alpha(table), low, high, len(_counts(table))))
    return found


def _counts(table: Table) -> Table:
    """Count each value in each answer that two or more coded: rows = answers, columns = values."""
    values = np.unique(table[~np.isnan(table)])
    counts: Table = (table[:, :, None] == values).sum(axis=0).astype(np.float64)
    twice: Table = counts[counts.sum(axis=1) >= 2]
    return twice


def _disagreement(counts: Table) -> Table:
    """Return each answer's observed disagreement: unlike pairs over one less than its coders."""
    coders = counts.sum(axis=1)
    share: Table = (coders**2 - (counts**2).sum(axis=1)) / (coders - 1)
    return share


def _alpha(totals: Table, observed: float) -> float | None:
    everything = totals.sum()
    expected = everything**2 - (totals**2).sum()
    return float(1 - (everything - 1) * observed / expected) if expected else None
