"""Carrying an import out line by line, and letting in whom a claim link or a username makes known."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lumenpay.access.delivery import want_inside
from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.imports.places import Places, find_places
from lumenpay.imports.repository import (
    Known,
    count_outcomes,
    find_known,
    find_present,
    get_import,
    list_waiting,
    lock_claims,
)
from lumenpay.imports.rules import GIVING, Decision, decide_line
from lumenpay.jobs.catalogue import DeliverAccess
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.ids import BotId, UserId
from lumenpay.models.imports import Import, ImportOutcome, ImportRow, ImportStatus
from lumenpay.models.plans import Plan
from lumenpay.models.users import User
from lumenpay.plans.repository import get_plan
from lumenpay.subscriptions.manual import give_imported
from lumenpay.users.errors import TagInvalidError
from lumenpay.users.labels import add_tag
from lumenpay.users.repository import find_or_insert, get_user, lock_user, lock_users
from lumenpay.users.rules import BY_IMPORT, clean_name
from lumenpay.users.service import Person, find_locale

LOOKS_AT_ONCE = 25
LOOKS_PAUSE = timedelta(minutes=1)
"""As many people a minute are looked for in the channels as by a sweep, so that nobody who pays waits behind a list."""
_UNLABELLED = (ImportOutcome.WRONG, ImportOutcome.HELD)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim link or a username did: the plan and the end of its access, which may be none, or over.

    A held one is good and stays so, but there is no room for its person now.
    """

    plan: Plan
    ends_at: datetime | None
    is_open: bool
    is_held: bool = False


async def carry_out_some(
    session: TenantSession, import_id: UUID, *, limit: int, now: datetime, done_before: int = 0
) -> bool:
    """Carry out up to `limit` waiting lines; False when nothing is left to do.

    What becomes of a line is decided anew, by what people have at this moment and by the room there is. A killed
    worker's successor goes on with the lines that still wait; none gives twice, because an order of its key can exist
    once.

    Args:
        done_before: How many lines had had their turn before this start.
    """
    row = await get_import(session, import_id, is_locked=True)
    if row.status != ImportStatus.RUNNING:
        return False
    done = (await count_outcomes(session, row.id)).done - done_before
    lines = await list_waiting(session, row.id, limit=limit)
    known = await _meet_who_fits(session, row, lines, now=now)
    await lock_users(session, known.people)
    places = await find_places(session, known.people, now=now, is_taken=True)
    for position, line in enumerate(lines, start=done):
        user_id = known.find(line.telegram_id, line.username)
        if user_id is None and line.telegram_id is not None and places.are_left:
            # A place came free since everybody was met: the next round meets this one.
            continue
        # In the order of the list: those at its end may wait for their look, nobody waits for the access.
        look_at = now + position // LOOKS_AT_ONCE * LOOKS_PAUSE
        await _carry_out(session, row, line, user_id=user_id, places=places, look_at=look_at, now=now)
        line.is_done = True
    await session.flush()
    if len(lines) == limit or not all(line.is_done for line in lines):
        return True
    row.status, row.finished_at = ImportStatus.DONE, now
    outcomes = (await count_outcomes(session, row.id)).outcomes
    details = {outcome.value: count for outcome, count in sorted(outcomes.items())}
    record(session, actor=_actor(row), action="import.done", subject_id=row.id, now=now, details=details)
    await session.flush()
    return False


async def claim_by_token(session: TenantSession, user: User, token: str, *, now: datetime) -> Claim | None:
    """Let a person in by a claim link; None where there is no such link, or somebody else used it. Safe to repeat."""
    for line, row in await lock_claims(session, bot_id=user.bot_id, token=token):
        if line.outcome == ImportOutcome.CLAIM or line.user_id == user.id:
            return await _claim(session, row, line, user, now=now)
    return None


async def claim_by_username(session: TenantSession, user: User, *, now: datetime) -> Claim | None:
    """Let a person in whose username stands on a list; None where it stands on none. Safe to repeat."""
    if not user.username:
        return None
    claims = [
        await _claim(session, row, line, user, now=now)
        for line, row in await lock_claims(session, bot_id=user.bot_id, username=user.username.lower())
    ]
    return next((claim for claim in claims if claim.is_open), next((claim for claim in claims if claim.is_held), None))


async def meet_claimant(session: TenantSession, *, bot_id: UUID, person: Person, now: datetime) -> User | None:
    """Return somebody for whose username a list holds access, known from now on also if they never wrote to the bot.

    None for everybody else, and for who asked to be forgotten.
    """
    if not person.username or not await lock_claims(session, bot_id=bot_id, username=person.username.lower()):
        return None
    values = {
        "first_name": clean_name(person.first_name), "last_name": clean_name(person.last_name),
        "username": clean_name(person.username), "language_code": clean_name(person.language_code, limit=16) or None,
        "locale": await find_locale(session, person.language_code), "source": BY_IMPORT, "met_at": None,
    }  # fmt: skip
    user = await find_or_insert(session, bot_id=bot_id, telegram_id=person.telegram_id, values=values, now=now)
    if user.erasure_asked_at is not None:
        return None
    user.username = clean_name(person.username)
    return user


