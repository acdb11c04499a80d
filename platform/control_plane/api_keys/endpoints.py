"""API keys of a tenant: made, listed, given another secret, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from control_plane.dependencies import TenantDep
from control_plane.errors import documented
from control_plane.permissions import SCOPES
from control_plane.schemas import Input, Moment, MomentIn, Name, Output, Text
from lumenpay.api_keys import service
from lumenpay.api_keys.errors import ScopeUnknownError
from lumenpay.api_keys.rules import LONGEST_OVERLAP
from lumenpay.kit.crypto import Secret
from lumenpay.models.api_keys import ApiKey

router = APIRouter(prefix="/tenants/{tenant_id}/api-keys", tags=["api_keys"])
_LONGEST_OVERLAP_HOURS = LONGEST_OVERLAP // timedelta(hours=1)


class ApiKeyIn(Input):
    """What a key is called, what it includes, as in `payments:read`, and when it ends, if ever.

    The list of permissions names the scope of each operation.
    """

    name: Name
    scopes: Annotated[list[Annotated[Text, Field(max_length=64)]], Field(min_length=1, max_length=200)]
    expires_at: MomentIn | None = None


class ApiKeyRotationIn(Input):
    """How long the secret of before works beside the new one."""

    overlap_hours: Annotated[int, Field(ge=0, le=_LONGEST_OVERLAP_HOURS)] = 24


class ApiKeyOut(Output):
    """A key.

    `prefix` is how its secret begins. `last_used_at` is true to the hour. Until `previous_until_at` the secret of
    before the last rotation works too.
    """

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_by: UUID | None
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    previous_until_at: Moment | None


class ApiKeysOut(Output):
    """The keys that were not taken back, newest first; those that have run out too."""

    items: list[ApiKeyOut]


class ShownKeyOut(Output):
    """A key and its `secret`, which is shown this once: `Authorization: Bearer <secret>`."""

    key: ApiKeyOut
    secret: str


@router.get("", name="list")
async def list_(access: TenantDep) -> ApiKeysOut:
    """List the tenant's API keys."""
    async with access.unit() as session:
        keys = await service.list_keys(session)
    return ApiKeysOut(items=[ApiKeyOut.model_validate(key) for key in keys])


@router.post("", status_code=201, responses=documented(409))
async def create(body: ApiKeyIn, access: TenantDep) -> ShownKeyOut:
    """Make a key for a program. Needs a fresh proof; the secret is shown in this answer and never again."""
    unknown = set(body.scopes) - SCOPES
    if unknown:
        raise ScopeUnknownError(fields={f"scopes.{body.scopes.index(name)}": "unknown" for name in unknown})
    async with access.unit() as session:
        key, secret = await service.make_key(
            session, name=body.name, scopes=body.scopes, expires_at=body.expires_at, actor=access.actor, now=access.now
        )
    return _show(key, secret)


@router.post("/{api_key_id}/rotate", responses=documented(409))
async def rotate(api_key_id: UUID, body: ApiKeyRotationIn, access: TenantDep) -> ShownKeyOut:
    """Give a key another secret. Needs a fresh proof; the one before works for `overlap_hours` more."""
    overlap = timedelta(hours=body.overlap_hours)
    async with access.unit() as session:
        key, secret = await service.rotate_key(session, api_key_id, overlap=overlap, actor=access.actor, now=access.now)
    return _show(key, secret)


@router.delete("/{api_key_id}", status_code=204)
async def revoke(api_key_id: UUID, access: TenantDep) -> None:
    """Take a key back at once."""
    async with access.unit() as session:
        await service.revoke_key(session, api_key_id, actor=access.actor, now=access.now)


def _show(key: ApiKey, secret: Secret) -> ShownKeyOut:
    return ShownKeyOut(key=ApiKeyOut.model_validate(key), secret=secret.reveal())
