"""What endpoints are given: connections, who is asking, and a tenant that they may act in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Request

from control_plane.feature_gate import require_feature_of
from control_plane.idempotency import claim_once, noting_effect
from control_plane.key_calls import READING, count_call, count_outside_tenants, count_persons_call
from control_plane.permissions import (
    NEEDS_PROOF,
    NOT_FOR_STAFF,
    PART_OF_LEAVING,
    is_allowed,
    name_operation,
    scope_of,
)
from control_plane.schemas import read_created, read_cursor, read_page
from control_plane.services import Services
from control_plane.views import View, read_view
from lumenpay.admins import service as admins
from lumenpay.admins.errors import NotSignedInError
from lumenpay.admins.events import Visitor
from lumenpay.admins.staff import has_second_factor, is_staff
from lumenpay.admins.tokens import read_token
from lumenpay.api_keys.errors import NotForApiKeysError, ScopeMissingError
from lumenpay.api_keys.rules import is_key
from lumenpay.api_keys.service import use_key
from lumenpay.audit.service import Actor
from lumenpay.db.cursors import CursorRequest
from lumenpay.db.narrowing import Span
from lumenpay.db.session import TenantSession
from lumenpay.idempotence.service import Claim
from lumenpay.jobs.unit_of_work import unit_of_work
from lumenpay.kit.paging import PageRequest
from lumenpay.models.admins import Admin, AdminSession
from lumenpay.models.ids import AdminId, TenantId
from lumenpay.models.tenants import Role
from lumenpay.staff.errors import ImpersonationReadOnlyError
from lumenpay.tenants.errors import RoleNotAllowedError, TenantNotFoundError
from lumenpay.tenants.repository import find_role, get_own_tenant
from lumenpay.tenants.standing import require_active

SECURE_COOKIE = "__Host-lp_session"
PLAIN_COOKIE = "lp_session"


def get_services(request: Request) -> Services:
    """Return the process's connections, which `ControlPlane` puts into each request."""
    return cast("Services", request.state.services)


ServicesDep = Annotated[Services, Depends(get_services)]
PageDep = Annotated[PageRequest, Depends(read_page)]
CreatedDep = Annotated[Span, Depends(read_created)]
CursorDep = Annotated[CursorRequest, Depends(read_cursor)]


def session_cookie(services: Services) -> str:
    """Return the cookie's name: the guarded one, except on plain http, where browsers refuse it."""
    return SECURE_COOKIE if services.settings.public_url.startswith("https://") else PLAIN_COOKIE


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking."""

    admin: Admin
    session: AdminSession
    now: datetime
    has_second_factor: bool = False
    view: View | None = None

    @property
    def session_id(self) -> UUID:
        """The id of the session."""
        return self.session.id

    @property
    def admin_id(self) -> AdminId:
        """The person's id."""
        return AdminId(self.admin.id)


async def get_identity(request: Request, services: ServicesDep) -> Identity:
    """Return who is asking, by session cookie or bearer token.

    Raises:
        NotSignedInError: Neither is valid.
    """
    now, bearer = services.clock.now(), _read_bearer(request)
    if bearer is not None:
        session_id = read_token(services.ring, bearer, now=now)
        admin, found = await admins.authenticate_session(services.database, session_id, now=now)
    else:
        token = request.cookies.get(session_cookie(services))
        if not token:
            raise NotSignedInError
        admin, found = await admins.authenticate(services.database, token=token, now=now)
    view = read_view(found, now=now)
    if view is not None:
        # The edge says so in the answer, whatever the answer is.
        request.state.impersonation = f"tenant={view.tenant_id}; until={view.ends_at.isoformat()}"
    await count_outside_tenants(request, services.calls, AdminId(admin.id))
    return Identity(admin, found, now, has_second_factor=has_second_factor(found.mfa_at, now=now), view=view)


def _read_bearer(request: Request) -> str | None:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    return bearer.strip() if scheme.lower() == "bearer" else None


IdentityDep = Annotated[Identity, Depends(get_identity)]


async def find_identity(request: Request, services: ServicesDep) -> Identity | None:
    """Return who is asking, or nothing."""
    try:
        return await get_identity(request, services)
    except NotSignedInError:
        return None


MaybeIdentityDep = Annotated[Identity | None, Depends(find_identity)]


def get_visitor(request: Request) -> Visitor:
    """Return where the request comes from; behind nginx, the server believes nginx about it."""
    agent = request.headers.get("user-agent", "")
    printable = "".join(character for character in agent if character.isprintable())
    return Visitor(request.client.host if request.client else "", printable)


