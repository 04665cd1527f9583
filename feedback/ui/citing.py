"""What can be cited in a decision: everything that the newest releases say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from feedback.decisions.log import Link
from feedback.decisions.signals import Ref, signal
from feedback.ui import views
from feedback.ui.signal_parts import how_many, topic_in_full
from feedback.ui.team_data import Desk


@dataclass(frozen=True, slots=True)
class Cited:
    """Something published that can be cited: where it stands, what it is about, how many say so."""

    link: Link
    about: str
    many: str

    @property
    def label(self) -> str:
        """Return how it reads in a list."""
        many = f" ({self.many})" if self.many else ""
        return f"Release {self.link.release}: {self.about.rstrip('.')}{many}"


def citable(desk: Desk) -> tuple[Cited, ...]:
    """Return what the newest releases say, as it reads in a list."""
    return tuple(
        Cited(link, topic_in_full(said, desk.wording), how_many(said))
        for link, said in views.citable(desk)
    )


def to_cite(cited: Collection[str]) -> str:
    """Return what stands in an empty field for what people said."""
    return "Choose what they said" if cited else "No release says anything yet"


def wanted_evidence(desk: Desk, ref: str) -> Sequence[Link]:
    """Return a link to what the newest release says on one thing, to begin an answer with."""
    return [each.link for each in citable(desk) if each.link.ref == ref][:1]


def reads(desk: Desk, text: str) -> str:
    """Return what something that can be cited is about."""
    ref = Ref.parse(text)
    return topic_in_full(signal(desk.shelf.latest, ref, desk.wording), desk.wording)


def link_name(link: Link) -> str:
    """Return the name of a link in a list of choices."""
    return f"{link.release}|{link.ref}"
