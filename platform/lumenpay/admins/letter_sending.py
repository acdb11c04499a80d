"""Takes letters that wait, decides what each says by what is true now, and keeps what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.admins.letters import LetterKind
from lumenpay.admins.mail_tokens import issue_token
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.letters.rendering import LetterText, render_letter
from lumenpay.models.accounts import SignUp, TokenPurpose
from lumenpay.models.admins import Admin
from lumenpay.models.ids import AdminId
from lumenpay.models.letters import Letter, LetterStatus

MAX_ATTEMPTS = 12
_LEASE = timedelta(minutes=2)
_LONGEST_PAUSE_SECONDS = 3600.0
_PAGES: Final[Mapping[LetterKind, str]] = {
    LetterKind.IDENTITY_LINKED: "/account",
    # Whoever changed it may have been somebody else: the person cannot log in with the old one.
    LetterKind.PASSWORD_CHANGED: "/forgot-password",
    LetterKind.SECOND_FACTOR_OFF: "/account/security",
    LetterKind.RECOVERY_CODE_USED: "/account/security",
}
"""Where a letter's link leads that needs no token: the page on which it is put right."""


async def claim_letters(database: Database, *, limit: int, now: datetime) -> list[Letter]:
    """Return letters that are due; for two minutes nobody else is given them."""
    due = (
        select(Letter.id)
        .where(Letter.status == LetterStatus.READY, Letter.run_at <= now)
        .order_by(Letter.run_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    async with unscoped_session(database) as session:
        taken = await session.execute(
            update(Letter)
            .where(Letter.id.in_(due))
            .values(run_at=now + _LEASE, attempts=Letter.attempts + 1)
            .returning(Letter)
            .execution_options(synchronize_session=False)
        )
        return list(taken.scalars())


async def compose_letter(database: Database, letter: Letter, *, public_url: str, now: datetime) -> LetterText | None:
    """Return what a letter says, with a link made for it; nothing when there is nobody to write to any more."""
    async with unscoped_session(database) as session:
        kind = LetterKind(letter.kind)
        owner = (await session.execute(select(Admin).where(Admin.email == letter.address))).scalar_one_or_none()
        if kind is LetterKind.SIGN_UP:
            return await _compose_sign_up(session, letter, owner, public_url=public_url, now=now)
        if kind is LetterKind.RESET_PASSWORD:
            return _compose_reset(session, letter, owner, public_url=public_url, now=now)
        if kind is LetterKind.CHANGE_EMAIL and owner is not None:
            return _already_registered(owner, public_url=public_url)
        details = {**letter.details}
        link = f"{public_url}{details.pop('path', _PAGES.get(kind, '/'))}"
        if kind is LetterKind.CHANGE_EMAIL:
            admin_id = letter.admin_id
            token = issue_token(session, TokenPurpose.CHANGE_EMAIL, address=letter.address, admin_id=admin_id, now=now)
            link = f"{public_url}/confirm-email#token={token.reveal()}"
    return render_letter(kind.value, locale=letter.locale, link=link, **details)


async def _compose_sign_up(
    session: AsyncSession, letter: Letter, owner: Admin | None, *, public_url: str, now: datetime
) -> LetterText | None:
    if owner is not None:
        return _already_registered(owner, public_url=public_url)
    wanted = select(SignUp).where(SignUp.email == letter.address, SignUp.expires_at > now)
    if letter.sign_up_id is not None:
        wanted = wanted.where(SignUp.id == letter.sign_up_id)
    sign_up = (await session.execute(wanted.order_by(SignUp.created_at.desc()).limit(1))).scalar_one_or_none()
    if sign_up is None:
        return None
    token = issue_token(session, TokenPurpose.SIGN_UP, address=letter.address, sign_up_id=sign_up.id, now=now)
    link = f"{public_url}/verify-email#token={token.reveal()}"
    return render_letter(LetterKind.SIGN_UP, locale=sign_up.locale, name=sign_up.name, link=link)


def _compose_reset(
    session: AsyncSession, letter: Letter, owner: Admin | None, *, public_url: str, now: datetime
) -> LetterText | None:
    if owner is None or owner.disabled_at is not None:
        return None
    token = issue_token(
        session, TokenPurpose.RESET_PASSWORD, address=letter.address, admin_id=AdminId(owner.id), now=now
    )
    link = f"{public_url}/reset-password#token={token.reveal()}"
    return render_letter(LetterKind.RESET_PASSWORD, locale=owner.locale, link=link)


def _already_registered(owner: Admin, *, public_url: str) -> LetterText:
    return render_letter(LetterKind.ALREADY_REGISTERED, locale=owner.locale, link=f"{public_url}/log-in")


async def finish_letter(
    database: Database, letter: Letter, *, status: LetterStatus, error: str = "", now: datetime
) -> None:
    """Store that a letter was sent, or that it never will be."""
    await _store(database, letter, status=status.value, last_error=error, finished_at=now)


async def put_letter_off(database: Database, letter: Letter, *, error: str, now: datetime) -> LetterStatus:
    """Give a letter back for a later try, or up after the twelfth; return what became of it."""
    if letter.attempts >= MAX_ATTEMPTS:
        await finish_letter(database, letter, status=LetterStatus.DEAD, error=error, now=now)
        return LetterStatus.DEAD
    pause = timedelta(seconds=min(5.0 * 2**letter.attempts, _LONGEST_PAUSE_SECONDS))
    await _store(database, letter, run_at=now + pause, last_error=error)
    return LetterStatus.READY


async def _store(database: Database, letter: Letter, **values: object) -> None:
    async with unscoped_session(database) as session:
        await session.execute(
            update(Letter)
            .where(Letter.id == letter.id, Letter.status == LetterStatus.READY, Letter.attempts == letter.attempts)
            .values(**values)
        )
