"""Making an account: what is asked for waits until a letter's link and the chosen password come back together.

Whether an address has an account already changes nothing of the request: the letter says it, to its owner alone.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.admins.errors import EmailInvalidError, EmailTakenError, PasswordTooWeakError, WrongCredentialsError
from lumenpay.admins.events import Visitor, record_event
from lumenpay.admins.letters import LetterKind, write_letter
from lumenpay.admins.mail_tokens import get_token
from lumenpay.admins.passwords import hash_password, is_password_right
from lumenpay.admins.rules import SIGN_UP_LIFETIME, find_password_fault, normalize_email
from lumenpay.admins.service import Entry, start_session
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.crypto import Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.accounts import SignUp, TokenPurpose
from lumenpay.models.admins import Admin
from lumenpay.models.ids import AdminId


def read_email(text: str) -> str:
    """Return an address as it is stored.

    Raises:
        EmailInvalidError: Not an address.
    """
    address = normalize_email(text)
    if address is None:
        raise EmailInvalidError(fields={"email": "invalid"})
    return address


async def hash_strong_password(password: Secret, *, email: str, name: str, field: str = "password") -> str:
    """Return the hash of a password that is hard to guess.

    Raises:
        PasswordTooWeakError: It is not; the field's code is the `PasswordFault`.
    """
    fault = find_password_fault(password.reveal(), email=email, name=name)
    if fault is not None:
        raise PasswordTooWeakError(fields={field: fault.value})
    return await hash_password(password.reveal())


async def ask_for_account(
    database: Database, *, email: str, password: Secret, name: str, locale: str, now: datetime
) -> None:
    """Keep a sign-up for a day and write to the address.

    Raises:
        EmailInvalidError: Not an address.
        PasswordTooWeakError: Too easy to guess.
    """
    address = read_email(email)
    password_hash = await hash_strong_password(password, email=address, name=name)
    async with unscoped_session(database) as session:
        sign_up = SignUp(
            id=new_uuid7(), email=address, password_hash=password_hash, name=name, locale=locale, created_at=now,
            expires_at=now + SIGN_UP_LIFETIME,
        )  # fmt: skip
        session.add(sign_up)
        await session.flush()
        write_letter(session, LetterKind.SIGN_UP, address=address, locale=locale, sign_up_id=sign_up.id, now=now)


async def ask_for_letter(database: Database, kind: LetterKind, *, email: str, now: datetime) -> None:
    """Have a letter about a sign-up or a reset sent, if the address has one to get; that is seen when it is sent.

    Raises:
        EmailInvalidError: Not an address.
    """
    address = read_email(email)
    async with unscoped_session(database) as session:
        write_letter(session, kind, address=address, locale="ru", now=now)


async def verify_email(database: Database, *, token: str, password: Secret, visitor: Visitor, now: datetime) -> Entry:
    """Make the account that a link and its password stand for, and log in.

    The password is asked for again, so that whoever only owns the mailbox cannot be made to confirm an account that a
    stranger holds the password of.

    Raises:
        LinkInvalidError: The link was used, has run out, or is none.
        WrongCredentialsError: Not the password of this sign-up; the link stays good.
        EmailTakenError: An account was made with this address meanwhile.
    """
    async with unscoped_session(database) as session:
        link = await get_token(session, token, TokenPurpose.SIGN_UP, now=now)
        sign_up = await session.get_one(SignUp, link.sign_up_id)
    if not await is_password_right(password.reveal(), sign_up.password_hash):
        raise WrongCredentialsError(fields={"password": "wrong"})
    async with unscoped_session(database) as session:
        link = await get_token(session, token, TokenPurpose.SIGN_UP, now=now)
        admin = await make_admin(
            session, email=sign_up.email, password_hash=sign_up.password_hash, name=sign_up.name,
            locale=sign_up.locale, now=now,
        )  # fmt: skip
        await session.delete(link)
        await session.flush()
        await session.execute(delete(SignUp).where(SignUp.email == sign_up.email))
        session_token = start_session(session, AdminId(admin.id), visitor=visitor, now=now)
    return Entry(admin, session_token=session_token)


async def make_admin(
    session: AsyncSession, *, email: str | None, password_hash: str | None, name: str, locale: str, now: datetime
) -> Admin:
    """Store a person whose address, if any, is proved.

    Raises:
        EmailTakenError: There is an account with this address.
    """
    admin = (
        await session.execute(
            insert(Admin)
            .values(
                id=new_uuid7(), email=email, password_hash=password_hash, name=name, locale=locale, created_at=now
            )
            .on_conflict_do_nothing()
            .returning(Admin)
        )
    ).scalar_one_or_none()  # fmt: skip
    if admin is None:
        raise EmailTakenError(fields={"email": "taken"})
    record_event(session, AdminId(admin.id), "account.made", now=now)
    return admin


async def join_by_letter(
    database: Database, *, email: str, password: Secret, name: str, locale: str, visitor: Visitor, now: datetime
) -> Entry:
    """Make an account for an address that a letter's link has just proved, and log in.

    Raises:
        PasswordTooWeakError: Too easy to guess.
        EmailTakenError: There is an account with this address.
    """
    password_hash = await hash_strong_password(password, email=email, name=name)
    async with unscoped_session(database) as session:
        admin = await make_admin(session, email=email, password_hash=password_hash, name=name, locale=locale, now=now)
        return Entry(admin, session_token=start_session(session, AdminId(admin.id), visitor=visitor, now=now))


async def has_account(database: Database, email: str) -> bool:
    """Tell whether an address has an account; only for who has proved that the mailbox is theirs."""
    async with unscoped_session(database) as session:
        return (await session.execute(select(Admin.id).where(Admin.email == email))).first() is not None
