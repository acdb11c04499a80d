"""Invitations: made and taken back inside a tenant, looked at and accepted by whoever holds the letter's token."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from control_plane.auth.schemas import Email, LogInOut, Password, TokenIn, answer_entry, secret
from control_plane.dependencies import IdentityDep, PageDep, ServicesDep, TenantDep, VisitorDep
from control_plane.errors import documented
from control_plane.schemas import Input, Moment, Name, Output, PageOut, Text
from control_plane.tenants.endpoints import TenantOut, tenant_out
from lumenpay.admins import sign_up
from lumenpay.admins.limits import Attempt
from lumenpay.billing.limits import Limited, require_room
from lumenpay.jobs.unit_of_work import unit_of_work
from lumenpay.models.tenants import Role
from lumenpay.tenants import invitations

router = APIRouter(tags=["invitations"])
_IN_TENANT = "/tenants/{tenant_id}/invitations"
_CONFLICTS = documented(409, 429)


class InvitationIn(Input):
    """Who is invited, as what, and in which language the letter is."""

    email: Email
    role: Role
    locale: Literal["ru", "en"] = "ru"


class InvitationOut(Output):
    """An invitation that waits; without `sent_at` its letter is still on its way."""

    id: UUID
    email: str
    role: Role
    created_at: Moment
    expires_at: Moment
    sent_at: Moment | None


class InvitationViewOut(Output):
    """What an invitation says; `has_account` tells whether its address can log in."""

    tenant_name: str
    inviter_name: str
    email: str
    role: Role
    has_account: bool


class AcceptAsNewIn(Input):
    """An account for the invitation's address."""

    token: Annotated[Text, Field(min_length=1, max_length=256)]
    password: Password
    name: Name
    locale: Literal["ru", "en"] = "ru"


@router.post(_IN_TENANT, status_code=201, responses=_CONFLICTS)
async def create(body: InvitationIn, access: TenantDep, visitor: VisitorDep) -> InvitationOut:
    """Invite somebody by e-mail. Needs a fresh proof; an open invitation to the same address is taken back."""
    email = sign_up.read_email(body.email)
    await access.services.attempts.count(Attempt.INVITE, address=visitor.address, account=str(access.tenant_id))
    async with access.unit() as session:
        await require_room(session, Limited.MEMBERS, now=access.now)
        made = await invitations.invite(
            session, email=email, role=body.role, locale=body.locale, inviter=access.identity.admin_id, now=access.now
        )
    return InvitationOut.model_validate(made)


@router.get(_IN_TENANT, name="list")
async def list_(access: TenantDep, page: PageDep) -> PageOut[InvitationOut]:
    """List the invitations that wait, newest first."""
    async with access.unit() as session:
        found = await invitations.list_invitations(session, page, now=access.now)
    items = [InvitationOut.model_validate(item) for item in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.delete(_IN_TENANT + "/{invitation_id}", status_code=204)
async def revoke(invitation_id: UUID, access: TenantDep) -> None:
    """Take an invitation back at once."""
    async with access.unit() as session:
        await invitations.revoke(session, invitation_id, actor=access.actor, now=access.now)


@router.post(_IN_TENANT + "/{invitation_id}/resend", status_code=204, responses=_CONFLICTS)
async def resend(invitation_id: UUID, access: TenantDep, visitor: VisitorDep) -> None:
    """Send the letter once more; the link of the one before works no more."""
    await access.services.attempts.count(Attempt.INVITE, address=visitor.address, account=str(access.tenant_id))
    async with access.unit() as session:
        await invitations.resend(session, invitation_id, actor=access.actor, now=access.now)


@router.post("/invitations/look", responses=_CONFLICTS)
async def look(body: TokenIn, services: ServicesDep, visitor: VisitorDep) -> InvitationViewOut:
    """Show an invitation to whoever holds its token."""
    await services.attempts.count(Attempt.CODE, address=visitor.address)
    async with services.database.tenant(invitations.read_tenant_id(body.token)) as session:
        found = await invitations.get_by_token(session, body.token, now=services.clock.now())
    has_account = await sign_up.has_account(services.database, found.invitation.email)
    return InvitationViewOut(
        tenant_name=found.tenant_name, inviter_name=found.inviter_name, email=found.invitation.email,
        role=Role(found.invitation.role), has_account=has_account,
    )  # fmt: skip


@router.post("/invitations/accept", responses=_CONFLICTS)
async def accept(body: TokenIn, identity: IdentityDep, services: ServicesDep, visitor: VisitorDep) -> TenantOut:
    """Accept an invitation as the person who is logged in."""
    await services.attempts.count(Attempt.CODE, address=visitor.address)
    tenant_id = invitations.read_tenant_id(body.token)
    async with unit_of_work(services.database, services.doorbell, tenant_id) as session:
        tenant, role = await invitations.accept(session, body.token, admin_id=identity.admin_id, now=identity.now)
    return tenant_out(tenant, role)


@router.post("/invitations/accept-as-new", responses=_CONFLICTS)
async def accept_as_new(
    body: AcceptAsNewIn, response: Response, services: ServicesDep, visitor: VisitorDep
) -> LogInOut:
    """Make an account for the invitation's address, which the letter has proved, accept, and log in."""
    await services.attempts.count(Attempt.CODE, address=visitor.address)
    now, tenant_id = services.clock.now(), invitations.read_tenant_id(body.token)
    async with services.database.tenant(tenant_id) as session:
        found = await invitations.get_by_token(session, body.token, now=now)
    entry = await sign_up.join_by_letter(
        services.database, email=found.invitation.email, password=secret(body.password), name=body.name,
        locale=body.locale, visitor=visitor, now=now,
    )  # fmt: skip
    async with unit_of_work(services.database, services.doorbell, tenant_id) as session:
        await invitations.accept(session, body.token, admin_id=entry.admin.id, now=now)
    return answer_entry(response, services, entry)
