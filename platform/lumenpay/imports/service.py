"""Reading a file into lines with a forecast, and starting or stopping what it says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from lumenpay.audit.service import Actor, record
from lumenpay.billing.limits import require_selling
from lumenpay.db.session import TenantSession
from lumenpay.errors import IdempotenceKeyReusedError
from lumenpay.imports.columns import Choice
from lumenpay.imports.errors import ImportStoppedError
from lumenpay.imports.lines import Line
from lumenpay.imports.places import find_places
from lumenpay.imports.reading import read_file
from lumenpay.imports.repository import (
    Counts,
    call_up_held,
    count_outcomes,
    find_by_key,
    find_known,
    find_present,
    get_import,
)
from lumenpay.imports.rules import AT_WORK, Decision, can_move, decide_grace_end, decide_line
from lumenpay.jobs.catalogue import CarryOutImport
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import AdminId, UserId
from lumenpay.models.imports import Import, ImportOutcome, ImportRow, ImportStatus
from lumenpay.models.plans import Plan
from lumenpay.plans.repository import get_plan
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.rules import clean_name

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file that somebody uploaded, and what is to be done with it."""

    name: str
    content: bytes
    plan_id: UUID
    grace_days: int
    key: str
    choice: Choice = field(default_factory=Choice)


async def check_file(session: TenantSession, file: ImportFile, *, actor: Actor, now: datetime) -> Import:
    """Read a file and store what would become of each line; nobody gets anything. Safe to repeat with the same key.

    Raises:
        PlanNotFoundError: Unknown to this tenant.
        ImportFileInvalidError: The file as a whole cannot be read.
        ImportColumnsInvalidError: What was said of its columns cannot be meant.
        IdempotenceKeyReusedError: The key was used for another file, plan or grace, or other columns.
    """
    plan = await get_plan(session, file.plan_id)
    digest = _digest(file)
    present = await find_by_key(session, file.key)
    if present is not None:
        return _require_same(present, file, digest)
    zone = ZoneInfo((await get_own_tenant(session)).time_zone)
    found = read_file(file.content, zone=zone, now=now, choice=file.choice)
    kind, lines = found.kind, found.lines
    columns = [{"column": each.number, "heading": each.heading, "field": each.field} for each in found.columns]
    made = Import(
        tenant_id=session.tenant_id, id=new_uuid7(), bot_id=plan.bot_id, plan_id=plan.id, kind=kind,
        file_name=clean_name(file.name, limit=128), file_digest=digest, grace_days=file.grace_days,
        columns=columns or None, idempotence_key=file.key, status=ImportStatus.CHECKED,
        requested_by=AdminId(actor.id) if actor.id else None, created_at=now,
    )  # fmt: skip
    try:
        async with session.begin_nested():
            session.add(made)
    except IntegrityError:
        # Two clicks: the other one was first.
        present = await find_by_key(session, file.key)
        if present is None:
            raise
        return _require_same(present, file, digest)
    await _store_lines(session, made, plan, lines, now=now)
    details = {"kind": kind.value, "lines": len(lines), "plan_id": str(plan.id), "grace_days": file.grace_days}
    record(session, actor=actor, action="import.checked", subject_id=made.id, now=now, details=details)
    return made


async def start_import(session: TenantSession, import_id: UUID, *, actor: Actor, now: datetime) -> Import:
    """Have an import carried out; the grace counts from now. Safe to repeat: it begins once.

    One that is done goes on with the lines that were held back, while it is kept whom they are about.

    Raises:
        ImportNotFoundError: Unknown to this tenant.
        ImportStoppedError: It was stopped or thrown away.
        TenantSuspendedError: Only lines that are held back are left, and nobody new gets access now.
        LimitReachedError: Only lines that are held back are left, and there is still no room.
    """
    row = await get_import(session, import_id, is_locked=True)
    if row.status == ImportStatus.STOPPED:
        raise ImportStoppedError
    if not can_move(ImportStatus(row.status), ImportStatus.RUNNING):
        return row
    counts = await count_outcomes(session, row.id)
    if row.status == ImportStatus.DONE:
        if not can_go_on(row, counts):
            return row
        await require_selling(session, user_id=None, now=now)
        await call_up_held(session, row.id)
    elif not any(counts.outcomes.get(outcome) for outcome in AT_WORK) and counts.outcomes.get(ImportOutcome.HELD):
        await require_selling(session, user_id=None, now=now)
    row.status, row.finished_at, row.requested_by = ImportStatus.RUNNING, None, AdminId(actor.id) if actor.id else None
    row.started_at = row.started_at or now
    row.grace_ends_at = decide_grace_end(grace_days=row.grace_days, started_at=now)
    record(session, actor=actor, action="import.started", subject_id=row.id, now=now)
    done_before = (await count_outcomes(session, row.id)).done
    await enqueue(session, CarryOutImport(row.id, done_before), now=now, dedupe_key=str(row.id))
    await session.flush()
    return row


