"""Use cases of people: login, profile, sessions. People belong to no tenant, so these transactions carry none."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.admins.errors import NotSignedInError, ReauthRequiredError, WrongCredentialsError
from lumenpay.admins.events import NOBODY, Visitor, record_event
from lumenpay.admins.passwords import is_password_right
from lumenpay.admins.rules import ABSOLUTE, CHALLENGE_LIFETIME, is_proof_fresh, is_session_alive, normalize_email
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.crypto import Secret, hash_token
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.accounts import AdminTotp, LoginChallenge
from lumenpay.models.admins import Admin, AdminSession
from lumenpay.models.ids import AdminId

_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a login came to: a session, or a challenge that a second factor must follow."""

    admin: Admin
    session_token: Secret | None = None
    challenge: Secret | None = None


async def log_in(database: Database, *, email: str, password: Secret, visitor: Visitor, now: datetime) -> Entry:
    """Return a session, or a challenge where a second factor is on.

    Raises:
        WrongCredentialsError: No such account, or a wrong password.
    """
    address = normalize_email(email) or ""
    async with unscoped_session(database) as session:
        admin = (
            await session.execute(select(Admin).where(Admin.email == address, Admin.disabled_at.is_(None)))
        ).scalar_one_or_none()
    if not await is_password_right(password.reveal(), admin.password_hash if admin else None) or admin is None:
        raise WrongCredentialsError
    async with unscoped_session(database) as session:
        return await let_in(session, admin, visitor=visitor, now=now)


async def let_in(session: AsyncSession, admin: Admin, *, visitor: Visitor, now: datetime) -> Entry:
    """Return what follows a first step that was right, by whichever way in."""
    admin_id = AdminId(admin.id)
    if not await has_second_factor(session, admin_id):
        return Entry(admin, session_token=start_session(session, admin_id, visitor=visitor, now=now))
    token = Secret(secrets.token_urlsafe(32))
    session.add(
        LoginChallenge(
            token_hash=hash_token(token.reveal()), admin_id=admin_id, created_at=now,
            expires_at=now + CHALLENGE_LIFETIME,
        )
    )  # fmt: skip
    return Entry(admin, challenge=token)


async def has_second_factor(session: AsyncSession, admin_id: AdminId) -> bool:
    """Tell whether a login needs a second step."""
    known = select(AdminTotp.admin_id).where(AdminTotp.admin_id == admin_id, AdminTotp.confirmed_at.is_not(None))
    return (await session.execute(known)).first() is not None


def start_session(
    session: AsyncSession, admin_id: AdminId, *, visitor: Visitor, now: datetime, mfa_at: datetime | None = None
) -> Secret:
    """Return the token of a fresh session; only its hash is stored.

    Args:
        mfa_at: When a second factor was shown for it.
    """
    token = Secret(secrets.token_urlsafe(32))
    session.add(
        AdminSession(
            id=new_uuid7(), admin_id=admin_id, token_hash=hash_token(token.reveal()),
            user_agent=visitor.user_agent[:256], address=visitor.address[:64], proved_at=now, created_at=now,
            last_seen_at=now, expires_at=now + ABSOLUTE, mfa_at=mfa_at,
        )
    )  # fmt: skip
    record_event(session, admin_id, "session.opened", visitor=visitor, now=now)
    return token


async def open_session(database: Database, admin_id: AdminId, *, user_agent: str, now: datetime) -> Secret:
    """Return the token of a fresh session, in a transaction of its own."""
    async with unscoped_session(database) as session:
        return start_session(session, admin_id, visitor=Visitor(user_agent=user_agent), now=now)


