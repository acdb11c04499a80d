"""Removes what has run out: links, sign-ups, challenges, ended sessions, letters that were sent, old addresses."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update

from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.models.accounts import AccountEvent, LoginChallenge, MailToken, OidcAttempt, SignUp
from lumenpay.models.admins import AdminSession
from lumenpay.models.letters import Letter, LetterStatus

_SENT_KEPT = timedelta(days=14)
_DEAD_KEPT = timedelta(days=90)
_ENDED_KEPT = timedelta(days=30)
_ADDRESSES_KEPT = timedelta(days=90)


async def purge_accounts(database: Database, *, now: datetime) -> None:
    """Remove it; safe to repeat. A sign-up takes its links and letters with it."""
    async with unscoped_session(database) as session:
        for table in (MailToken, LoginChallenge, OidcAttempt, SignUp):
            await session.execute(delete(table).where(table.expires_at < now))
        await session.execute(
            delete(Letter).where(Letter.status == LetterStatus.SENT, Letter.created_at < now - _SENT_KEPT)
        )
        await session.execute(
            delete(Letter).where(Letter.status == LetterStatus.DEAD, Letter.created_at < now - _DEAD_KEPT)
        )
        ended = or_(AdminSession.revoked_at < now - _ENDED_KEPT, AdminSession.expires_at < now - _ENDED_KEPT)
        await session.execute(delete(AdminSession).where(ended))
        old = AccountEvent.created_at < now - _ADDRESSES_KEPT
        await session.execute(update(AccountEvent).where(old, AccountEvent.address != "").values(address=""))
