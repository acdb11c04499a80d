"""The one place where operations of a feature that is switched off are refused."""

from __future__ import annotations

from control_plane.permissions import feature_of
from lumenpay.db.session import Database
from lumenpay.features.service import require_on
from lumenpay.models.ids import TenantId


async def require_feature_of(operation: str, database: Database, tenant_id: TenantId) -> None:
    """Return if the operation belongs to no feature, or the tenant has the one it belongs to.

    Raises:
        FeatureOffError: The platform has switched it off.
    """
    feature = feature_of(operation)
    if feature is not None:
        async with database.tenant(tenant_id) as session:
            await require_on(session, feature)
