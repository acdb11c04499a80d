"""The published matrix: what each role may do, straight from the one table."""

from __future__ import annotations

from fastapi import APIRouter

from control_plane.dependencies import IdentityDep
from control_plane.permissions import ALLOWED, NEEDS_PROOF, scope_of
from control_plane.schemas import Output
from lumenpay.models.tenants import Role

router = APIRouter(prefix="/permissions", tags=["permissions"])


class PermissionOut(Output):
    """One operation inside a tenant, and who may do it.

    `scope` is what an API key needs for it; without one, no key is let in.
    """

    operation: str
    roles: list[Role]
    needs_proof: bool
    scope: str | None


@router.get("", name="list")
async def list_(_identity: IdentityDep) -> list[PermissionOut]:
    """List every operation inside a tenant with the roles that include it, and whether it needs a fresh proof."""
    return [
        PermissionOut(
            operation=operation,
            roles=[role for role in Role if role in roles],
            needs_proof=operation in NEEDS_PROOF,
            scope=scope_of(operation),
        )
        for operation, roles in ALLOWED.items()
    ]
