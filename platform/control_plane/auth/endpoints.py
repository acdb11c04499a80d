"""Accounts: sign-up, login, sessions, tokens for API clients."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request, Response

from control_plane.auth.schemas import (
    CHALLENGE,
    LETTER_SENT,
    AccessTokenOut,
    CodeIn,
    CurrentViewOut,
    EmailIn,
    LetterOut,
    LogInIn,
    LogInOut,
    MeOut,
    SessionOut,
    SignUpIn,
    TokenPasswordIn,
    admin_out,
    answer_entry,
    cookie_name,
    drop_cookie,
    read_cookie,
    secret,
)
from control_plane.dependencies import IdentityDep, MaybeIdentityDep, ServicesDep, VisitorDep, session_cookie
from control_plane.errors import documented
from lumenpay.admins import second_factor, sign_up
from lumenpay.admins import service as admins
from lumenpay.admins.letters import LetterKind
from lumenpay.admins.limits import Attempt
from lumenpay.admins.rules import TOKEN_LIFETIME, normalize_email
from lumenpay.admins.staff import is_staff
from lumenpay.admins.tokens import issue_token
from lumenpay.errors import NotFoundError
from lumenpay.kit.crypto import hash_token

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/sign-up", status_code=202, responses=documented(429), name="sign_up")
async def ask_for_account(body: SignUpIn, services: ServicesDep, visitor: VisitorDep) -> LetterOut:
    """Ask for an account. The answer is the same whether or not the address has one; the letter says it."""
    await services.attempts.count(Attempt.SIGN_UP, address=visitor.address, account=normalize_email(body.email) or "")
    await sign_up.ask_for_account(
        services.database, email=body.email, password=secret(body.password), name=body.name, locale=body.locale,
        now=services.clock.now(),
    )  # fmt: skip
    return LETTER_SENT


@router.post("/sign-up/resend", status_code=202, responses=documented(429))
async def resend_sign_up(body: EmailIn, services: ServicesDep, visitor: VisitorDep) -> LetterOut:
    """Send the letter of a sign-up once more."""
    await services.attempts.count(Attempt.LETTER, address=visitor.address, account=normalize_email(body.email) or "")
    await sign_up.ask_for_letter(services.database, LetterKind.SIGN_UP, email=body.email, now=services.clock.now())
    return LETTER_SENT


@router.post("/verify-email", responses=documented(409, 429))
async def verify_email(
    body: TokenPasswordIn, response: Response, services: ServicesDep, visitor: VisitorDep
) -> LogInOut:
    """Make the account that a letter's link and the password chosen for it stand for, and log in."""
    account = hash_token(body.token).hex()
    await services.attempts.count(Attempt.VERIFY, address=visitor.address, account=account)
    entry = await sign_up.verify_email(
        services.database, token=body.token, password=secret(body.password), visitor=visitor, now=services.clock.now()
    )
    return answer_entry(response, services, entry)


@router.post("/log-in", responses=documented(429))
async def log_in(
    body: LogInIn, response: Response, services: ServicesDep, visitor: VisitorDep, before: MaybeIdentityDep
) -> LogInOut:
    """Log in with e-mail and password; the session is a cookie. A session that the browser had before ends."""
    account = normalize_email(body.email) or body.email
    await services.attempts.count(Attempt.LOG_IN, address=visitor.address, account=account)
    now = services.clock.now()
    entry = await admins.log_in(
        services.database, email=body.email, password=secret(body.password), visitor=visitor, now=now
    )
    await services.attempts.forgive(Attempt.LOG_IN, address=visitor.address, account=account)
    if before is not None:
        await admins.end_session(services.database, before.admin_id, before.session_id, now=now)
    return answer_entry(response, services, entry)


@router.post("/log-in/second-factor", responses=documented(429))
async def finish_log_in(
    body: CodeIn, request: Request, response: Response, services: ServicesDep, visitor: VisitorDep
) -> LogInOut:
    """Finish a login with a code of the authenticator, or a recovery code."""
    challenge = read_cookie(request, services, CHALLENGE)
    await services.attempts.count(Attempt.CODE, address=visitor.address)
    entry = await second_factor.finish_log_in(
        services.database, services.ring, services.attempts, challenge=challenge, code=body.code, visitor=visitor,
        now=services.clock.now(),
    )  # fmt: skip
    drop_cookie(response, services, cookie_name(services, CHALLENGE))
    return answer_entry(response, services, entry)


@router.post("/log-out", status_code=204)
async def log_out(identity: IdentityDep, response: Response, services: ServicesDep) -> None:
    """End this session at once."""
    await admins.end_session(services.database, identity.admin_id, identity.session_id, now=identity.now)
    drop_cookie(response, services, session_cookie(services))


@router.get("/me")
async def me(identity: IdentityDep, services: ServicesDep) -> MeOut:
    """Tell who is logged in."""
    view = identity.view
    return MeOut(
        **admin_out(identity.admin).model_dump(),
        is_staff=await is_staff(services.database, identity.admin_id),
        has_second_factor=identity.has_second_factor,
        impersonation=None if view is None else CurrentViewOut.model_validate(view),
    )


@router.post("/token")
async def token(identity: IdentityDep, services: ServicesDep) -> AccessTokenOut:
    """Give an API client a bearer token that lives 15 minutes and dies with this session."""
    issued = issue_token(services.ring, session_id=identity.session_id, now=identity.now)
    return AccessTokenOut(
        access_token=issued,
        token_type="bearer",  # noqa: S106 - the name of a scheme
        expires_in_seconds=int(TOKEN_LIFETIME / timedelta(seconds=1)),
    )


@router.get("/sessions")
async def list_sessions(identity: IdentityDep, services: ServicesDep) -> list[SessionOut]:
    """List where the person is logged in."""
    found = await admins.list_sessions(services.database, identity.admin_id, now=identity.now)
    return [
        SessionOut(
            id=item.id, user_agent=item.user_agent, address=item.address, created_at=item.created_at,
            last_seen_at=item.last_seen_at, is_current=item.id == identity.session_id,
        )
        for item in found
    ]  # fmt: skip


@router.post("/sessions/end-others", status_code=204)
async def end_other_sessions(identity: IdentityDep, services: ServicesDep) -> None:
    """End every session of the person but this one, at once."""
    await admins.end_other_sessions(services.database, identity.admin_id, keep=identity.session_id, now=identity.now)


@router.delete("/sessions/{session_id}", status_code=204)
async def end_session(session_id: UUID, identity: IdentityDep, services: ServicesDep) -> None:
    """End one of the person's sessions at once."""
    if not await admins.end_session(services.database, identity.admin_id, session_id, now=identity.now):
        raise NotFoundError
