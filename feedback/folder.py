"""The team's folder: the name of every file in it, written once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from feedback.errors import InvalidSettings
from feedback.settings import TeamFile, read_team


@dataclass(frozen=True, slots=True)
class Folder:
    """A team's data folder (docs/reference/storage.md says what each file holds)."""

    path: Path

    @property
    def team_file(self) -> Path:
        """The settings that a person may edit."""
        return self.path / "team.toml"

    @property
    def public(self) -> Path:
        """The open round: what is asked and the two public keys. Absent while no round is open."""
        return self.path / "public.json"

    @property
    def access(self) -> Path:
        """The hash of the team password."""
        return self.path / "access.json"

    @property
    def box(self) -> Path:
        """Sealed rows."""
        return self.path / "box.sqlite"

    @property
    def audit(self) -> Path:
        """The chained log of what custodians did."""
        return self.path / "audit.log"

    @property
    def board(self) -> Path:
        """What the public board shows, approved by a second person."""
        return self.path / "board.json"

    @property
    def cards(self) -> Path:
        """How many cards were made for which round; never what stands on them."""
        return self.path / "cards.json"

    @property
    def ledger(self) -> Path:
        """The folder of published releases."""
        return self.path / "ledger"

    @property
    def paraphrases(self) -> Path:
        """The sentences that stand beside releases; never in a backup, so that none comes back."""
        return self.path / "paraphrases.json"

    def release(self, number: int) -> Path:
        """A published release."""
        return self.ledger / f"{number:04d}.json"

    def withdrawal(self, number: int) -> Path:
        """The signed sentence that a published release was withdrawn."""
        return self.ledger / f"withdrawn-{number:04d}.json"

    @property
    def team_key(self) -> Path:
        """The public key with which everybody can check the releases beside it."""
        return self.ledger / "team-key.json"

    def round(self, round_id: str) -> Path:
        """The public half of a round, as it was frozen before the round opened."""
        return self.path / f"round-{round_id}.json"

    def plan(self, round_id: str) -> Path:
        """The release plan of a round, frozen before the round opened."""
        return self.path / f"plan-{round_id}.json"

    @property
    def codebook(self) -> Path:
        """The team's own codebook for the rounds to come; absent while it uses the project's."""
        return self.path / "codebook.json"

    def frozen_codebook(self, round_id: str) -> Path:
        """The codebook of a round, frozen before the round opened."""
        return self.path / f"codebook-{round_id}.json"

    def closed(self, round_id: str) -> Path:
        """The day on which a round closed; absent before."""
        return self.path / f"closed-{round_id}.json"

    def draft(self, round_id: str) -> Path:
        """A built release that nobody has published yet."""
        return self.path / f"draft-{round_id}.json"

    def snapshot(self, round_id: str) -> Path:
        """Opened codes and codings, sealed again."""
        return self.path / f"snapshot-{round_id}.age"

    def imported(self, round_id: str) -> Path:
        """Slow fingerprints of the tables that were imported into a round."""
        return self.path / f"imported-{round_id}.txt"

    def importing(self, round_id: str) -> Path:
        """Sealed rows of a table whose import is not finished, after its fingerprint."""
        return self.path / f"importing-{round_id}.rows"

    def reached(self, round_id: str) -> Path:
        """Whether enough people had answered, when somebody last looked."""
        return self.path / f"reached-{round_id}.json"

    def lock(self, round_id: str) -> Path:
        """An empty file that is locked while a snapshot is rewritten."""
        return self.path / f"snapshot-{round_id}.lock"

    def keyring(self, name: str) -> Path:
        """A keyring: ``team``, or ``<round>-codes`` and ``<round>-words``."""
        return self.path / f"keyring-{name}.json"

    def team(self) -> TeamFile:
        """Read `team.toml`. Raises InvalidSettings when it is missing or wrong."""
        return read_team(self.team_text())

    def team_text(self) -> str:
        """Return what `team.toml` says. Raises InvalidSettings when it cannot be read."""
        try:
            return self.team_file.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            problem = f"There is no team in it. Make one: throughline init {self.path}"
            raise InvalidSettings(str(self.path), [problem]) from None
        except UnicodeDecodeError:
            problem = "It is no text in UTF-8. Save it as UTF-8, or take it from a backup."
            raise InvalidSettings("team.toml", [problem]) from None
        except OSError as error:
            raise InvalidSettings("team.toml", [f"{error.strerror}."]) from None
