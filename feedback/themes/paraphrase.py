"""A paraphrase on its way: one person writes it, another approves it or sends it back.

They are kept by the row key of whose words they stand for, so nobody is paraphrased twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from feedback.errors import InvalidSettings, ReleaseRefused
from feedback.themes.codebook import Id
from feedback.themes.coding import Box, ShortText


class State(StrEnum):
    """Where a paraphrase stands."""

    WRITTEN = "written"  # waits for the second person
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    SHOWN = "shown"  # on the team's pages, as far as this folder knows


LongText = Annotated[str, Field(min_length=1, max_length=400)]


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """What an advocate wrote in place of somebody's words, under one theme of one box."""

    box: Box
    theme: Id
    text: LongText = field(repr=False)
    by: ShortText
    state: State = State.WRITTEN
    reason: Annotated[str, Field(max_length=400)] = field(default="", repr=False)

    @property
    def is_approved(self) -> bool:
        """Say whether a second person approved it."""
        return self.state in (State.APPROVED, State.SHOWN)

    def approve(self, by: str, *, single_person: bool) -> Paraphrase:
        """Return it approved. Raises ReleaseRefused when its writer is the one who approves."""
        self._check_second(by, single_person=single_person)
        return replace(self, state=State.APPROVED, reason="")

    def send_back(self, by: str, reason: str, *, single_person: bool) -> Paraphrase:
        """Return it as sent back, with the reason. Raises ReleaseRefused as `approve` does."""
        self._check_second(by, single_person=single_person)
        if not reason.strip():
            raise ReleaseRefused("Say why you send it back, so that the writer can mend it.")
        return replace(self, state=State.SENT_BACK, reason=reason.strip())

    def _check_second(self, by: str, *, single_person: bool) -> None:
        if self.state is not State.WRITTEN:
            raise ReleaseRefused("Somebody decided about this one already. Look at it again.")
        if by == self.by and not single_person:
            raise ReleaseRefused(f"{by} wrote this one. Another custodian must look at it.")


Paraphrases = Mapping[int, Paraphrase]  # by the row key of whose words they stand for
Changes = Mapping[int, Paraphrase | None]  # None: taken out

_ADAPTER: TypeAdapter[dict[int, Paraphrase]] = TypeAdapter(dict[int, Paraphrase])


def to_json(paraphrases: Paraphrases) -> str:
    """Return the paraphrases as JSON, to be sealed."""
    return _ADAPTER.dump_json(dict(paraphrases)).decode()


def from_json(text: str) -> dict[int, Paraphrase]:
    """Return what `to_json` wrote. Raises InvalidSettings that quotes nothing of it."""
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError:
        raise InvalidSettings("the paraphrases", ["they are not as they should be."]) from None


def shown(paraphrases: Paraphrases) -> Changes:
    """Return what to note when every approved one goes to the team."""
    return {
        rid: replace(one, state=State.SHOWN)
        for rid, one in paraphrases.items()
        if one.is_approved and one.state is not State.SHOWN
    }


def settled(paraphrases: Paraphrases, standing: Collection[str] | None) -> Changes:
    """Return what to note about shown ones by the texts that stand on the team's pages now.

    One that was taken off those pages is taken out here too. ``standing`` is None when the
    whole set is lost, as after a restore: then people look at each before they show it again.
    """
    taken = {
        rid: one
        for rid, one in paraphrases.items()
        if one.state is State.SHOWN and (standing is None or one.text not in standing)
    }
    if standing is None:
        return {rid: replace(one, state=State.APPROVED) for rid, one in taken.items()}
    return dict.fromkeys(taken)
