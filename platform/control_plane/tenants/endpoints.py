"""Tenants: make one, list one's own, settings, members."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from control_plane.dependencies import IdentityDep, PageDep, ServicesDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import Input, Moment, Name, Output, PageOut, Text, VersionIn
from lumenpay.billing.overview import read_bill
from lumenpay.billing.rules import Standing
from lumenpay.closings.service import close_tenant, keep_tenant
from lumenpay.db.dispatch import list_tenants_of_admin
from lumenpay.features.service import list_off
from lumenpay.jobs.unit_of_work import unit_of_work
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.admins import Admin
from lumenpay.models.features import Feature
from lumenpay.models.ids import TenantId
from lumenpay.models.tenants import Role, Tenant, TenantMember
from lumenpay.staff.impersonation import find_running
from lumenpay.tenants import repository, service, team
from lumenpay.tenants.service import TenantSettings

router = APIRouter(prefix="/tenants", tags=["tenants"])


class TenantIn(Input):
    """A tenant's settings; offsets and grace are seconds."""

    name: Name
    time_zone: Annotated[Text, Field(max_length=64)] = "Europe/Moscow"
    locale: Literal["ru", "en"] = "ru"
    reminder_offsets_seconds: Annotated[list[Annotated[int, Field(ge=1, le=7_776_000)]], Field(max_length=8)] = [  # noqa: RUF012 - pydantic copies defaults
        259_200, 86_400, 7_200,
    ]  # fmt: skip
    grace_seconds: Annotated[int, Field(ge=0, le=2_592_000)] = 0
    support_contact: Annotated[
        Text,
        Field(max_length=128, description="Whom subscribers write to: an @name, an address. Shown by /paysupport."),
    ] = ""

    def settings(self) -> TenantSettings:
        """Return what the use case takes."""
        return TenantSettings(**{name: getattr(self, name) for name in TenantIn.model_fields})


class TenantChangeIn(TenantIn):
    """New settings of a tenant."""

    version: VersionIn = None


class TenantOut(Output):
    """A tenant, and what the person asking is in it.

    From `closing_asked_at` on it leaves: only its lists can be taken along, and at `removal_at` all of it is removed.
    """

    id: UUID
    name: str
    status: str
    time_zone: str
    locale: str
    reminder_offsets_seconds: list[int]
    grace_seconds: int
    support_contact: str
    suspended_at: Moment | None
    suspension_reason: str
    closing_asked_at: Moment | None
    removal_at: Moment | None
    max_bots: int
    max_channels: int
    max_subscribers: int | None
    role: Role
    created_at: Moment
    version: str


class ClosingIn(Input):
    """The tenant's name, typed by whoever means it."""

    name: Name


class LookingOut(Output):
    """A member of staff of the platform looks at the tenant now; they can read and change nothing."""

    id: UUID
    staff_name: str
    reason: str
    started_at: Moment
    ends_at: Moment


class BillStandingOut(Output):
    """How the tenant stands with the platform, and by when something follows from it."""

    standing: Standing
    trial_ends_at: Moment | None
    cancels_at: Moment | None
    pauses_at: Moment | None
    sales_paused_at: Moment | None


class TenantDetailOut(TenantOut):
    """A tenant, who of the platform's staff looks at it now, and what everybody in it has to know.

    `bill` is empty where the installation bills nobody; `features_off` is what the platform has switched off here.
    """

    impersonation: LookingOut | None
    bill: BillStandingOut | None
    features_off: list[Feature]


class MemberOut(Output):
    """A person who works for the tenant."""

    admin_id: UUID
    email: str | None
    name: str
    role: Role
    version: str


@router.post("", status_code=201)
async def create(body: TenantIn, identity: IdentityDep, services: ServicesDep) -> TenantOut:
    """Make a tenant owned by the person asking."""
    tenant_id = TenantId(new_uuid7())
    async with unit_of_work(services.database, services.doorbell, tenant_id) as session:
        tenant = await service.create_tenant(
            session, settings=body.settings(), owner_id=identity.admin_id, now=identity.now
        )
    return tenant_out(tenant, Role.OWNER)


