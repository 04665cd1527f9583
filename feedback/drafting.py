"""The draft of a release: what is new is opened, who counts is drawn, and the tables are built."""

from __future__ import annotations

from datetime import date
from typing import Any

from feedback import opening, publishing
from feedback.custody import Keys
from feedback.folder import Folder
from feedback.opening import Log, Snapshot
from feedback.rounds import Round
from feedback.store.box import Box


def sample_of(
    folder: Folder, a_round: Round, snapshot: Snapshot, keys: Keys
) -> frozenset[int] | None:
    """Return whose words count in a round, by the plan that was frozen; None when everybody's."""
    plan = publishing.frozen_plan(folder, a_round)
    return opening.draw_sample(snapshot, plan, keys.team_seed)


def build_draft(
    folder: Folder, a_round: Round, box: Box, keys: Keys, *, today: date
) -> tuple[dict[str, Any], bool]:
    """Open what is new in a closed round and draft its release in the first custodian's name.

    Returns the draft, and whether all words that count are read: else it has no themes.

    Raises:
        RoundRefused: too few of the answers are people's; the round is open again.
        ReleaseRefused, StoreUnavailable: no draft was written.
    """
    by = keys.custodians[0]
    log = Log(keys.custodians, today)
    snapshot = opening.open_new(folder, a_round, box, codes=keys.codes, words=keys.words, log=log)
    sample = sample_of(folder, a_round, snapshot, keys)
    frame = opening.to_frame(snapshot, a_round.questionnaire, sample)
    document = publishing.build(folder, a_round, frame, keys.team_seed, by=by, today=today)
    return document, snapshot.is_read(sample)