async def renew_session(
    session: AsyncSession,
    old: AdminSession,
    *,
    proved_at: datetime | None,
    now: datetime,
    mfa_at: datetime | None = None,
) -> Secret:
    """Return the token that replaces a session's at once; how long the session may live stays as it was.

    Args:
        mfa_at: When a second factor was shown, if it was now; else what the session has is kept.

    Raises:
        NotSignedInError: It has ended meanwhile.
    """
    ended = await session.execute(
        update(AdminSession)
        .where(AdminSession.id == old.id, AdminSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(AdminSession.id)
    )
    if ended.scalar_one_or_none() is None:
        raise NotSignedInError
    token = Secret(secrets.token_urlsafe(32))
    session.add(
        AdminSession(
            id=new_uuid7(), admin_id=old.admin_id, token_hash=hash_token(token.reveal()), user_agent=old.user_agent,
            address=old.address, proved_at=proved_at, created_at=old.created_at, last_seen_at=now,
            expires_at=old.expires_at, mfa_at=mfa_at or old.mfa_at, impersonation_id=old.impersonation_id,
            impersonated_tenant_id=old.impersonated_tenant_id, impersonation_ends_at=old.impersonation_ends_at,
        )
    )  # fmt: skip
    return token


def need_fresh_proof(found: AdminSession, *, now: datetime) -> None:
    """Return if the person has just proved who they are.

    Raises:
        ReauthRequiredError: Not within ten minutes.
    """
    if not is_proof_fresh(found.proved_at, now=now):
        raise ReauthRequiredError


async def authenticate(database: Database, *, token: str, now: datetime) -> tuple[Admin, AdminSession]:
    """Return who a session belongs to.

    Raises:
        NotSignedInError: No such session, or it has ended.
    """
    return await _find_session(database, AdminSession.token_hash == hash_token(token), now=now)


async def authenticate_session(database: Database, session_id: UUID, *, now: datetime) -> tuple[Admin, AdminSession]:
    """Return who a session belongs to, by its id, which a signed token carries.

    Raises:
        NotSignedInError: The session has ended.
    """
    return await _find_session(database, AdminSession.id == session_id, now=now)


async def _find_session(
    database: Database, condition: ColumnElement[bool], *, now: datetime
) -> tuple[Admin, AdminSession]:
    async with unscoped_session(database) as session:
        row = (
            await session.execute(
                select(Admin, AdminSession)
                .join(AdminSession, AdminSession.admin_id == Admin.id)
                .where(condition, Admin.disabled_at.is_(None))
            )
        ).one_or_none()
        if row is None:
            raise NotSignedInError
        admin, found = row[0], row[1]
        if not is_session_alive(
            created_at=found.created_at, last_seen_at=found.last_seen_at, revoked_at=found.revoked_at, now=now
        ):
            raise NotSignedInError
        if now - found.last_seen_at > _SEEN_EVERY:
            found.last_seen_at = now
    return admin, found


async def list_sessions(database: Database, admin_id: AdminId, *, now: datetime) -> Sequence[AdminSession]:
    """Return where a person is logged in, most recently used first."""
    query = select(AdminSession).where(
        AdminSession.admin_id == admin_id, AdminSession.revoked_at.is_(None), AdminSession.expires_at > now
    )
    async with unscoped_session(database) as session:
        return list((await session.execute(query.order_by(AdminSession.last_seen_at.desc()))).scalars())


async def end_session(database: Database, admin_id: AdminId, session_id: UUID, *, now: datetime) -> bool:
    """End one session of a person at once; False when there is none such."""
    async with unscoped_session(database) as session:
        ended = await session.execute(
            update(AdminSession)
            .where(AdminSession.id == session_id, AdminSession.admin_id == admin_id, AdminSession.revoked_at.is_(None))
            .values(revoked_at=now)
            .returning(AdminSession.id)
        )
        is_ended = ended.scalar_one_or_none() is not None
        if is_ended:
            record_event(session, admin_id, "session.ended", now=now)
        return is_ended


async def end_other_sessions(database: Database, admin_id: AdminId, *, keep: UUID, now: datetime) -> None:
    """End every session of a person but one, at once."""
    async with unscoped_session(database) as session:
        await end_sessions(session, admin_id, keep=keep, now=now)
        record_event(session, admin_id, "sessions.ended", now=now)


async def end_sessions(session: AsyncSession, admin_id: AdminId, *, keep: UUID | None = None, now: datetime) -> None:
    """End every session of a person but one, in the caller's transaction."""
    query = update(AdminSession).where(AdminSession.admin_id == admin_id, AdminSession.revoked_at.is_(None))
    if keep is not None:
        query = query.where(AdminSession.id != keep)
    await session.execute(query.values(revoked_at=now))


async def change_profile(
    database: Database, admin_id: AdminId, *, name: str | None = None, locale: str, visitor: Visitor = NOBODY,
    now: datetime,
) -> Admin:  # fmt: skip
    """Store a person's language, and their name where one is given."""
    async with unscoped_session(database) as session:
        admin = await session.get_one(Admin, admin_id)
        admin.locale = locale
        if name is not None:
            admin.name = name
        record_event(session, admin_id, "profile.changed", visitor=visitor, now=now)
    return admin
