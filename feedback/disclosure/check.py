"""The strong attacker: the only judge of whether published numbers let nobody be found out.

The attacker knows who took part, how many people share each combination of groups, every
published number and these rules. What they can work out is what holds in *every* world, that
is, in every table of whole numbers that fits all of this. So a table is safe when for every row
and every combination of groups, and for every answer, there is a world in which at least ``m``
of these people gave the answer and a world in which at least ``m`` of them did not (all of
them, where they are fewer than ``m``).

Worlds are searched for in `worlds`; here each one is checked by plain arithmetic, so that a
fault of the search can refuse a table but never pass one. The true counts are not an input:
passing or failing depends on published numbers and group sizes only.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from feedback.disclosure.worlds import Flags, Known, Search, Whole


def is_safe(known: Known, m: int) -> bool:
    """Return whether every answer stays possible and deniable for everybody."""
    search = Search(known, m)
    size, low, high = search.size, search.low, search.high
    need = np.minimum(m, size)
    fewest, most = np.broadcast_to(size, low.shape), np.zeros_like(low)
    world = search.world(low, high)
    if world is None and known.at_most is not None:
        # Some people ticked more than the form asks for, so nothing follows from that rule.
        return is_safe(replace(known, at_most=None), m)
    while world is not None and fits(known, world):
        below, above = reach(known, search.rows, world)
        fewest, most = np.minimum(fewest, below), np.maximum(most, above)
        impossible, certain = np.argwhere(most < need), np.argwhere(size - fewest < need)
        at_least, at_most = low.copy(), high.copy()
        if len(impossible):
            row, answer = impossible[0]
            at_least[row, answer] = max(low[row, answer], need[row, 0])
        elif len(certain):
            row, answer = certain[0]
            at_most[row, answer] = min(high[row, answer], size[row, 0] - need[row, 0])
        else:
            return True
        world = search.world(at_least, at_most, int(answer))
    return False


def fits(known: Known, world: Whole) -> bool:
    """Return whether a world (combinations x answers) agrees with everything that is known."""
    counts = known.members @ world
    picked = known.sizes - world[:, known.alone].sum(axis=1)  # people who ticked something
    ticks = world[:, ~known.alone]
    return bool(
        (world >= 0).all()
        and (known.low <= counts).all()
        and (counts <= known.high).all()
        and (picked >= 0).all()
        and (ticks <= picked[:, None]).all()
        and (ticks.sum(axis=1) >= picked).all()
        and (ticks.sum(axis=1) <= known.ticks * picked).all()
        and all(fact.low <= counts[0, fact.answers].sum() <= fact.high for fact in known.sums)
    )


def reach(known: Known, rows: Flags, world: Whole) -> tuple[Whole, Whole]:
    """Return the fewest and most people per row and answer in worlds close to this one.

    Close means: only the people of one combination answer differently. Their rows leave them
    ``low`` to ``high`` per answer; within it they share themselves out as people can. Every
    count returned belongs to a world that fits.
    """
    counts = rows @ world
    if known.sums:
        return counts, counts
    published = counts[: len(known.members)]
    inside = known.members[:, :, None]
    far = known.sizes.sum()
    up = np.where(inside, (known.high - published)[:, None, :], far).min(axis=0)
    down = np.where(inside, (published - known.low)[:, None, :], far).min(axis=0)
    low, high = np.maximum(0, world - down), np.minimum(known.sizes[:, None], world + up)
    least, most = _share_out(known, low, high)
    # A row of several combinations moves as far as the one of them that can move furthest.
    fall = np.where(rows[:, :, None], (world - least)[None], 0).max(axis=1)
    rise = np.where(rows[:, :, None], (most - world)[None], 0).max(axis=1)
    return counts - fall, counts + rise


def _share_out(known: Known, low: Whole, high: Whole) -> tuple[Whole, Whole]:
    """Return fewest and most people per combination and answer when counts lie in low..high.

    Each person gives one answer that stands alone, or else one or more ticks. The bounds are
    exact: for each of them the remaining people can be shared out too.
    """
    size, alone = known.sizes[:, None], known.alone
    low_alone, high_alone = low[:, alone], high[:, alone]
    low_ticks, high_ticks = low[:, ~alone], high[:, ~alone]
    low_rest = low_alone.sum(axis=1, keepdims=True) - low_alone
    high_rest = high_alone.sum(axis=1, keepdims=True) - high_alone
    low_others = low_ticks.sum(axis=1, keepdims=True) - low_ticks
    high_others = high_ticks.sum(axis=1, keepdims=True) - high_ticks
    # People who ticked something: everybody else stands alone, no tick exceeds them, they can
    # carry all ticks, and the ticks suffice for one each.
    carriers = -(-low_ticks.sum(axis=1) // max(1, known.ticks))
    ticked_least = np.maximum.reduce(
        [size[:, 0] - high_alone.sum(axis=1), low_ticks.max(axis=1, initial=0), carriers]
    )[:, None]
    ticked_most = np.minimum(
        size - low_alone.sum(axis=1, keepdims=True), high_ticks.sum(axis=1, keepdims=True)
    )
    least, most = np.empty_like(low), np.empty_like(high)
    most[:, alone] = np.minimum(high_alone, size - ticked_least - low_rest)
    least[:, alone] = np.maximum(low_alone, size - ticked_most - high_rest)
    room = np.minimum(ticked_most, known.ticks * ticked_most - low_others)
    most[:, ~alone] = np.minimum(high_ticks, room)
    least[:, ~alone] = np.maximum(low_ticks, ticked_least - high_others)
    return least, most
