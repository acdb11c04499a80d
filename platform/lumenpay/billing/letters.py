"""Letters to the owners of a tenant, written with what they tell of, so that each is sent once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from lumenpay.admins.letters import LetterKind, write_letter
from lumenpay.billing.repository import list_owners
from lumenpay.db.session import TenantSession
from lumenpay.letters.rendering import LOCALES
from lumenpay.models.ids import AdminId


async def write_to_owners(
    session: TenantSession, kind: LetterKind, describe: Callable[[str], Mapping[str, str]], *, path: str,
    now: datetime, run_at: datetime | None = None,
) -> None:  # fmt: skip
    """Have every owner of the session's tenant who has an address written to, once the transaction is committed.

    Args:
        describe: What the letter names, in a language.
        path: Where its link leads.
        run_at: Not before this moment.
    """
    for owner in await list_owners(session):
        locale = owner.locale if owner.locale in LOCALES else LOCALES[0]
        write_letter(
            session, kind, address=owner.email or "", locale=locale, admin_id=AdminId(owner.id),
            details={**describe(locale), "path": path}, run_at=run_at, now=now,
        )  # fmt: skip
    await session.flush()
