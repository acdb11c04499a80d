"""Logging in with, linking and unlinking a person's accounts at other services."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.admins.errors import (
    IdentityTakenError,
    LastWayInError,
    NotSignedInError,
    OidcRefusedError,
    WrongCredentialsError,
)
from lumenpay.admins.events import Visitor, record_event
from lumenpay.admins.letters import LetterKind, tell, write_letter
from lumenpay.admins.oidc import Claims, IdentityProviders, Passage, Provider
from lumenpay.admins.rules import ATTEMPT_LIFETIME, normalize_email
from lumenpay.admins.service import Entry, let_in, need_fresh_proof, renew_session
from lumenpay.admins.sign_up import make_admin
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.errors import NotFoundError
from lumenpay.kit.crypto import Secret, hash_token
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.accounts import AdminIdentity, OidcAttempt
from lumenpay.models.admins import Admin, AdminSession
from lumenpay.models.ids import AdminId


async def begin(
    database: Database, providers: IdentityProviders, provider: Provider, *, linking: AdminSession | None, now: datetime
) -> tuple[str, Secret]:
    """Return where the browser goes, and the secret that it must bring back.

    Args:
        linking: The session of who wants the account linked; nothing for a login.

    Raises:
        ReauthRequiredError: Linking needs a fresh proof.
        ProviderUnavailableError: The provider does not answer.
    """
    if linking is not None:
        need_fresh_proof(linking, now=now)
    passage = Passage(secrets.token_urlsafe(32), Secret(secrets.token_urlsafe(32)))
    url = await providers.make_url(provider, passage)
    async with unscoped_session(database) as session:
        session.add(
            OidcAttempt(
                state_hash=hash_token(passage.state), browser_hash=hash_token(passage.browser.reveal()),
                provider=provider.id, admin_id=linking.admin_id if linking else None, created_at=now,
                expires_at=now + ATTEMPT_LIFETIME,
            )
        )  # fmt: skip
    return url, passage.browser


async def finish(
    database: Database, providers: IdentityProviders, provider: Provider, *, code: str, passage: Passage,
    current: AdminSession | None, locale: str = "ru", visitor: Visitor, now: datetime,
) -> Entry:  # fmt: skip
    """Return the person that a provider's answer stands for, logged in; or link the account to who began it.

    Args:
        locale: The language of an account that is made now.

    Raises:
        OidcRefusedError: Not the answer to what this browser began, or not true.
        IdentityTakenError: The account belongs to another person here.
        ProviderUnavailableError: The provider does not answer.
    """
    attempt = await _take_attempt(database, provider, passage, now=now)
    if attempt.admin_id is not None and (current is None or current.admin_id != attempt.admin_id):
        raise OidcRefusedError
    claims = await providers.fetch_claims(provider, passage, code=code, now=now)
    try:
        async with unscoped_session(database) as session:
            if attempt.admin_id is not None and current is not None:
                return await _link(session, claims, current, visitor=visitor, now=now)
            admin = await _find_or_make(session, claims, locale=locale, visitor=visitor, now=now)
            return await let_in(session, admin, visitor=visitor, now=now)
    except IntegrityError as error:
        # Two first logins at once: one of them made the account.
        raise IdentityTakenError from error


async def _take_attempt(database: Database, provider: Provider, passage: Passage, *, now: datetime) -> OidcAttempt:
    async with unscoped_session(database) as session:
        taken = await session.execute(
            delete(OidcAttempt).where(OidcAttempt.state_hash == hash_token(passage.state)).returning(OidcAttempt)
        )
        attempt = taken.scalar_one_or_none()
    if (
        attempt is None
        or attempt.expires_at <= now
        or attempt.provider != provider.id
        or not compare_digest(attempt.browser_hash, hash_token(passage.browser.reveal()))
    ):
        raise OidcRefusedError
    return attempt


async def _find_or_make(
    session: AsyncSession, claims: Claims, *, locale: str, visitor: Visitor, now: datetime
) -> Admin:
    known = await _find_identity(session, claims)
    if known is not None:
        admin = await session.get_one(Admin, known.admin_id)
        if admin.disabled_at is not None:
            raise WrongCredentialsError
        return admin
    address = normalize_email(claims.email) if claims.is_email_verified else None
    # An address stands in `admins` only once we have proved it ourselves: both sides vouch for this person.
    owner = None
    if address is not None:
        same = select(Admin).where(Admin.email == address, Admin.disabled_at.is_(None))
        owner = (await session.execute(same)).scalar_one_or_none()
    if owner is None:
        owner = await make_admin(session, email=None, password_hash=None, name=claims.name, locale=locale, now=now)
        if address is not None:
            write_letter(
                session, LetterKind.CHANGE_EMAIL, address=address, locale=locale, admin_id=AdminId(owner.id), now=now
            )
    else:
        tell(session, owner, LetterKind.IDENTITY_LINKED, now=now)
    _add_identity(session, claims, AdminId(owner.id), visitor=visitor, now=now)
    return owner


async def _link(
    session: AsyncSession, claims: Claims, current: AdminSession, *, visitor: Visitor, now: datetime
) -> Entry:
    known = await _find_identity(session, claims)
    admin_id = AdminId(current.admin_id)
    if known is not None and known.admin_id != admin_id:
        raise IdentityTakenError
    admin = await session.get(Admin, admin_id)
    if admin is None or current.proved_at is None:
        raise NotSignedInError
    if known is None:
        _add_identity(session, claims, admin_id, visitor=visitor, now=now)
        tell(session, admin, LetterKind.IDENTITY_LINKED, now=now)
    return Entry(admin, session_token=await renew_session(session, current, proved_at=current.proved_at, now=now))


async def _find_identity(session: AsyncSession, claims: Claims) -> AdminIdentity | None:
    same = select(AdminIdentity).where(
        AdminIdentity.provider == claims.provider, AdminIdentity.subject == claims.subject
    )
    return (await session.execute(same)).scalar_one_or_none()


def _add_identity(session: AsyncSession, claims: Claims, admin_id: AdminId, *, visitor: Visitor, now: datetime) -> None:
    session.add(
        AdminIdentity(
            id=new_uuid7(), admin_id=admin_id, provider=claims.provider, subject=claims.subject,
            provider_sub=claims.sub, display_name=claims.name, created_at=now,
        )
    )  # fmt: skip
    record_event(session, admin_id, "identity.linked", visitor=visitor, now=now)


async def list_identities(database: Database, admin_id: AdminId) -> Sequence[AdminIdentity]:
    """Return a person's accounts at other services, the first linked first."""
    mine = select(AdminIdentity).where(AdminIdentity.admin_id == admin_id).order_by(AdminIdentity.created_at)
    async with unscoped_session(database) as session:
        return list((await session.execute(mine)).scalars())


