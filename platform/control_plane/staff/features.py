"""Features at the console: what is on for all tenants, and what a single one has instead."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from control_plane.schemas import Input, Output
from control_plane.staff.access import StaffAccess, StaffDep
from control_plane.staff.tenants import Reason
from lumenpay.db.unscoped import unscoped_session
from lumenpay.features.service import read_for_all, read_own, switch_for_all, switch_own
from lumenpay.models.features import Feature

router = APIRouter(prefix="/staff", tags=["staff_features"])


class FeatureOut(Output):
    """A feature; `own` is the switch of the tenant that was asked about, which goes before the one for all."""

    feature: Feature
    for_all: bool
    own: bool | None


class FeaturesOut(Output):
    """Every feature that can be switched."""

    items: list[FeatureOut]


class ForAllIn(Input):
    """A switch for every tenant that has none of its own, and why; it is kept in the platform's log."""

    is_on: bool
    reason: Reason


class OwnFeatureIn(Input):
    """A tenant's own switch, null for what all have, and why; the tenant reads it in its log."""

    is_on: bool | None
    reason: Reason


@router.get("/features")
async def list_(staff: StaffDep) -> FeaturesOut:
    """List what can be switched, and what is on for all."""
    return await _show(staff, {})


@router.put("/features/{feature}")
async def switch(feature: Feature, body: ForAllIn, staff: StaffDep) -> FeaturesOut:
    """Switch a feature for all tenants, from the next request on."""
    await switch_for_all(
        staff.services.database, feature, is_on=body.is_on, reason=body.reason, actor=staff.actor, now=staff.now
    )
    return await _show(staff, {})


@router.get("/tenants/{tenant_id}/features")
async def list_of_tenant(tenant_id: UUID, staff: StaffDep) -> FeaturesOut:
    """List the features with the switches of one tenant."""
    async with staff.unit(tenant_id) as session:
        own = await read_own(session)
    return await _show(staff, own)


@router.put("/tenants/{tenant_id}/features/{feature}")
async def switch_of_tenant(tenant_id: UUID, feature: Feature, body: OwnFeatureIn, staff: StaffDep) -> FeaturesOut:
    """Switch a feature for one tenant, from the next request on."""
    async with staff.unit(tenant_id) as session:
        await switch_own(session, feature, is_on=body.is_on, reason=body.reason, actor=staff.actor, now=staff.now)
        own = await read_own(session)
    return await _show(staff, own)


async def _show(staff: StaffAccess, own: dict[Feature, bool]) -> FeaturesOut:
    async with unscoped_session(staff.services.database) as session:
        for_all = await read_for_all(session)
    items = [
        FeatureOut(feature=feature, for_all=for_all.get(feature, True), own=own.get(feature)) for feature in Feature
    ]
    return FeaturesOut(items=items)
