"""Whether a feature is on, and switching it. A tenant's own switch goes before the platform's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.audit.service import Actor, record, record_platform
from lumenpay.db.session import Database, TenantSession
from lumenpay.db.unscoped import unscoped_session
from lumenpay.features.errors import FeatureOffError
from lumenpay.models.features import Feature, PlatformFeature, TenantFeature

_KNOWN: Final = frozenset(feature.value for feature in Feature)
"""A switch of what is not in the code any more is passed over."""


async def is_on(session: TenantSession, feature: Feature) -> bool:
    """Tell whether the session's tenant has a feature."""
    own = select(TenantFeature.is_on).where(
        TenantFeature.tenant_id == session.tenant_id, TenantFeature.feature == feature.value
    )
    for_all = select(PlatformFeature.is_on).where(PlatformFeature.feature == feature.value)
    answer = func.coalesce(own.scalar_subquery(), for_all.scalar_subquery(), literal(value=True))
    return bool(await session.scalar(select(answer)))


async def require_on(session: TenantSession, feature: Feature) -> None:
    """Return if the session's tenant has a feature.

    Raises:
        FeatureOffError: It was switched off.
    """
    if not await is_on(session, feature):
        raise FeatureOffError(feature)


async def list_off(session: TenantSession) -> Sequence[Feature]:
    """Return what the session's tenant does not have."""
    switches = await read_for_all(session) | await read_own(session)
    return [feature for feature in Feature if not switches.get(feature, True)]


async def read_for_all(session: AsyncSession) -> dict[Feature, bool]:
    """Return the platform's switches; what is not named is on."""
    rows = (await session.execute(select(PlatformFeature.feature, PlatformFeature.is_on))).all()
    return {Feature(name): is_on for name, is_on in rows if name in _KNOWN}


async def read_own(session: TenantSession) -> dict[Feature, bool]:
    """Return the switches of the session's tenant; what is not named is as for all."""
    mine = TenantFeature.tenant_id == session.tenant_id
    rows = (await session.execute(select(TenantFeature.feature, TenantFeature.is_on).where(mine))).all()
    return {Feature(name): is_on for name, is_on in rows if name in _KNOWN}


async def switch_own(
    session: TenantSession, feature: Feature, *, is_on: bool | None, reason: str, actor: Actor, now: datetime
) -> None:
    """Switch a feature of the session's tenant; nothing makes it as for all again."""
    if is_on is None:
        mine = TenantFeature.tenant_id == session.tenant_id
        await session.execute(delete(TenantFeature).where(mine, TenantFeature.feature == feature.value))
    else:
        values = {"is_on": is_on, "changed_at": now}
        put = insert(TenantFeature).values(tenant_id=session.tenant_id, feature=feature.value, **values)
        await session.execute(put.on_conflict_do_update(index_elements=["tenant_id", "feature"], set_=values))
    details = {"feature": feature.value, "is_on": is_on, "reason": reason}
    action, subject_id = "tenant.feature_switched", session.tenant_id
    record(session, actor=actor, action=action, subject_id=subject_id, now=now, details=details)
    await session.flush()


async def switch_for_all(
    database: Database, feature: Feature, *, is_on: bool, reason: str, actor: Actor, now: datetime
) -> None:
    """Switch a feature for every tenant that has no switch of its own."""
    async with unscoped_session(database) as session:
        values = {"is_on": is_on, "changed_at": now}
        put = insert(PlatformFeature).values(feature=feature.value, **values)
        await session.execute(put.on_conflict_do_update(index_elements=["feature"], set_=values))
        details = {"feature": feature.value, "is_on": is_on, "reason": reason}
        record_platform(session, actor=actor, action="feature.switched", subject_id=None, now=now, details=details)