@router.get("")
async def list_(identity: IdentityDep, services: ServicesDep, page: PageDep) -> PageOut[TenantOut]:
    """List the tenants that the person works for, the oldest first."""
    mine = sorted(await list_tenants_of_admin(services.database, admin_id=identity.admin_id))
    found = []
    for tenant_id, role in mine[page.offset : page.offset + page.size]:
        async with services.database.tenant(tenant_id) as session:
            found.append(tenant_out(await repository.get_own_tenant(session), Role(role)))
    return PageOut(items=found, total=len(mine), page=page.page, size=page.size)


@router.get("/{tenant_id}")
async def get(access: TenantDep) -> TenantDetailOut:
    """Return a tenant."""
    async with access.unit() as session:
        tenant = tenant_out(await repository.get_own_tenant(session), access.role)
        looking = await find_running(session, now=access.now)
        bill = await read_bill(session, now=access.now) if access.services.stripe is not None else None
        features_off = await list_off(session)
    return TenantDetailOut(
        **tenant.model_dump(), impersonation=None if looking is None else LookingOut.model_validate(looking),
        bill=None if bill is None else BillStandingOut.model_validate(bill), features_off=list(features_off),
    )  # fmt: skip


@router.put("/{tenant_id}", responses=documented(409))
async def change(body: TenantChangeIn, access: TenantDep) -> TenantOut:
    """Store new settings. With a `version`, only over what was read."""
    async with access.unit() as session:
        tenant = await service.change_tenant(
            session, settings=body.settings(), version=body.version, actor=access.actor, now=access.now
        )
    return tenant_out(tenant, access.role)


@router.post("/{tenant_id}/close", status_code=202, responses=documented(409))
async def close(body: ClosingIn, access: TenantDep) -> TenantOut:
    """Have a tenant end: its bots stop now and lose their secrets; after 30 days everything of it is removed.

    Until then its lists can be exported, and the end can be called off.
    """
    async with access.unit() as session:
        tenant = await close_tenant(session, name=body.name, actor=access.actor, now=access.now)
    return tenant_out(tenant, access.role)


@router.post("/{tenant_id}/keep")
async def keep(access: TenantDep) -> TenantOut:
    """Call the end of a tenant off. Its bots stay deleted, and can be connected anew."""
    async with access.unit() as session:
        tenant = await keep_tenant(session, actor=access.actor, now=access.now)
    return tenant_out(tenant, access.role)


@router.get("/{tenant_id}/members")
async def list_members(access: TenantDep, page: PageDep) -> PageOut[MemberOut]:
    """List who works for the tenant, the earliest first."""
    async with access.unit() as session:
        found = await repository.list_members(session, page)
    return PageOut(items=[member_out(*row) for row in found.items], total=found.total, page=page.page, size=page.size)


def tenant_out(tenant: Tenant, role: Role) -> TenantOut:
    """Return a tenant as one of its people sees it."""
    return TenantOut(
        id=tenant.id, name=tenant.name, status=tenant.status, time_zone=tenant.time_zone, locale=tenant.locale,
        reminder_offsets_seconds=list(tenant.reminder_offsets_seconds), grace_seconds=tenant.grace_seconds,
        support_contact=tenant.support_contact, suspended_at=tenant.suspended_at,
        suspension_reason=tenant.suspension_reason, closing_asked_at=tenant.closing_asked_at,
        removal_at=tenant.removal_at, max_bots=tenant.max_bots, max_channels=tenant.max_channels,
        max_subscribers=tenant.max_subscribers, role=role, created_at=tenant.created_at,
        version=service.version_of_settings(tenant),
    )  # fmt: skip


def member_out(admin: Admin, member: TenantMember) -> MemberOut:
    """Return a member as the others see them."""
    return MemberOut(
        admin_id=admin.id, email=admin.email, name=admin.name, role=Role(member.role),
        version=team.version_of_member(member),
    )  # fmt: skip
