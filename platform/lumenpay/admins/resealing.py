"""Moves the authenticators' secrets to the newest key; which keys they need is part of every process's start check."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from lumenpay.admins.second_factor import place_of
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.crypto import KeyRing, SealBrokenError
from lumenpay.models.accounts import AdminTotp

_PAGE = 200


async def list_totp_keys(database: Database) -> list[str]:
    """Return the ids of the secret keys that authenticators' secrets are sealed with."""
    async with unscoped_session(database) as session:
        return list((await session.execute(select(AdminTotp.key_id).distinct())).scalars())


async def reseal_totp(database: Database, ring: KeyRing) -> tuple[int, int]:
    """Seal with the newest key what is not yet; return how many were, and how many do not open. Safe to repeat."""
    resealed, unopened, last = 0, 0, UUID(int=0)
    while True:
        async with unscoped_session(database) as session:
            waiting = select(AdminTotp).where(AdminTotp.key_id != ring.key_ids[0], AdminTotp.admin_id > last)
            page = (
                await session.execute(waiting.order_by(AdminTotp.admin_id).limit(_PAGE).with_for_update())
            ).scalars()
            rows = list(page)
            for row in rows:
                try:
                    secret = ring.unseal(row.secret_sealed, place_of(row.admin_id))
                except SealBrokenError:
                    unopened += 1
                    continue
                sealed = ring.seal(secret, place_of(row.admin_id))
                row.secret_sealed, row.key_id = sealed.ciphertext, sealed.key_id
                resealed += 1
        if len(rows) < _PAGE:
            return resealed, unopened
        last = rows[-1].admin_id
