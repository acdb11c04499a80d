"""Accounts: sign-up, login, sessions, tokens for API clients."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, SecretStr

from control_plane.dependencies import IdentityDep, ServicesDep, session_cookie
from control_plane.errors import documented
from control_plane.schemas import Input, Moment, Name, Output, Text
from control_plane.services import Services
from lumenpay.admins import service as admins
from lumenpay.admins.rules import ABSOLUTE, TOKEN_LIFETIME
from lumenpay.admins.staff import is_staff
from lumenpay.admins.tokens import issue_token
from lumenpay.errors import NotFoundError
from lumenpay.kit.crypto import Secret
from lumenpay.models.admins import Admin

router = APIRouter(prefix="/auth", tags=["auth"])
Email = Annotated[Text, Field(max_length=320)]
Password = Annotated[SecretStr, Field(max_length=256)]


class SignUpIn(Input):
    """A new account."""

    email: Email
    password: Password
    name: Name
    locale: Literal["ru", "en"] = "ru"


class LogInIn(Input):
    """Credentials."""

    email: Email
    password: Password


class AdminOut(Output):
    """A person."""

    id: UUID
    email: str
    name: str
    locale: str


class CurrentViewOut(Output):
    """The tenant that a member of staff looks at through this session, reading only."""

    impersonation_id: UUID
    tenant_id: UUID
    ends_at: Moment


class MeOut(AdminOut):
    """The person who is logged in, and what this session may do beyond the person's own tenants.

    `has_second_factor`: one was shown in this session lately enough for the console.
    """

    is_staff: bool
    has_second_factor: bool
    impersonation: CurrentViewOut | None


class SessionOut(Output):
    """A browser or client that is logged in."""

    id: UUID
    user_agent: str
    created_at: Moment
    last_seen_at: Moment
    is_current: bool


class TokenOut(Output):
    """A bearer token for API clients."""

    access_token: str
    token_type: Literal["bearer"]
    expires_in_seconds: int


@router.post("/sign-up", status_code=201, responses=documented(409))
async def sign_up(body: SignUpIn, request: Request, response: Response, services: ServicesDep) -> AdminOut:
    """Make an account and log in."""
    now = services.clock.now()
    admin = await admins.sign_up(
        services.database, email=body.email, password=Secret(body.password.get_secret_value()), name=body.name,
        locale=body.locale, now=now,
    )  # fmt: skip
    agent = request.headers.get("user-agent", "")
    token = await admins.open_session(services.database, admin.id, user_agent=_clean(agent), now=now)
    _set_cookie(response, services, token)
    return _admin(admin)


@router.post("/log-in", responses=documented())
async def log_in(body: LogInIn, request: Request, response: Response, services: ServicesDep) -> AdminOut:
    """Log in with e-mail and password; the session is a cookie."""
    admin, token = await admins.log_in(
        services.database, email=body.email, password=Secret(body.password.get_secret_value()),
        user_agent=_clean(request.headers.get("user-agent", "")), now=services.clock.now(),
    )  # fmt: skip
    _set_cookie(response, services, token)
    return _admin(admin)


@router.post("/log-out", status_code=204)
async def log_out(identity: IdentityDep, response: Response, services: ServicesDep) -> None:
    """End this session at once."""
    await admins.end_session(services.database, identity.admin_id, identity.session_id, now=identity.now)
    response.delete_cookie(session_cookie(services), path="/")


@router.get("/me")
async def me(identity: IdentityDep, services: ServicesDep) -> MeOut:
    """Tell who is logged in."""
    view = identity.view
    return MeOut(
        **_admin(identity.admin).model_dump(),
        is_staff=await is_staff(services.database, identity.admin_id),
        has_second_factor=identity.has_second_factor,
        impersonation=None if view is None else CurrentViewOut.model_validate(view),
    )


@router.post("/token")
async def token(identity: IdentityDep, services: ServicesDep) -> TokenOut:
    """Give an API client a bearer token that lives 15 minutes and dies with this session."""
    issued = issue_token(services.ring, session_id=identity.session_id, now=identity.now)
    return TokenOut(
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
            id=item.id, user_agent=item.user_agent, created_at=item.created_at, last_seen_at=item.last_seen_at,
            is_current=item.id == identity.session_id,
        )
        for item in found
    ]  # fmt: skip


@router.delete("/sessions/{session_id}", status_code=204)
async def end_session(session_id: UUID, identity: IdentityDep, services: ServicesDep) -> None:
    """End one of the person's sessions at once."""
    if not await admins.end_session(services.database, identity.admin_id, session_id, now=identity.now):
        raise NotFoundError


def _set_cookie(response: Response, services: Services, token: Secret) -> None:
    response.set_cookie(
        session_cookie(services), token.reveal(), max_age=int(ABSOLUTE.total_seconds()), path="/", httponly=True,
        samesite="lax", secure=services.settings.public_url.startswith("https://"),
    )  # fmt: skip


def _admin(admin: Admin) -> AdminOut:
    return AdminOut(id=admin.id, email=admin.email, name=admin.name, locale=admin.locale)


def _clean(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
