"""What endpoints are given: connections, who is asking, and a tenant that they may act in."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Request

from control_plane.permissions import NEEDS_PROOF, is_allowed, name_operation
from control_plane.schemas import read_created, read_page
from control_plane.services import Services
from lumenpay.admins import service as admins
from lumenpay.admins.errors import NotSignedInError
from lumenpay.admins.events import Visitor
from lumenpay.admins.tokens import read_token
from lumenpay.audit.service import Actor
from lumenpay.db.narrowing import Span
from lumenpay.db.session import TenantSession
from lumenpay.jobs.unit_of_work import unit_of_work
from lumenpay.kit.paging import PageRequest
from lumenpay.models.admins import Admin, AdminSession
from lumenpay.models.ids import AdminId, TenantId
from lumenpay.models.tenants import Role
from lumenpay.tenants.errors import RoleNotAllowedError, TenantNotFoundError
from lumenpay.tenants.repository import find_role

SECURE_COOKIE = "__Host-lp_session"
PLAIN_COOKIE = "lp_session"


def get_services(request: Request) -> Services:
    """Return the process's connections."""
    return cast("Services", request.app.state.services)


ServicesDep = Annotated[Services, Depends(get_services)]
PageDep = Annotated[PageRequest, Depends(read_page)]
CreatedDep = Annotated[Span, Depends(read_created)]


def session_cookie(services: Services) -> str:
    """Return the cookie's name: the guarded one, except on plain http, where browsers refuse it."""
    return SECURE_COOKIE if services.settings.public_url.startswith("https://") else PLAIN_COOKIE


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking."""

    admin: Admin
    session: AdminSession
    now: datetime

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
    now = services.clock.now()
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        session_id = read_token(services.ring, bearer.strip(), now=now)
        admin, found = await admins.authenticate_session(services.database, session_id, now=now)
    else:
        token = request.cookies.get(session_cookie(services))
        if not token:
            raise NotSignedInError
        admin, found = await admins.authenticate(services.database, token=token, now=now)
    return Identity(admin, found, now)


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
class TenantAccess:
    """A tenant that the person may act in, for the operation at hand."""

    services: Services
    tenant_id: TenantId
    role: Role
    identity: Identity

    @property
    def now(self) -> datetime:
        """The moment of the request."""
        return self.identity.now

    @property
    def actor(self) -> Actor:
        """The person, for the audit log."""
        return Actor("admin", self.identity.admin_id)

    def unit(self) -> AbstractAsyncContextManager[TenantSession]:
        """Open one transaction inside the tenant, and ring for its jobs after the commit."""
        return unit_of_work(self.services.database, self.services.doorbell, self.tenant_id)


async def get_tenant_access(
    request: Request, tenant_id: UUID, services: ServicesDep, identity: IdentityDep
) -> TenantAccess:
    """Return the tenant in the path if the person works for it and the role includes the operation.

    Raises:
        TenantNotFoundError: No such tenant, or not one of this person's: the same answer.
        RoleNotAllowedError: The role does not include the operation.
        ReauthRequiredError: The operation needs a fresh proof of who asks.
    """
    own_tenant_id = TenantId(tenant_id)
    async with services.database.tenant(own_tenant_id) as session:
        role = await find_role(session, identity.admin_id)
    if role is None:
        raise TenantNotFoundError
    operation = name_operation(request.scope["route"])
    if not is_allowed(operation, role):
        raise RoleNotAllowedError
    if operation in NEEDS_PROOF:
        admins.need_fresh_proof(identity.session, now=identity.now)
    return TenantAccess(services, own_tenant_id, role, identity)


TenantDep = Annotated[TenantAccess, Depends(get_tenant_access)]