def can_go_on(row: Import, counts: Counts) -> bool:
    """Tell whether an import that is done has lines that were held back, and still knows whom they are about."""
    is_done = row.status == ImportStatus.DONE and row.forgotten_at is None
    return is_done and counts.outcomes.get(ImportOutcome.HELD, 0) > 0


async def stop_import(session: TenantSession, import_id: UUID, *, actor: Actor, now: datetime) -> Import:
    """Give nobody further access; who has it keeps it, and so do claim links. Safe to repeat; a finished one stays.

    Raises:
        ImportNotFoundError: Unknown to this tenant.
    """
    row = await get_import(session, import_id, is_locked=True)
    if can_move(ImportStatus(row.status), ImportStatus.STOPPED):
        done = (await count_outcomes(session, row.id)).done
        row.status, row.finished_at = ImportStatus.STOPPED, now
        record(session, actor=actor, action="import.stopped", subject_id=row.id, now=now, details={"done": done})
        await session.flush()
    return row


def _digest(file: ImportFile) -> str:
    digest = hashlib.sha256(file.content)
    if file.choice != Choice():
        digest.update(b"\0" + orjson.dumps(file.choice))
    return digest.hexdigest()


def _require_same(present: Import, file: ImportFile, digest: str) -> Import:
    if (present.file_digest, present.plan_id, present.grace_days) != (digest, file.plan_id, file.grace_days):
        raise IdempotenceKeyReusedError(fields={"idempotence_key": "reused"})
    return present


async def _store_lines(session: TenantSession, row: Import, plan: Plan, lines: list[Line], *, now: datetime) -> None:
    known = await find_known(
        session, bot_id=plan.bot_id, telegram_ids={line.telegram_id for line in lines if line.telegram_id is not None},
        usernames={line.username for line in lines if line.telegram_id is None and line.username is not None},
    )  # fmt: skip
    everybody = {*known.by_id.values(), *known.by_username.values()}
    present = await find_present(session, plan_id=plan.id, user_ids=everybody)
    places = await find_places(session, everybody, now=now)
    grace_ends_at = decide_grace_end(grace_days=row.grace_days, started_at=now)
    values = []
    for line in lines:
        user_id = known.find(line.telegram_id, line.username)
        decision = _decide_unread(line) or decide_line(
            until_at=line.until_at, grace_ends_at=grace_ends_at, present=present.get(user_id) if user_id else None,
            is_known=user_id is not None or line.telegram_id is not None, now=now,
        )  # fmt: skip
        values.append(_values(session, row, line, places.take(decision, user_id), user_id=user_id))
    for begin in range(0, len(values), _AT_ONCE):
        await session.execute(insert(ImportRow), values[begin : begin + _AT_ONCE])


def _decide_unread(line: Line) -> Decision | None:
    if line.problem:
        return Decision(ImportOutcome.WRONG, problem=line.problem)
    return Decision(ImportOutcome.REPEATED) if line.is_repeated else None


def _values(
    session: TenantSession, row: Import, line: Line, decision: Decision, *, user_id: UserId | None
) -> dict[str, object]:
    return {
        "tenant_id": session.tenant_id, "import_id": row.id, "line": line.number, "telegram_id": line.telegram_id,
        "username": line.username, "name": line.name, "until_at": line.until_at, "note": line.note, "tag": line.tag,
        "outcome": decision.outcome, "problem": decision.problem, "user_id": user_id,
        # Nothing is to be done about these: they count as dealt with from the beginning.
        "is_done": decision.outcome in (ImportOutcome.WRONG, ImportOutcome.REPEATED),
    }  # fmt: skip
