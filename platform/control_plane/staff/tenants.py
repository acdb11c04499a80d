"""Tenants as the console sees them: search and health, one tenant, suspension, limits."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, Field, StringConstraints

from control_plane.dependencies import CursorDep
from control_plane.errors import documented
from control_plane.schemas import (
    CursorPageOut,
    Input,
    Moment,
    Output,
    Search,
    VersionIn,
    refuse_unstorable,
    show_cursor_page,
)
from control_plane.staff.access import StaffAccess, StaffDep
from lumenpay.models.tenants import TenantStatus
from lumenpay.staff import overview, service
from lumenpay.staff.rules import MIN_REASON
from lumenpay.staff.service import Limits

router = APIRouter(prefix="/staff/tenants", tags=["staff_tenants"])
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=MIN_REASON, max_length=256),
    AfterValidator(refuse_unstorable),
]


class TenantHealthOut(Output):
    """A tenant and how it fares; one that leaves has `removal_at`, when all of it goes.

    `paid_without_access`: orders paid ten minutes ago or longer and not handed over.
    """

    id: UUID
    name: str
    status: TenantStatus
    created_at: Moment
    suspended_at: Moment | None
    suspension_reason: str
    removal_at: Moment | None
    bots: int
    unwell_bots: int
    last_update_at: Moment | None
    dead_jobs: int
    quarantined_updates: int
    quarantined_notices: int
    paid_without_access: int


class UseOut(Output):
    """What a tenant has of what it may have; no number of subscribers means any."""

    bots: int
    channels: int
    subscribers: int
    max_bots: int
    max_channels: int
    max_subscribers: int | None
    version: str


class BotHealthOut(Output):
    """A bot; `health_code` is empty while nothing is wrong."""

    id: UUID
    username: str
    name: str
    status: str
    health_code: str
    shop_status: str
    webhook_set_at: Moment | None
    last_update_at: Moment | None


class TeamMemberOut(Output):
    """A person who works for the tenant."""

    admin_id: UUID
    email: str | None
    name: str
    role: str


class TenantConsoleOut(Output):
    """One tenant, with its bots, its people and its use of its limits."""

    tenant: TenantHealthOut
    use: UseOut
    bots: list[BotHealthOut]
    members: list[TeamMemberOut]


class SuspendIn(Input):
    """Why a tenant is suspended; the tenant reads it."""

    reason: Reason


class LimitsIn(Input):
    """How much a tenant may have."""

    max_bots: Annotated[int, Field(ge=0, le=10_000)]
    max_channels: Annotated[int, Field(ge=0, le=100_000)]
    max_subscribers: Annotated[int, Field(ge=0, le=1_000_000_000)] | None
    version: VersionIn = None


@router.get("")
async def list_(
    staff: StaffDep,
    page: CursorDep,
    search: Annotated[
        Search, Query(description="A part of a name, an e-mail or a bot's user name; or an id of a tenant or a bot.")
    ] = None,
    status: Annotated[TenantStatus | None, Query()] = None,
) -> CursorPageOut[TenantHealthOut]:
    """List the tenants of the platform, newest first."""
    async with staff.reading() as session:
        found = await overview.list_tenants(session, page, search=search, status=status, now=staff.now)
    items = [TenantHealthOut.model_validate(row) for row in found.items]
    return show_cursor_page(found, items)


@router.get("/{tenant_id}")
async def get(tenant_id: UUID, staff: StaffDep) -> TenantConsoleOut:
    """Return one tenant."""
    return await _show(staff, tenant_id)


@router.post("/{tenant_id}/suspend")
async def suspend(tenant_id: UUID, body: SuspendIn, staff: StaffDep) -> TenantConsoleOut:
    """Let a tenant change and sell nothing; its subscribers keep what they paid for."""
    async with staff.unit(tenant_id) as session:
        await service.suspend_tenant(session, reason=body.reason, actor=staff.actor, now=staff.now)
    return await _show(staff, tenant_id)


@router.post("/{tenant_id}/resume")
async def resume(tenant_id: UUID, staff: StaffDep) -> TenantConsoleOut:
    """Let a tenant work again."""
    async with staff.unit(tenant_id) as session:
        await service.resume_tenant(session, actor=staff.actor, now=staff.now)
    return await _show(staff, tenant_id)


@router.put("/{tenant_id}/limits", responses=documented(409))
async def set_limits(tenant_id: UUID, body: LimitsIn, staff: StaffDep) -> TenantConsoleOut:
    """Store how much a tenant may have; what it has beyond a lowered limit stays.

    With a `version`, only over what was read.
    """
    limits = Limits(body.max_bots, body.max_channels, body.max_subscribers)
    async with staff.unit(tenant_id) as session:
        await service.set_limits(session, limits=limits, version=body.version, actor=staff.actor, now=staff.now)
    return await _show(staff, tenant_id)


async def _show(staff: StaffAccess, tenant_id: UUID) -> TenantConsoleOut:
    async with staff.reading() as session:
        tenant = await overview.get_tenant(session, tenant_id, now=staff.now)
        use = await overview.get_use(session, tenant_id)
        bots = await overview.list_bots(session, tenant_id)
        members = await overview.list_team(session, tenant_id)
    limits = Limits(use.max_bots, use.max_channels, use.max_subscribers)
    return TenantConsoleOut(
        tenant=TenantHealthOut.model_validate(tenant),
        use=UseOut(**asdict(use), version=service.version_of_limits(limits)),
        bots=[BotHealthOut.model_validate(bot) for bot in bots],
        members=[TeamMemberOut(admin_id=row[0], email=row[1], name=row[2], role=row[3]) for row in members],
    )
