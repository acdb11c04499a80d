"""Whether staff lets a tenant work. What its plan lets it have stands in `lumenpay.billing.limits`.

A suspended tenant changes nothing in the portal and sells nothing in its bots. Whoever paid keeps access, which ends
as ever, and money that was on its way is honoured.
"""

from __future__ import annotations

from lumenpay.models.tenants import Tenant, TenantStatus
from lumenpay.tenants.errors import TenantSuspendedError


def require_active(tenant: Tenant) -> None:
    """Return unless the tenant is suspended.

    Raises:
        TenantSuspendedError: It is.
    """
    if tenant.status == TenantStatus.SUSPENDED:
        raise TenantSuspendedError