async def unlink(
    database: Database, current: AdminSession, identity_id: UUID, *, visitor: Visitor, now: datetime
) -> None:
    """Forget one of a person's accounts at other services.

    Raises:
        NotFoundError: Not one of theirs.
        ReauthRequiredError: The proof is not fresh.
        LastWayInError: There would be no way to log in any more.
    """
    admin_id = AdminId(current.admin_id)
    async with unscoped_session(database) as session:
        # Under the person's lock: two unlinked at once must not both count on the other.
        admin = (await session.execute(select(Admin).where(Admin.id == admin_id).with_for_update())).scalar_one()
        mine = AdminIdentity.admin_id == admin_id
        found = (await session.execute(select(AdminIdentity).where(mine, AdminIdentity.id == identity_id))).scalar()
        if found is None:
            raise NotFoundError
        need_fresh_proof(current, now=now)
        others = await session.scalar(select(func.count()).where(mine, AdminIdentity.id != identity_id))
        if not others and not (admin.email and admin.password_hash):
            raise LastWayInError
        await session.delete(found)
        record_event(session, admin_id, "identity.unlinked", visitor=visitor, now=now)


async def find_telegram_id(database: Database, admin_id: AdminId) -> int | None:
    """Return the Telegram account that a person has linked; nothing without one."""
    async with unscoped_session(database) as session:
        subject = await session.scalar(
            select(AdminIdentity.subject).where(
                AdminIdentity.admin_id == admin_id, AdminIdentity.provider == "telegram"
            )
        )
    return int(subject) if subject is not None and subject.isdecimal() else None
