"""Forgetting a person: what tells who they were goes, what the books need stays under a number that says nothing."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import column, delete, func, null, select, update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.erasures import repository
from lumenpay.erasures.catalogue import PERSONAL, Person, PersonalTable
from lumenpay.erasures.rules import decide_next_look_at, new_pseudonym
from lumenpay.erasures.service import end_everything
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.erasures import Obstacle, PersonKey
from lumenpay.models.plans import TrialUse
from lumenpay.models.users import User
from lumenpay.users.repository import get_user


async def take_step(session: TenantSession, *, erasure_id: UUID, now: datetime) -> bool:
    """Forget a person of whom nothing is in the air any more, or whose time is over; False when it has to wait.

    Safe to repeat and to run from many places at once.
    """
    erasure = await repository.lock_erasure(session, erasure_id)
    if erasure is None or erasure.next_step_at is None or erasure.next_step_at > now:
        return False
    user = await get_user(session, erasure.user_id, is_locked=True)
    erasure.waits_for = await repository.find_obstacle(session, user.id)
    if erasure.waits_for is None and await repository.has_unread_money(session, read_person(user)):
        erasure.waits_for = Obstacle.PAYMENT
    if erasure.waits_for is not None and now < erasure.due_at:
        erasure.next_step_at = decide_next_look_at(now, asked_at=erasure.asked_at, due_at=erasure.due_at)
        return False
    if erasure.waits_for is not None:
        await end_everything(session, user, actor=SYSTEM, now=now)
    await _erase(session, user, now=now)
    erasure.erased_at, erasure.next_step_at = now, None
    left = {"left": Obstacle(erasure.waits_for).value} if erasure.waits_for else {}
    record(session, actor=SYSTEM, action="user.erased", subject_id=user.id, now=now, details=left)
    await session.flush()
    return True


def read_person(user: User) -> Person:
    """Return by what a subscriber's rows are found."""
    return Person(user.tenant_id, user.id, user.bot_id, user.telegram_id, user.username)


async def _erase(session: TenantSession, user: User, *, now: datetime) -> None:
    person, pseudonym = read_person(user), new_pseudonym()
    await _mark_trial(session, person)
    await session.execute(select(func.erase_traces(user.id, pseudonym)))
    for table in PERSONAL:
        await _erase_rows(session, table, person)
    await session.execute(
        update(User)
        .where(User.tenant_id == session.tenant_id, User.id == user.id)
        .values(telegram_id=pseudonym, erased_at=now)
        .execution_options(synchronize_session=False)
    )
    await session.refresh(user)


async def _erase_rows(session: TenantSession, table: PersonalTable, person: Person) -> None:
    where = table.where(person)
    if table.is_removed:
        await session.execute(delete(table.model).where(where).execution_options(synchronize_session=False))
    elif table.erased:
        # A plain None would store JSON's null in a column of JSON.
        values = {name: null() if value is None else value for name, value in table.erased.items()}
        await session.execute(
            update(table.model).where(where).values(values).execution_options(synchronize_session=False)
        )


async def _mark_trial(session: TenantSession, person: Person) -> None:
    """Keep that the person took a trial under a keyed hash of Telegram's id: who comes back gets no second one."""
    mine = (TrialUse.tenant_id == session.tenant_id, TrialUse.telegram_id == person.telegram_id)
    if (await session.execute(select(TrialUse.telegram_id).where(*mine))).first() is None:
        return
    key = {"tenant_id": session.tenant_id, "id": new_uuid7(), "key": secrets.token_bytes(32)}
    await session.execute(insert(PersonKey).values(key).on_conflict_do_nothing())
    marks = select(func.mark_person(person.telegram_id).table_valued(column("mark")).c.mark)
    mark = (await session.execute(marks)).scalar_one()
    is_marked = select(TrialUse.telegram_id).where(
        TrialUse.tenant_id == session.tenant_id, TrialUse.telegram_id == mark
    )  # fmt: skip
    if (await session.execute(is_marked)).first() is not None:
        await session.execute(delete(TrialUse).where(*mine).execution_options(synchronize_session=False))
        return
    await session.execute(
        update(TrialUse).where(*mine).values(telegram_id=mark).execution_options(synchronize_session=False)
    )
