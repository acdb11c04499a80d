"""Shapes of accounts, and what their endpoints share: the cookies of a browser."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field, SecretStr

from control_plane.dependencies import session_cookie
from control_plane.schemas import Input, Moment, Name, Output, Text
from control_plane.services import Services
from lumenpay.admins.rules import ABSOLUTE, ATTEMPT_LIFETIME, CHALLENGE_LIFETIME
from lumenpay.admins.service import Entry
from lumenpay.kit.crypto import Secret
from lumenpay.models.admins import Admin

Email = Annotated[Text, Field(max_length=320)]
Password = Annotated[SecretStr, Field(max_length=256)]
Token = Annotated[Text, Field(min_length=1, max_length=256)]
Code = Annotated[Text, Field(min_length=1, max_length=32, description="Of the authenticator, or a recovery code.")]
Locale = Literal["ru", "en"]
CHALLENGE, PROVIDER_TRIP = "lp_challenge", "lp_provider_trip"


class SignUpIn(Input):
    """A new account."""

    email: Email
    password: Password
    name: Name
    locale: Locale = "ru"


class EmailIn(Input):
    """An address."""

    email: Email


class LogInIn(Input):
    """Credentials."""

    email: Email
    password: Password


class TokenPasswordIn(Input):
    """The token of a letter's link, and a password."""

    token: Token
    password: Password


class TokenIn(Input):
    """The token of a letter's link."""

    token: Token


class LetterLinkIn(Input):
    """The token of a letter's link, and what the link is for."""

    token: Token
    purpose: Literal["sign_up", "reset_password"]


class CodeIn(Input):
    """A code."""

    code: Code


class ProofIn(Input):
    """A code where a second factor is on, else the password."""

    password: Password = SecretStr("")
    code: Annotated[Text, Field(max_length=32)] = ""


class PasswordIn(Input):
    """A new password."""

    password: Password


class ProfileIn(Input):
    """What a person is called, and in which language the portal speaks and our letters are; no name keeps it."""

    name: Name | None = None
    locale: Locale


class AdminOut(Output):
    """A person. Without an e-mail, or a password, they log in with another service's account."""

    id: UUID
    email: str | None
    name: str
    locale: str
    has_password: bool


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


class LogInOut(Output):
    """What a login came to: with `second_factor_needed`, a code must follow within five minutes."""

    status: Literal["signed_in", "second_factor_needed"]
    admin: AdminOut | None


class LetterOut(Output):
    """A letter is on its way, if the address has one to get. Says the same for every address."""

    status: Literal["letter_sent"]


class SessionOut(Output):
    """A browser or client that is logged in."""

    id: UUID
    user_agent: str
    address: str
    created_at: Moment
    last_seen_at: Moment
    is_current: bool


class AccessTokenOut(Output):
    """A bearer token for API clients."""

    access_token: str
    token_type: Literal["bearer"]
    expires_in_seconds: int


class EventOut(Output):
    """Something that happened to the account."""

    id: UUID
    action: str
    address: str
    created_at: Moment


LETTER_SENT = LetterOut(status="letter_sent")


def secret(value: SecretStr) -> Secret:
    """Return a password as the core takes it."""
    return Secret(value.get_secret_value())


def admin_out(admin: Admin) -> AdminOut:
    """Return a person as they are shown to themselves."""
    return AdminOut(
        id=admin.id, email=admin.email, name=admin.name, locale=admin.locale,
        has_password=admin.password_hash is not None,
    )  # fmt: skip


def cookie_name(services: Services, name: str) -> str:
    """Return a cookie's name, guarded like that of the session."""
    return f"__Host-{name}" if services.settings.public_url.startswith("https://") else name


def read_cookie(request: Request, services: Services, name: str) -> str:
    """Return a cookie's value, or nothing."""
    return request.cookies.get(cookie_name(services, name), "")


def answer_entry(response: Response, services: Services, entry: Entry) -> LogInOut:
    """Give the browser its session, or what the second step needs, and say which."""
    if entry.session_token is None:
        assert entry.challenge is not None  # noqa: S101 - one of the two is there
        set_cookie(response, services, CHALLENGE, entry.challenge, seconds=CHALLENGE_LIFETIME.total_seconds())
        return LogInOut(status="second_factor_needed", admin=None)
    set_session(response, services, entry.session_token)
    return LogInOut(status="signed_in", admin=admin_out(entry.admin))


def set_session(response: Response, services: Services, token: Secret) -> None:
    """Give the browser a session."""
    _set(response, services, session_cookie(services), token, seconds=ABSOLUTE.total_seconds())


def set_cookie(
    response: Response, services: Services, name: str, token: Secret,
    *, seconds: float = ATTEMPT_LIFETIME.total_seconds(),
) -> None:  # fmt: skip
    """Give the browser a secret of its own for a while."""
    _set(response, services, cookie_name(services, name), token, seconds=seconds)


def drop_cookie(response: Response, services: Services, name: str) -> None:
    """Take a cookie away."""
    is_guarded = services.settings.public_url.startswith("https://")
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=is_guarded)


def _set(response: Response, services: Services, name: str, token: Secret, *, seconds: float) -> None:
    response.set_cookie(
        name, token.reveal(), max_age=int(seconds), path="/", httponly=True, samesite="lax",
        secure=services.settings.public_url.startswith("https://"),
    )  # fmt: skip
