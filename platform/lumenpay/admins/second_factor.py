"""The authenticator (TOTP) and the recovery codes: a code counts once, and a step only after the last one used."""

from __future__ import annotations

import secrets
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.admins.errors import ChallengeOverError, CodeInvalidError, SecondFactorStateError
from lumenpay.admins.events import Visitor, record_event
from lumenpay.admins.letters import LetterKind, tell
from lumenpay.admins.limits import Attempt, AttemptLimiter
from lumenpay.admins.service import Entry, end_sessions, need_fresh_proof, renew_session, start_session
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.crypto import KeyRing, Place, Secret, hash_token
from lumenpay.models.accounts import AdminTotp, LoginChallenge, RecoveryCode
from lumenpay.models.admins import Admin, AdminSession
from lumenpay.models.ids import AdminId

STEP_SECONDS = 30
MAX_TRIES = 5
RECOVERY_CODES = 10
ISSUER = "LumenPay"
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_NO_TENANT = UUID(int=0)


def place_of(admin_id: UUID) -> Place:
    """Return where a person's secret belongs."""
    return Place(_NO_TENANT, "totp_secret", admin_id)


async def begin_totp(
    database: Database, ring: KeyRing, admin: Admin, found: AdminSession, *, now: datetime
) -> tuple[Secret, str]:
    """Return a new secret and the address that authenticators read as a picture; it counts once it is confirmed.

    Raises:
        ReauthRequiredError: The proof is not fresh.
        SecondFactorStateError: The second factor is on already.
    """
    need_fresh_proof(found, now=now)
    secret = Secret(pyotp.random_base32())
    sealed = ring.seal(secret, place_of(admin.id))
    async with unscoped_session(database) as session:
        known = await session.get(AdminTotp, admin.id, with_for_update=True)
        if known is not None and known.confirmed_at is not None:
            raise SecondFactorStateError
        if known is not None:
            await session.delete(known)
            await session.flush()
        session.add(
            AdminTotp(
                admin_id=AdminId(admin.id), secret_sealed=sealed.ciphertext, key_id=sealed.key_id, created_at=now,
                last_step=0,
            )
        )  # fmt: skip
    uri = pyotp.TOTP(secret.reveal()).provisioning_uri(name=admin.email or admin.name, issuer_name=ISSUER)
    return secret, uri


async def confirm_totp(
    database: Database, ring: KeyRing, admin: Admin, found: AdminSession, *, code: str, visitor: Visitor, now: datetime
) -> tuple[list[Secret], Secret]:
    """Turn the second factor on; return ten recovery codes and the renewed session's token. Other sessions end.

    Raises:
        ReauthRequiredError: The proof is not fresh.
        SecondFactorStateError: Nothing waits to be confirmed.
        CodeInvalidError: A wrong code.
    """
    need_fresh_proof(found, now=now)
    admin_id = AdminId(admin.id)
    async with unscoped_session(database) as session:
        totp = await session.get(AdminTotp, admin_id)
        if totp is None or totp.confirmed_at is not None:
            raise SecondFactorStateError
        if not await _use_step(session, ring, totp, code, now=now):
            raise CodeInvalidError(fields={"code": "invalid"})
        totp.confirmed_at = now
        codes = await _replace_codes(session, admin_id, now=now)
        await end_sessions(session, admin_id, keep=found.id, now=now)
        token = await renew_session(session, found, proved_at=now, now=now, mfa_at=now)
        record_event(session, admin_id, "second_factor.on", visitor=visitor, now=now)
        tell(session, admin, LetterKind.SECOND_FACTOR_ON, now=now)
    return codes, token


async def turn_off_totp(
    database: Database, admin: Admin, found: AdminSession, *, visitor: Visitor, now: datetime
) -> Secret:
    """Turn the second factor off; return the renewed session's token. Other sessions end.

    Raises:
        ReauthRequiredError: The proof is not fresh.
        SecondFactorStateError: It is not on.
    """
    need_fresh_proof(found, now=now)
    admin_id = AdminId(admin.id)
    async with unscoped_session(database) as session:
        gone = await session.execute(
            delete(AdminTotp).where(AdminTotp.admin_id == admin_id).returning(AdminTotp.admin_id)
        )
        if gone.scalar_one_or_none() is None:
            raise SecondFactorStateError
        await session.execute(delete(RecoveryCode).where(RecoveryCode.admin_id == admin_id))
        await end_sessions(session, admin_id, keep=found.id, now=now)
        # Who is guarded by nothing has shown nothing.
        found.mfa_at = None
        token = await renew_session(session, found, proved_at=now, now=now)
        record_event(session, admin_id, "second_factor.off", visitor=visitor, now=now)
        tell(session, admin, LetterKind.SECOND_FACTOR_OFF, now=now)
    return token


