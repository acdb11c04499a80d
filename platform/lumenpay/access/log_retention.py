"""How long the access log is kept: old lines go, those that say why somebody is inside stay.

The lines guard nothing that happens once; payments, grants and periods do that. One question is answered from them, by
whom a person was taken out last (`sweep_repository`), and the database keeps the line that answers it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from lumenpay.db.session import TenantSession
from lumenpay.tenants.repository import get_own_tenant

EVERY: Final = timedelta(days=1)


async def purge_share(session: TenantSession, *, older_than: datetime, limit: int, now: datetime) -> bool:
    """Remove up to `limit` lines of the session's tenant that are kept no longer; tell whether there may be more.

    Once there are none, the tenant's log is looked at again in a day.
    """
    removed = (await session.execute(select(func.purge_access_logs(older_than, limit)))).scalar_one()
    if removed >= limit:
        return True
    (await get_own_tenant(session, is_locked=True)).access_log_due_at = now + EVERY
    await session.flush()
    return False
