"""Door 3, the gate: from people's answers to protected numbers, frozen in a signed ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import pandas as pd

from feedback import codebooks
from feedback.crypto import signing
from feedback.disclosure import ledger
from feedback.disclosure.audit import number_problems
from feedback.disclosure.plan import (
    Answer,
    Edition,
    Limits,
    NotFor,
    Plan,
    PlannedQuestion,
)
from feedback.disclosure.plan import Kind as Counted
from feedback.disclosure.release import Release, build_release
from feedback.errors import (
    InvalidSettings,
    KeyringDamaged,
    LedgerBroken,
    ReleaseRefused,
    RoundRefused,
    StoreUnavailable,
    ThroughlineError,
)
from feedback.folder import Folder
from feedback.keyrings import PARTS, read_keyring
from feedback.ledgers import (
    as_written,
    documents,
    problems_by_the_log,
    team_key,
    write_team_key,
)
from feedback.questionnaire.definition import Kind, Question, Questionnaire, Skip
from feedback.rounds import Round, State, load_round, open_round, states
from feedback.settings import TeamFile
from feedback.store import audit
from feedback.store.box import Box
from feedback.store.files import locked, read_file, write_json
from feedback.themes.codebook import Codebook

GROUPS = ("age", "when", "path")  # the last one is given up first when a table must be coarser
DRAFT_FORMAT = "throughline draft 1"
DRAFTED = b"throughline drafted 1\n"  # a draft's signature is never one of a release


def make_plan(
    team: TeamFile, round_id: str, questionnaire: Questionnaire, codebook: Codebook
) -> Plan:
    """Return the release plan of a round: what will be shown and how, before anybody answers."""
    return Plan(
        round=round_id,
        team=team.name,
        questionnaire=Edition(
            questionnaire.version, digest=questionnaire.digest, id=questionnaire.id
        ),
        codebook=Edition(codebook.version, digest=codebook.digest, id=codebook.name),
        questions=tuple(
            _planned(question, questionnaire.skip_rule(question.id), codebook)
            for question in questionnaire.questions
        ),
        groups=tuple(name for name in GROUPS if name in questionnaire.by_id),
        limits=Limits(k=team.k, k_groups=max(team.k, team.k_groups), base=team.base),
        single_person=team.single_person,
        sample=team.sample or 0,
    )


def _planned(question: Question, skip: Skip | None, codebook: Codebook) -> PlannedQuestion:
    if question.kind is Kind.OPEN:
        answers = tuple(Answer(id_, codebook.label(id_, "en")) for id_ in codebook.counted)
        return PlannedQuestion(question.id, Counted.THEME, question.text, answers)
    return PlannedQuestion(
        id=question.id,
        kind=Counted(question.kind.value),
        text=question.full_text,
        answers=tuple(Answer(o.id, o.text, o.score, o.alone) for o in question.options),
        reversed=question.reversed,
        at_most=question.pick_at_most,
        not_for=NotFor(skip.question, skip.answers) if skip else None,
    )


def build(
    folder: Folder, a_round: Round, frame: pd.DataFrame, team_seed: bytes, *, by: str, today: date
) -> dict[str, Any]:
    """Draft the release of a closed round: tables, random rounding, the attacker's check.

    ``frame`` is what ``opening.to_frame`` returns. ``by`` is the custodian who builds; somebody
    else approves. Building again gives the same numbers and replaces the draft.

    Raises:
        RoundRefused: fewer than k people answered; the round takes answers again.
        ReleaseRefused: the round is not closed or was released.
        StoreUnavailable: the draft could not be written.
    """
    _check_closed(folder, a_round)
    if _in_ledger(folder, a_round):
        raise ReleaseRefused(
            f"The release of {a_round.id} is in the ledger, but the log does not tell of it yet. "
            "Publish the draft once more."
        )
    plan = frozen_plan(folder, a_round)
    if len(frame) < plan.limits.k:
        raise RoundRefused(_open_again(folder, a_round, plan.limits.k, today))
    before = documents(folder)
    unsigned = build_release(
        frame,
        plan,
        key=signing.rounding_key(team_seed),
        number=len(before) + 1,
        previous_hash=before[-1]["hash"] if before else "",
        day=today,
    )
    draft = {
        "format": DRAFT_FORMAT,
        "by": by,
        "checked": False,
        "signature": signing.sign(team_seed, _drafted(by, unsigned)).hex(),
        "document": unsigned,
    }
    write_json(folder.draft(a_round.id), draft, mode=0o600)
    audit.append(folder.audit, audit.Event.DRAFTED, today=today, round=a_round.id)
    return unsigned


def _open_again(folder: Folder, a_round: Round, k: int, today: date) -> str:
    """Open a round that was closed on fewer than k people, and say so: only now can one know.

    A round closes on sealed rows, and some may be no answers. While another round is open, this
    one waits; opening it needs a passphrase then.
    """
    folder.draft(a_round.id).unlink(missing_ok=True)
    write_json(folder.reached(a_round.id), {"day": today.isoformat(), "enough": False})
    folder.closed(a_round.id).unlink()
    now = "is open again"
    other = open_round(folder)
    if other is None:
        write_json(folder.public, a_round.to_dict())
        audit.append(folder.audit, audit.Event.ROUND_OPENED, today=today, round=a_round.id)
    else:
        now = f"can be opened again when {other.id} is closed"
    return (
        f"Fewer than {k} people have answered: not everything that lies in the box is an answer. "
        f"So there is no draft, and the round {a_round.id} {now}. Nothing is lost: these answers "
        "will be in its release when enough people have answered."
    )


def check(folder: Folder, a_round: Round, *, today: date) -> Release:
    """Check a draft against its plan's rules, and that nobody touched it. Marks it as checked.

    Raises:
        ReleaseRefused: there is no draft, or with everything that is wrong with it.
    """
    draft = read_draft(folder, a_round.id)
    if not _is_ours(folder, draft):
        raise ReleaseRefused(_changed_draft(a_round.id))
    document = draft["document"]
    problems = number_problems(document)
    if document["plan_hash"] != a_round.plan_hash:
        problems.append("Its plan is not the one that was frozen before the round opened.")
    if problems:
        raise ReleaseRefused(*problems)
    write_json(folder.draft(a_round.id), {**draft, "checked": True}, mode=0o600)
    audit.append(folder.audit, audit.Event.CHECKED, today=today, round=a_round.id)
    return Release.preview(document)


def publish(folder: Folder, a_round: Round, team_seed: bytes, *, by: str, today: date) -> Release:
    """Approve a checked draft as a second person and freeze it: signed, numbered, chained.

    Raises:
        ReleaseRefused: not checked, built by the same person (unless the plan allows one
            person), or another release was published meanwhile.
        StoreUnavailable: the disk is full or failed; the draft stays, to be published again.
    """
    with locked(folder.ledger / "lock"):
        _check_closed(folder, a_round)
        draft = read_draft(folder, a_round.id)
        _check_may_publish(draft, by)
        check(folder, a_round, today=today)
        document = _in_ledger(folder, a_round) or _freeze(folder, draft, team_seed, today)
        approved = {"round": a_round.id, "by": by}
        audit.append(folder.audit, audit.Event.APPROVED, today=today, **approved)
        published = {name: document[name] for name in ("round", "number", "hash")}
        audit.append(folder.audit, audit.Event.PUBLISHED, today=today, **published)
        folder.draft(a_round.id).unlink(missing_ok=True)
    return Release.from_document(document)


def _freeze(folder: Folder, draft: dict[str, Any], team_seed: bytes, today: date) -> dict[str, Any]:
    before = documents(folder)
    document = ledger.chain(
        {**draft["document"], "date": today.isoformat()},
        before[-1] if before else None,
        lambda data: signing.sign(team_seed, data).hex(),
    )
    write_team_key(folder)
    write_json(folder.release(document["number"]), document)
    return document


def _in_ledger(folder: Folder, a_round: Round) -> dict[str, Any] | None:
    """Return the release of a round whose publishing broke off before the log told of it."""
    return next((one for one in documents(folder) if one["round"] == a_round.id), None)


def second_person(folder: Folder, round_id: str, names: Sequence[str]) -> str:
    """Return the first of these custodians who may approve the draft.

    Raises:
        ReleaseRefused: there is no draft, or nobody else is among them.
    """
    draft = read_draft(folder, round_id)
    for name in names:
        if name != draft["by"] or draft["document"]["plan"]["single_person"]:
            return name
    raise ReleaseRefused(f"{draft['by']} built this draft. Another custodian must approve it.")


def read_draft(folder: Folder, round_id: str) -> dict[str, Any]:
    """Return a draft: ``by``, ``checked``, ``document``.

    Raises:
        ReleaseRefused: there is none, or the file is not as it was written.
    """
    path = folder.draft(round_id)
    if not path.exists():
        raise ReleaseRefused(f"There is no draft for {round_id}. Build one first.")
    try:
        draft = dict(as_written(path))
        types = [type(draft[name]) for name in ("by", "checked", "signature", "document")]
        if draft["format"] != DRAFT_FORMAT or types != [str, bool, str, dict]:
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise ReleaseRefused(_changed_draft(round_id)) from None
    return draft


def review(release: Release) -> list[str]:
    """Return what the second person should know before approving, in plain sentences."""
    return [*release.method, *release.attack, *release.protected]


def frozen_plan(folder: Folder, a_round: Round) -> Plan:
    """Return the plan of a round. Raises ReleaseRefused when it is not the frozen one."""
    path = folder.plan(a_round.id)
    try:
        plan = Plan.from_dict(as_written(path))
        if plan.plan_hash() != a_round.plan_hash:
            raise ValueError
    except (InvalidSettings, ValueError):
        raise ReleaseRefused(
            f"{path.name} was changed after the round was made. Put the copy from your backup in "
            "its place."
        ) from None
    return plan


def verify(folder: Folder, box: Box) -> list[str]:
    """Return what does not hold, in sentences: box, audit log, ledger, rounds. Empty: all hold."""
    problems = list(box.check())
    for look in (problems_by_the_log, _round_problems):
        try:
            problems += look(folder)
        except LedgerBroken as broken:
            problems += broken.problems
        except ThroughlineError as broken:
            problems.append(str(broken))
    return list(dict.fromkeys(problems))


def _round_problems(folder: Folder) -> Iterator[str]:
    """Yield what is wrong with the frozen half of each round: keys, plan, draft."""
    for round_id, state in states(folder).items():
        a_round = load_round(folder, round_id)
        if state is State.OPEN and read_file(folder.public) != read_file(folder.round(round_id)):
            yield f"{folder.public.name} is not the round {round_id} as it was made."
        for part, recipient in zip(PARTS, a_round.recipients, strict=True):
            with suppress(KeyringDamaged):  # custodians may keep it elsewhere, or destroyed it
                if read_keyring(folder, f"{round_id}-{part}")["kid"] != recipient.kid.hex():
                    yield f"{folder.round(round_id).name} locks {part} for another key than yours."
        try:
            codebooks.of_plan(folder, frozen_plan(folder, a_round))
            if folder.draft(round_id).exists() and not _is_ours(
                folder, read_draft(folder, round_id)
            ):
                yield _changed_draft(round_id)
        except (ReleaseRefused, StoreUnavailable) as refused:
            yield str(refused)


def _check_closed(folder: Folder, a_round: Round) -> None:
    state = states(folder).get(a_round.id)
    if state is State.RELEASED:
        raise ReleaseRefused(f"The round {a_round.id} has its release. No answer counts twice.")
    if state is not State.CLOSED:
        raise ReleaseRefused(f"The round {a_round.id} is not closed yet.")


def _check_may_publish(draft: dict[str, Any], by: str) -> None:
    if not draft["checked"]:
        raise ReleaseRefused("The draft has not been checked yet. Check it first.")
    if by == draft["by"] and not draft["document"]["plan"]["single_person"]:
        raise ReleaseRefused(f"{by} built this draft. Another custodian must approve it.")


def _drafted(by: str, document: dict[str, Any]) -> bytes:
    """Return what the signature of a draft stands for: the numbers, and who built them."""
    return DRAFTED + ledger.canonical_bytes({"by": by, "document": document})


def _is_ours(folder: Folder, draft: dict[str, Any]) -> bool:
    data = _drafted(draft["by"], draft["document"])
    return team_key(folder).signed(data, draft["signature"])


def _changed_draft(round_id: str) -> str:
    return f"The draft for {round_id} was changed after it was built. Build it again."