async def renew_codes(database: Database, admin: Admin, found: AdminSession, *, now: datetime) -> list[Secret]:
    """Return ten new recovery codes; the old ones are worth nothing.

    Raises:
        ReauthRequiredError: The proof is not fresh.
        SecondFactorStateError: The second factor is not on.
    """
    need_fresh_proof(found, now=now)
    async with unscoped_session(database) as session:
        totp = await session.get(AdminTotp, admin.id)
        if totp is None or totp.confirmed_at is None:
            raise SecondFactorStateError
        record_event(session, AdminId(admin.id), "recovery_codes.renewed", now=now)
        return await _replace_codes(session, AdminId(admin.id), now=now)


async def read_state(database: Database, admin_id: AdminId) -> tuple[bool, int]:
    """Return whether the second factor is on, and how many recovery codes are left."""
    left = select(func.count()).where(RecoveryCode.admin_id == admin_id, RecoveryCode.used_at.is_(None))
    async with unscoped_session(database) as session:
        totp = await session.get(AdminTotp, admin_id)
        is_on = totp is not None and totp.confirmed_at is not None
        return is_on, (await session.scalar(left) or 0) if is_on else 0


async def finish_log_in(
    database: Database, ring: KeyRing, limiter: AttemptLimiter, *, challenge: str, code: str, visitor: Visitor,
    now: datetime,
) -> Entry:  # fmt: skip
    """Return the session that a challenge and a code of its person stand for.

    Raises:
        ChallengeOverError: Too late, too many tries, or no such challenge.
        TooManyAttemptsError: Too many codes for one person, over all challenges.
        CodeInvalidError: A wrong or used code.
    """
    token_hash = hash_token(challenge)
    async with unscoped_session(database) as session:
        # Counted and committed before the code is looked at: parallel guesses share the tries.
        tried = update(LoginChallenge).where(
            LoginChallenge.token_hash == token_hash, LoginChallenge.tries < MAX_TRIES, LoginChallenge.expires_at > now
        )
        counted = await session.execute(tried.values(tries=LoginChallenge.tries + 1).returning(LoginChallenge.admin_id))
        admin_id = counted.scalar_one_or_none()
    if admin_id is None:
        raise ChallengeOverError
    await limiter.count(Attempt.CODE, address=visitor.address, account=str(admin_id))
    async with unscoped_session(database) as session:
        admin = await session.get_one(Admin, admin_id)
        if not await is_code_right(session, ring, admin_id, code, now=now):
            raise CodeInvalidError(fields={"code": "invalid"})
        ended = await session.execute(
            delete(LoginChallenge).where(LoginChallenge.token_hash == token_hash).returning(LoginChallenge.admin_id)
        )
        if ended.scalar_one_or_none() is None or admin.disabled_at is not None:
            raise ChallengeOverError
        return Entry(admin, session_token=start_session(session, admin_id, visitor=visitor, now=now, mfa_at=now))


async def is_code_right(session: AsyncSession, ring: KeyRing, admin_id: AdminId, code: str, *, now: datetime) -> bool:
    """Tell whether a code of the authenticator, or a recovery code, is right; it is used up by that."""
    totp = await session.get(AdminTotp, admin_id)
    if totp is None or totp.confirmed_at is None:
        return False
    written = "".join(code.split()).replace("-", "").lower()
    if written.isdigit():
        return await _use_step(session, ring, totp, written, now=now)
    used = await session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.admin_id == admin_id, RecoveryCode.code_hash == hash_token(f"{admin_id}:{written}"),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.admin_id)
    )  # fmt: skip
    if used.scalar_one_or_none() is None:
        return False
    record_event(session, admin_id, "recovery_code.used", now=now)
    tell(session, await session.get_one(Admin, admin_id), LetterKind.RECOVERY_CODE_USED, now=now)
    return True


async def _use_step(session: AsyncSession, ring: KeyRing, totp: AdminTotp, code: str, *, now: datetime) -> bool:
    secret = ring.unseal(totp.secret_sealed, place_of(totp.admin_id), key_id=totp.key_id)
    generator = pyotp.TOTP(secret.reveal(), interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    right = [
        step for step in (current - 1, current, current + 1)
        if compare_digest(generator.at(step * STEP_SECONDS).encode(), code.encode("utf-8", "surrogatepass"))
    ]  # fmt: skip
    if not right:
        return False
    # One statement decides: of two requests with one code, one finds the step used.
    used = await session.execute(
        update(AdminTotp)
        .where(AdminTotp.admin_id == totp.admin_id, AdminTotp.last_step < right[-1])
        .values(last_step=right[-1])
        .returning(AdminTotp.admin_id)
        .execution_options(synchronize_session=False)
    )
    return used.scalar_one_or_none() is not None


async def _replace_codes(session: AsyncSession, admin_id: AdminId, *, now: datetime) -> list[Secret]:
    await session.execute(delete(RecoveryCode).where(RecoveryCode.admin_id == admin_id))
    plain = ["".join(secrets.choice(_ALPHABET) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(admin_id=admin_id, code_hash=hash_token(f"{admin_id}:{code}"), created_at=now) for code in plain
    )
    return [Secret("-".join(code[at : at + 4] for at in range(0, 16, 4))) for code in plain]
