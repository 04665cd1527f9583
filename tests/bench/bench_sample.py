"""Measures how often the interval of a random sample holds the share of everyone.

Draws samples from invented rounds, rounds as a release does, and counts how often the published
interval holds the true share; beside it, Wilson's interval without rounding and the mean error.
"""

from __future__ import annotations

import random
import statistics
import time

from feedback.disclosure.protect import Cell, Dice
from feedback.disclosure.sampling import draw, interval
from feedback.disclosure.tables import EVERYONE

PEOPLE = 3000
DRAWS = 400
SHARES = (0.01, 0.03, 0.05, 0.1, 0.2, 0.35, 0.5, 0.8, 0.97)


def main() -> None:
    """Print one line for each size and share."""
    print(f"{DRAWS} samples of {PEOPLE:,} people; goal: the interval holds in 95 of 100 or more")
    print(f"  {'sample':>6} {'share':>6}  {'published':>9} {'width':>7}  {'exact':>7} {'error':>7}")
    worst = 1.0
    for size in (200, 300, 400):
        for share in SHARES:
            held, wide, exact, error = measure(size, share)
            worst = min(worst, held)
            print(
                f"  {size:>6} {share:>6.2f}  {held:>9.3f} {wide:>7.3f}  {exact:>7.3f} {error:>7.4f}"
            )
    print(f"  worst {worst:.3f} (0.95)")
    start = time.process_time()
    draw(range(100_000), 400, b"k" * 32, "round")
    print(f"  drawing 400 of 100,000: {time.process_time() - start:.2f} s")


def measure(size: int, share: float) -> tuple[float, float, float, float]:
    """Return how often both intervals hold, how wide the first is, and the mean error."""
    said = frozenset(random.Random(1).sample(range(PEOPLE), round(share * PEOPLE)))
    truth = len(said) / PEOPLE
    held, exact, widths, errors = [], [], [], []
    for number in range(DRAWS):
        key = number.to_bytes(32)
        count = len(said & draw(range(PEOPLE), size, key, "round"))
        cell = Cell(EVERYONE, count, "change", "theme")
        shown = Dice(key, "round", 5).draw(cell, 0, most=size)
        low, high = interval(shown, size, 4)
        held.append(low <= truth <= high)
        widths.append(high - low)
        low, high = interval(count, size, 0)
        exact.append(low <= truth <= high)
        errors.append(abs(shown / size - truth))
    return tuple(map(statistics.fmean, (held, widths, exact, errors)))  # type: ignore[return-value]


if __name__ == "__main__":
    main()
