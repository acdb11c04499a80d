"""Access codes: a word that opens a plan which is not there for anybody else. Guesses are few."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.models.plans import Plan, PlanUnlock
from lumenpay.models.users import User
from lumenpay.plans.rules import normalize_access_code
from lumenpay.plans.sale_rules import MAX_GUESSES, decide_guesses


async def unlock_plans(session: TenantSession, user: User, word: str, *, now: datetime) -> list[Plan]:
    """Open the plans with this access code for a person, and return them; nothing where there is none.

    A wrong word, the code of a plan that is archived or off sale, and one word too many in a short time all look the
    same. Words that cannot be a code are no guesses, and neither is anything said to a bot without such plans.
    """
    code = normalize_access_code(word)
    if code is None:
        return []
    coded = (Plan.tenant_id == session.tenant_id, Plan.bot_id == user.bot_id, Plan.access_code.is_not(None))
    sold = (Plan.archived_at.is_(None), Plan.is_on_sale)
    if not (await session.execute(select(exists().where(*coded, *sold)))).scalar_one():
        return []
    count, since_at = decide_guesses(user.guesses_count, user.guessing_since_at, now=now)
    if count >= MAX_GUESSES:
        return []
    query = select(Plan).where(*coded, *sold, Plan.access_code == code).order_by(Plan.position, Plan.id)
    plans = list((await session.execute(query)).scalars())
    user.guesses_count, user.guessing_since_at = (count, since_at) if plans else (count + 1, since_at)
    for plan in plans:
        insertion = insert(PlanUnlock).values(
            tenant_id=session.tenant_id, plan_id=plan.id, user_id=user.id, code=code, created_at=now
        )
        await session.execute(
            insertion.on_conflict_do_update(
                index_elements=[PlanUnlock.tenant_id, PlanUnlock.plan_id, PlanUnlock.user_id], set_={"code": code}
            )
        )
        record(session, actor=Actor("user", user.id), action="plan.unlocked", subject_id=plan.id, now=now)
    return plans
