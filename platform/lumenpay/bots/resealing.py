"""Moves bots' secrets to the newest key, one row at a time, and refuses to work without a key that is in use."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.exc import ProgrammingError

from lumenpay.admins.resealing import list_totp_keys
from lumenpay.bots import secrets
from lumenpay.bots.errors import SecretKeyMissingError
from lumenpay.bots.repository import find_any_bot
from lumenpay.bots.secrets import Seal
from lumenpay.db.dispatch import list_sealing_keys
from lumenpay.db.guard import DatabaseNotMigratedError
from lumenpay.db.session import Database, TenantSession
from lumenpay.kit.crypto import KeyRing


async def check_sealing_keys(database: Database, ring: KeyRing) -> None:
    """Return if the ring has every key that stored secrets are sealed with.

    An id is a hash of its key, so a ring that has the id has the key. No row is opened: one that was damaged is its
    tenant's trouble, which `lumenpay keys check` names, and no reason to stop everybody's process.

    Raises:
        SecretKeyMissingError: A key in use is not in the ring: it was removed too early, or the ring is another's.
        DatabaseNotMigratedError: The schema is too old to tell.
    """
    try:
        in_use = [*await list_sealing_keys(database), *await list_totp_keys(database)]
    except ProgrammingError as error:
        msg = "the database has an older schema: run `lumenpay migrate`"
        raise DatabaseNotMigratedError(msg) from error
    missing = [key_id for key_id in dict.fromkeys(in_use) if key_id not in ring.key_ids]
    if missing:
        msg = (
            f"LUMENPAY_SECRET_KEYS lacks the key {', '.join(missing)}, which stored secrets are sealed with: put it "
            "back behind the newest one, run `lumenpay keys rotate`, and remove it then"
        )
        raise SecretKeyMissingError(msg)


async def reseal_bot(session: TenantSession, bot_id: UUID, *, ring: KeyRing) -> bool:
    """Leave a bot's secrets sealed with the newest key; tell whether anything had to change. Safe to repeat.

    Deleted bots too: until a job has cleared its webhook, a deleted bot still has its token.

    Raises:
        SealBrokenError: A secret does not open; the row must stay as it is.
    """
    bot = await find_any_bot(session, bot_id, is_locked=True)
    return bot is not None and secrets.reseal(ring, bot)


async def list_seals(session: TenantSession, bot_id: UUID, *, ring: KeyRing) -> list[Seal]:
    """Return the seals of a bot, deleted or not, and what is wrong with each."""
    bot = await find_any_bot(session, bot_id)
    return [] if bot is None else secrets.inspect_seals(ring, bot)
