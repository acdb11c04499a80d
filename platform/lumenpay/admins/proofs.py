"""Proofs and changes of what proves a person: a fresh proof, a new password, a new address."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.admins.errors import CodeInvalidError, EmailTakenError, LinkInvalidError, WrongCredentialsError
from lumenpay.admins.events import Visitor, record_event
from lumenpay.admins.letters import LetterKind, tell, write_letter
from lumenpay.admins.mail_tokens import get_token, look_at_token, use_up_links
from lumenpay.admins.passwords import is_password_right
from lumenpay.admins.second_factor import is_code_right
from lumenpay.admins.service import end_sessions, has_second_factor, need_fresh_proof, renew_session
from lumenpay.admins.sign_up import hash_strong_password, read_email
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.models.accounts import TokenPurpose
from lumenpay.models.admins import Admin, AdminSession
from lumenpay.models.ids import AdminId


async def prove(
    database: Database, ring: KeyRing, admin: Admin, found: AdminSession, *, password: Secret, code: str, now: datetime
) -> Secret:
    """Return the token of the session renewed with a fresh proof: a code where a second factor is on, else a password.

    Raises:
        CodeInvalidError: A wrong code.
        WrongCredentialsError: A wrong password.
    """
    admin_id = AdminId(admin.id)
    async with unscoped_session(database) as session:
        is_guarded = await has_second_factor(session, admin_id)
        if is_guarded and not await is_code_right(session, ring, admin_id, code, now=now):
            raise CodeInvalidError(fields={"code": "invalid"})
    if not is_guarded and not await is_password_right(password.reveal(), admin.password_hash):
        raise WrongCredentialsError(fields={"password": "wrong"})
    async with unscoped_session(database) as session:
        record_event(session, admin_id, "proof.given", now=now)
        return await renew_session(session, found, proved_at=now, now=now, mfa_at=now if is_guarded else None)


async def change_password(
    database: Database, admin: Admin, found: AdminSession, *, password: Secret, visitor: Visitor, now: datetime
) -> Secret:
    """Store a new password, end every other session, and return the renewed session's token.

    Raises:
        ReauthRequiredError: The proof is not fresh.
        PasswordTooWeakError: Too easy to guess.
    """
    need_fresh_proof(found, now=now)
    password_hash = await hash_strong_password(password, email=admin.email or "", name=admin.name)
    async with unscoped_session(database) as session:
        await _store_password(session, AdminId(admin.id), password_hash, visitor=visitor, keep=found.id, now=now)
        return await renew_session(session, found, proved_at=now, now=now)


async def look_at_link(database: Database, *, token: str, purpose: TokenPurpose, now: datetime) -> None:
    """Return if a mailed link would still work now; nothing is used up, and nothing is told of whom it was mailed to.

    Raises:
        LinkInvalidError: The link was used, has run out, or is none.
    """
    async with unscoped_session(database) as session:
        link = await look_at_token(session, token, purpose, now=now)
        if link.admin_id is None or purpose is not TokenPurpose.RESET_PASSWORD:
            return
        if (await session.get_one(Admin, link.admin_id)).email != link.address:
            raise LinkInvalidError(fields={"token": "invalid"})


async def reset_password(database: Database, *, token: str, password: Secret, visitor: Visitor, now: datetime) -> None:
    """Store a new password by a mailed link; every session ends, and a second factor is asked for as before.

    Raises:
        LinkInvalidError: The link was used, has run out, or is none.
        PasswordTooWeakError: Too easy to guess; the link stays good.
    """
    async with unscoped_session(database) as session:
        link = await get_token(session, token, TokenPurpose.RESET_PASSWORD, now=now)
        admin = await session.get_one(Admin, link.admin_id)
    password_hash = await hash_strong_password(password, email=link.address, name=admin.name)
    async with unscoped_session(database) as session:
        link = await get_token(session, token, TokenPurpose.RESET_PASSWORD, now=now)
        if admin.email != link.address:
            raise LinkInvalidError(fields={"token": "invalid"})
        await _store_password(session, AdminId(admin.id), password_hash, visitor=visitor, keep=None, now=now)


async def _store_password(
    session: AsyncSession, admin_id: AdminId, password_hash: str, *, visitor: Visitor, keep: UUID | None, now: datetime
) -> None:
    admin = await session.get_one(Admin, admin_id)
    admin.password_hash = password_hash
    await end_sessions(session, admin_id, keep=keep, now=now)
    await use_up_links(session, admin_id, now=now)
    record_event(session, admin_id, "password.changed", visitor=visitor, now=now)
    tell(session, admin, LetterKind.PASSWORD_CHANGED, now=now)


async def ask_for_email(database: Database, admin: Admin, found: AdminSession, *, email: str, now: datetime) -> None:
    """Write to a new address; it takes the place of the old one once its link comes back.

    Raises:
        ReauthRequiredError: The proof is not fresh.
        EmailInvalidError: Not an address.
    """
    need_fresh_proof(found, now=now)
    address = read_email(email)
    async with unscoped_session(database) as session:
        admin_id = AdminId(admin.id)
        write_letter(session, LetterKind.CHANGE_EMAIL, address=address, locale=admin.locale, admin_id=admin_id, now=now)


async def confirm_email(database: Database, *, token: str, visitor: Visitor, now: datetime) -> None:
    """Store the address that a mailed link proves, and tell the old one.

    Raises:
        LinkInvalidError: The link was used, has run out, or is none.
        EmailTakenError: Another account has the address.
    """
    try:
        async with unscoped_session(database) as session:
            link = await get_token(session, token, TokenPurpose.CHANGE_EMAIL, now=now)
            admin = await session.get_one(Admin, link.admin_id)
            admin_id, address = AdminId(admin.id), link.address
            tell(session, admin, LetterKind.EMAIL_CHANGED, now=now)
            admin.email = address
            await use_up_links(session, admin_id, now=now)
            record_event(session, admin_id, "email.changed", visitor=visitor, now=now)
    except IntegrityError as error:
        raise EmailTakenError(fields={"email": "taken"}) from error