VisitorDep = Annotated[Visitor, Depends(get_visitor)]


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A program that calls with an API key."""

    key_id: UUID
    now: datetime


async def get_caller(request: Request, services: ServicesDep) -> Identity | str:
    """Return who is asking, or the API key that a program sent, which only its tenant can look up.

    Raises:
        NotSignedInError: Neither a key nor a valid session.
    """
    bearer = _read_bearer(request)
    return bearer if bearer is not None and is_key(bearer) else await get_identity(request, services)


CallerDep = Annotated[Identity | str, Depends(get_caller)]


@dataclass(frozen=True, slots=True)
class TenantAccess:
    """A tenant that the person or the program may act in, for the operation at hand."""

    services: Services
    tenant_id: TenantId
    role: Role
    """Of a program: an owner's, within the scopes of its key."""
    caller: Identity | KeyHolder
    is_read_only: bool = False
    claim: Claim | None = None
    """Of a request that is to be carried out once."""

    @property
    def now(self) -> datetime:
        """The moment of the request."""
        return self.caller.now

    @property
    def identity(self) -> Identity:
        """The person who asks.

        Raises:
            NotForApiKeysError: A program asks for what is about a person.
        """
        if isinstance(self.caller, KeyHolder):
            raise NotForApiKeysError
        return self.caller

    @property
    def actor(self) -> Actor:
        """The person or the program, for the audit log."""
        if isinstance(self.caller, KeyHolder):
            return Actor("api_key", self.caller.key_id)
        return Actor("admin", self.caller.admin_id)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[TenantSession]:
        """Open one transaction inside the tenant, and ring for its jobs after the commit."""
        own = unit_of_work(
            self.services.database, self.services.doorbell, self.tenant_id, is_read_only=self.is_read_only
        )
        async with own as session, noting_effect(session, self.claim):
            yield session


async def get_tenant_access(
    request: Request, tenant_id: UUID, services: ServicesDep, caller: CallerDep
) -> TenantAccess:
    """Return the tenant in the path if who asks may carry out the operation there.

    Raises:
        TenantNotFoundError: No such tenant, or not one of this person's: the same answer.
        RoleNotAllowedError: The role does not include the operation.
        TenantSuspendedError, TenantClosingError: It changes something, and the tenant is suspended, or leaves.
        ImpersonationReadOnlyError: The operation changes something, and the person only looks at the tenant as staff.
        ReauthRequiredError: The operation needs a fresh proof of who asks.
        ApiKeyInvalidError: The key is none of this tenant.
        TooManyAttemptsError: The key, the person or the people of the tenant called too often.
        ScopeMissingError, NotForApiKeysError: The key does not include the operation, or none does.
        FeatureOffError: The platform has switched off what the operation belongs to.
    """
    own_tenant_id = TenantId(tenant_id)
    if isinstance(caller, str):
        access = await _enter_by_key(request, services, own_tenant_id, caller)
    else:
        access = await _enter_as_member(request, services, own_tenant_id, caller)
    operation = name_operation(request.scope["route"])
    await require_feature_of(operation, services.database, own_tenant_id)
    if request.method in READING:
        return access
    caller_id = access.caller.key_id if isinstance(access.caller, KeyHolder) else access.caller.admin_id
    claim = await claim_once(
        request, services.database, own_tenant_id, operation=operation, caller_id=caller_id, now=access.now
    )
    return replace(access, claim=claim)


async def _enter_as_member(
    request: Request, services: Services, tenant_id: TenantId, identity: Identity
) -> TenantAccess:
    is_reading = request.method in READING
    if identity.view is not None and identity.view.tenant_id == tenant_id:
        await count_persons_call(request, services.calls, identity.admin_id, None)
        return await _look_at_tenant(request, services, identity, tenant_id)
    async with services.database.tenant(tenant_id) as session:
        role = await find_role(session, identity.admin_id)
        tenant = None if role is None or is_reading else await get_own_tenant(session)
    await count_persons_call(request, services.calls, identity.admin_id, None if role is None else tenant_id)
    if role is None:
        raise TenantNotFoundError
    operation = name_operation(request.scope["route"])
    if not is_allowed(operation, role):
        raise RoleNotAllowedError
    if tenant is not None:
        require_active(tenant, may_leave=operation in PART_OF_LEAVING)
    if operation in NEEDS_PROOF:
        admins.need_fresh_proof(identity.session, now=identity.now)
    return TenantAccess(services, tenant_id, role, identity)


async def _enter_by_key(request: Request, services: Services, tenant_id: TenantId, secret: str) -> TenantAccess:
    now = services.clock.now()
    async with services.database.tenant(tenant_id) as session:
        key = await use_key(session, secret, now=now)
        tenant = None if request.method in READING else await get_own_tenant(session)
    await count_call(request, services.attempts, key.id)
    operation = name_operation(request.scope["route"])
    scope = scope_of(operation)
    if scope is None:
        raise NotForApiKeysError
    if scope not in key.scopes:
        raise ScopeMissingError(fields={"scope": scope})
    if tenant is not None:
        require_active(tenant, may_leave=operation in PART_OF_LEAVING)
    return TenantAccess(services, tenant_id, Role.OWNER, KeyHolder(key.id, now))


async def _look_at_tenant(
    request: Request, services: Services, identity: Identity, tenant_id: TenantId
) -> TenantAccess:
    """Return the tenant as its owner sees it, in transactions that the database holds to reading."""
    if not identity.has_second_factor or not await is_staff(services.database, identity.admin_id):
        raise TenantNotFoundError
    if request.method not in READING:
        raise ImpersonationReadOnlyError
    if name_operation(request.scope["route"]) in NOT_FOR_STAFF:
        raise RoleNotAllowedError
    return TenantAccess(services, tenant_id, Role.OWNER, identity, is_read_only=True)


TenantDep = Annotated[TenantAccess, Depends(get_tenant_access)]
