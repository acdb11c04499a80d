"""Accounts at other services: log in with them, link them, forget them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from control_plane.auth.schemas import (
    PROVIDER_TRIP,
    Locale,
    LogInOut,
    answer_entry,
    cookie_name,
    drop_cookie,
    read_cookie,
    set_cookie,
)
from control_plane.dependencies import IdentityDep, MaybeIdentityDep, ServicesDep, VisitorDep
from control_plane.errors import documented
from control_plane.schemas import Input, Moment, Output, Text
from lumenpay.admins import identities
from lumenpay.admins import service as admins
from lumenpay.admins.limits import Attempt
from lumenpay.admins.oidc import Passage
from lumenpay.kit.crypto import Secret

router = APIRouter(prefix="/auth", tags=["auth"])


class ProviderOut(Output):
    """A service that one can log in with here."""

    id: str
    title: str


class GoOut(Output):
    """Where the browser goes next; it comes back to the page `/oidc/{provider}` with `code` and `state`."""

    url: str


class ProviderAnswerIn(Input):
    """What the provider gave the page in its query, and the language of whoever gets an account by it."""

    code: Annotated[Text, Field(min_length=1, max_length=2048)]
    state: Annotated[Text, Field(min_length=1, max_length=256)]
    locale: Locale = "ru"


class IdentityOut(Output):
    """An account at another service."""

    id: UUID
    provider: str
    display_name: str
    created_at: Moment


@router.get("/providers")
async def list_providers(services: ServicesDep) -> list[ProviderOut]:
    """List the services that one can log in with here."""
    return [ProviderOut(id=item.id, title=item.title) for item in services.providers.list()]


@router.post("/providers/{provider}/log-in", responses=documented(429))
async def begin_provider_log_in(provider: str, response: Response, services: ServicesDep, visitor: VisitorDep) -> GoOut:
    """Begin to log in, or to sign up, with an account at another service."""
    await services.attempts.count(Attempt.PROVIDER, address=visitor.address)
    url, browser = await identities.begin(
        services.database, services.providers, services.providers.get(provider), linking=None, now=services.clock.now()
    )
    set_cookie(response, services, PROVIDER_TRIP, browser)
    return GoOut(url=url)


@router.post("/providers/{provider}/link", responses=documented(429))
async def begin_provider_link(
    provider: str, identity: IdentityDep, response: Response, services: ServicesDep, visitor: VisitorDep
) -> GoOut:
    """Begin to link an account at another service. Needs a fresh proof."""
    await services.attempts.count(Attempt.PROVIDER, address=visitor.address)
    url, browser = await identities.begin(
        services.database, services.providers, services.providers.get(provider), linking=identity.session,
        now=identity.now,
    )  # fmt: skip
    set_cookie(response, services, PROVIDER_TRIP, browser)
    return GoOut(url=url)


@router.post("/providers/{provider}/finish", responses=documented(409, 429))
async def finish_provider(
    provider: str, body: ProviderAnswerIn, request: Request, response: Response, services: ServicesDep,
    visitor: VisitorDep, before: MaybeIdentityDep,
) -> LogInOut:  # fmt: skip
    """Finish what this browser began at a provider: be logged in, or have the account linked."""
    await services.attempts.count(Attempt.PROVIDER, address=visitor.address)
    now = services.clock.now()
    entry = await identities.finish(
        services.database, services.providers, services.providers.get(provider), code=body.code,
        passage=Passage(body.state, Secret(read_cookie(request, services, PROVIDER_TRIP))),
        current=before.session if before else None, locale=body.locale, visitor=visitor, now=now,
    )  # fmt: skip
    if before is not None:
        await admins.end_session(services.database, before.admin_id, before.session_id, now=now)
    drop_cookie(response, services, cookie_name(services, PROVIDER_TRIP))
    return answer_entry(response, services, entry)


@router.get("/identities")
async def list_identities(identity: IdentityDep, services: ServicesDep) -> list[IdentityOut]:
    """List the person's accounts at other services."""
    found = await identities.list_identities(services.database, identity.admin_id)
    return [IdentityOut.model_validate(item) for item in found]


@router.delete("/identities/{identity_id}", status_code=204, responses=documented(409))
async def unlink(identity_id: UUID, identity: IdentityDep, services: ServicesDep, visitor: VisitorDep) -> None:
    """Forget an account at another service. Needs a fresh proof; the last way in stays."""
    await identities.unlink(services.database, identity.session, identity_id, visitor=visitor, now=identity.now)