async def _claim(session: TenantSession, row: Import, line: ImportRow, user: User, *, now: datetime) -> Claim:
    plan = await get_plan(session, row.plan_id)
    if line.outcome == ImportOutcome.CLAIM:
        await lock_user(session, user.id)
        places = await find_places(session, [UserId(user.id)], now=now, is_taken=True)
        decision = await _carry_out(
            session, row, line, user_id=UserId(user.id), places=places, look_at=now, now=now
        )  # fmt: skip
        if decision.outcome in _UNLABELLED:
            # Its time is over, or there is no room. The line stays what it was: a link that nobody used.
            is_held = decision.outcome is ImportOutcome.HELD
            line.outcome, line.user_id = ImportOutcome.CLAIM, None
            line.problem = decision.problem if is_held else ""
            return Claim(plan, None, is_open=False, is_held=is_held)
        line.outcome = ImportOutcome.CLAIMED
        await session.flush()
    present = (await find_present(session, plan_id=plan.id, user_ids=[user.id]))[UserId(user.id)]
    return Claim(plan, present.ends_at, is_open=present.ends_at is None or present.ends_at > now)


async def _carry_out(
    session: TenantSession, row: Import, line: ImportRow, *, user_id: UserId | None, places: Places, look_at: datetime,
    now: datetime,
) -> Decision:  # fmt: skip
    user = present = None
    if user_id is not None:
        user = await get_user(session, user_id, is_locked=True)
        present = (await find_present(session, plan_id=row.plan_id, user_ids=[user_id])).get(user_id)
    is_known = user_id is not None or line.telegram_id is not None
    decision = decide_line(
        until_at=line.until_at, grace_ends_at=row.grace_ends_at, present=present, is_known=is_known, now=now
    )
    if user is not None and user.erasure_asked_at is not None:
        decision = Decision(ImportOutcome.WRONG, problem="person_forgotten")
    decision = places.take(decision, user_id)
    line.outcome, line.problem, line.user_id = decision.outcome, decision.problem, user_id
    if decision.outcome is ImportOutcome.CLAIM:
        line.claim_token = secrets.token_urlsafe(16)
    if user is None:
        return decision
    if decision.outcome in GIVING and decision.ends_at is not None:
        key = f"{row.id.hex}-{line.line}"
        order = await give_imported(
            session, user=user, plan_id=row.plan_id, until_at=decision.ends_at, key=key, actor=_actor(row), now=now
        )
        await want_inside(session, user=user, plan_id=row.plan_id, now=now)
        payload, bot_id = DeliverAccess(order.id), BotId(row.bot_id)
        await enqueue(session, payload, now=now, bot_id=bot_id, dedupe_key=str(order.id), run_at=look_at)
    if decision.outcome not in _UNLABELLED:
        await _label(session, line, user, actor=_actor(row), now=now)
    return decision


async def _meet_who_fits(session: TenantSession, row: Import, lines: Sequence[ImportRow], *, now: datetime) -> Known:
    """Return whom the bot knows of these lines, and from now on those strangers for whom there seems to be room.

    Whoever gets nothing now is not met: the bot knows as little of them as before. It is a look ahead of the line for
    the last places, because a stranger who writes to the bot at this moment may stand in it already.
    """
    known = await find_known(
        session, bot_id=row.bot_id, telegram_ids={line.telegram_id for line in lines if line.telegram_id is not None},
        usernames={line.username for line in lines if line.telegram_id is None and line.username is not None},
    )  # fmt: skip
    places = await find_places(session, known.people, now=now)
    present = await find_present(session, plan_id=row.plan_id, user_ids=known.people)
    for line in lines:
        user_id = known.find(line.telegram_id, line.username)
        if user_id is None and line.telegram_id is not None and places.are_left:
            user_id = known.by_id[line.telegram_id] = await _meet(session, row, line, now=now)
        decision = decide_line(
            until_at=line.until_at, grace_ends_at=row.grace_ends_at, present=present.get(user_id) if user_id else None,
            is_known=user_id is not None or line.telegram_id is not None, now=now,
        )  # fmt: skip
        places.take(decision, user_id)
    return known


async def _meet(session: TenantSession, row: Import, line: ImportRow, *, now: datetime) -> UserId:
    assert line.telegram_id is not None  # noqa: S101 - asked for by the caller
    values = {
        "first_name": line.name, "last_name": "", "username": line.username, "language_code": None,
        "locale": await find_locale(session, None), "source": BY_IMPORT, "met_at": None,
    }  # fmt: skip
    user = await find_or_insert(session, bot_id=row.bot_id, telegram_id=line.telegram_id, values=values, now=now)
    return UserId(user.id)


async def _label(session: TenantSession, line: ImportRow, user: User, *, actor: Actor, now: datetime) -> None:
    """Give a person the note and the tag of the list. A note that is there stays, and a tag too many is left out."""
    if line.note and not user.note:
        user.note = line.note
        record(session, actor=actor, action="user.noted", subject_id=user.id, now=now)
    if line.tag:
        try:
            async with session.begin_nested():
                await add_tag(session, user.id, tag=line.tag, actor=actor, now=now)
        except TagInvalidError:
            return


def _actor(row: Import) -> Actor:
    return Actor("admin", row.requested_by)
