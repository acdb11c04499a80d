"""Links that prove a mailbox: made when the letter is sent, stored as a hash, good for one time and a while."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.admins.errors import LinkInvalidError
from lumenpay.admins.rules import CHANGE_EMAIL_LIFETIME, RESET_LIFETIME, SIGN_UP_LIFETIME
from lumenpay.kit.crypto import Secret, hash_token
from lumenpay.models.accounts import MailToken, TokenPurpose
from lumenpay.models.ids import AdminId

LIFETIMES: dict[TokenPurpose, timedelta] = {
    TokenPurpose.SIGN_UP: SIGN_UP_LIFETIME,
    TokenPurpose.RESET_PASSWORD: RESET_LIFETIME,
    TokenPurpose.CHANGE_EMAIL: CHANGE_EMAIL_LIFETIME,
}


def issue_token(
    session: AsyncSession, purpose: TokenPurpose, *, address: str, now: datetime, admin_id: AdminId | None = None,
    sign_up_id: UUID | None = None,
) -> Secret:  # fmt: skip
    """Return the token of a new link; only its hash is stored."""
    token = Secret(secrets.token_urlsafe(32))
    session.add(
        MailToken(
            token_hash=hash_token(token.reveal()), purpose=purpose, address=address, admin_id=admin_id,
            sign_up_id=sign_up_id, created_at=now, expires_at=now + LIFETIMES[purpose],
        )
    )  # fmt: skip
    return token


async def get_token(session: AsyncSession, token: str, purpose: TokenPurpose, *, now: datetime) -> MailToken:
    """Return a link that still works, locked until the transaction ends.

    Raises:
        LinkInvalidError: Used, run out, or none.
    """
    working = _select_working(token, purpose, now=now).with_for_update()
    return _need((await session.execute(working)).scalar_one_or_none())


async def look_at_token(session: AsyncSession, token: str, purpose: TokenPurpose, *, now: datetime) -> MailToken:
    """Return a link that still works, without keeping anybody else from using it.

    Raises:
        LinkInvalidError: Used, run out, or none.
    """
    return _need((await session.execute(_select_working(token, purpose, now=now))).scalar_one_or_none())


def _select_working(token: str, purpose: TokenPurpose, *, now: datetime) -> Select[MailToken]:
    return select(MailToken).where(
        MailToken.token_hash == hash_token(token), MailToken.purpose == purpose, MailToken.used_at.is_(None),
        MailToken.expires_at > now,
    )  # fmt: skip


def _need(found: MailToken | None) -> MailToken:
    if found is None:
        raise LinkInvalidError(fields={"token": "invalid"})
    return found


async def use_up_links(session: AsyncSession, admin_id: AdminId, *, now: datetime) -> None:
    """Make every link that was mailed to a person useless."""
    await session.execute(
        update(MailToken).where(MailToken.admin_id == admin_id, MailToken.used_at.is_(None)).values(used_at=now)
    )
