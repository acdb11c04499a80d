"""Use cases of people: sign-up, login, sessions. People belong to no tenant, so these sessions carry none."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.admins.errors import (
    EmailInvalidError,
    EmailTakenError,
    NotSignedInError,
    PasswordTooWeakError,
    WrongCredentialsError,
)
from lumenpay.admins.passwords import hash_password, is_password_right
from lumenpay.admins.rules import ABSOLUTE, is_password_acceptable, is_session_alive, normalize_email
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.crypto import Secret, hash_token
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.admins import Admin, AdminSession
from lumenpay.models.ids import AdminId

_SEEN_EVERY = timedelta(minutes=1)


async def sign_up(database: Database, *, email: str, password: Secret, name: str, locale: str, now: datetime) -> Admin:
    """Store a new person.

    Raises:
        EmailInvalidError: Not an address.
        PasswordTooWeakError: Too easy to guess.
        EmailTakenError: There is such an account.
    """
    address = normalize_email(email)
    if address is None:
        raise EmailInvalidError(fields={"email": "invalid"})
    if not is_password_acceptable(password.reveal(), email=address):
        raise PasswordTooWeakError(fields={"password": "too_weak"})
    password_hash = await hash_password(password.reveal())
    async with unscoped_session(database) as session:
        admin = (
            await session.execute(
                insert(Admin)
                .values(
                    id=new_uuid7(), email=address, password_hash=password_hash, name=name, locale=locale, created_at=now
                )
                .on_conflict_do_nothing()
                .returning(Admin)
            )
        ).scalar_one_or_none()
    if admin is None:
        raise EmailTakenError(fields={"email": "taken"})
    return admin


async def log_in(
    database: Database, *, email: str, password: Secret, user_agent: str, now: datetime
) -> tuple[Admin, Secret]:
    """Return the person and the token of a fresh session.

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
    return admin, await open_session(database, AdminId(admin.id), user_agent=user_agent, now=now)


async def open_session(database: Database, admin_id: AdminId, *, user_agent: str, now: datetime) -> Secret:
    """Return the token of a fresh session; only its hash is stored."""
    token = Secret(secrets.token_urlsafe(32))
    async with unscoped_session(database) as session:
        session.add(
            AdminSession(
                id=new_uuid7(), admin_id=admin_id, token_hash=hash_token(token.reveal()),
                user_agent=user_agent[:256], created_at=now, last_seen_at=now, expires_at=now + ABSOLUTE,
            )
        )  # fmt: skip
    return token


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


async def _find_session(database: Database, condition: object, *, now: datetime) -> tuple[Admin, AdminSession]:
    async with unscoped_session(database) as session:
        row = (
            await session.execute(
                select(Admin, AdminSession)
                .join(AdminSession, AdminSession.admin_id == Admin.id)
                .where(condition, Admin.disabled_at.is_(None))  # type: ignore[arg-type]  # a column comparison
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


async def list_sessions(database: Database, admin_id: AdminId, *, now: datetime) -> list[AdminSession]:
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
        return ended.scalar_one_or_none() is not None
