"""Whether a tenant may work. What its plan lets it have stands in `lumenpay.billing.limits`.

A suspended tenant changes nothing in the portal and sells nothing in its bots. Whoever paid keeps access, which ends
as ever, and money that was on its way is honoured. One that leaves has no bots any more, and takes its lists along.
"""

from __future__ import annotations

from lumenpay.models.tenants import Tenant, TenantStatus
from lumenpay.tenants.errors import TenantClosingError, TenantSuspendedError


def require_active(tenant: Tenant, *, may_leave: bool = False) -> None:
    """Return unless the tenant is suspended, or leaves.

    Args:
        may_leave: What is asked for belongs to the leaving.

    Raises:
        TenantSuspendedError: Staff suspended it.
        TenantClosingError: Its owner asked for its end.
    """
    if tenant.status == TenantStatus.SUSPENDED:
        raise TenantSuspendedError
    if tenant.removal_at is not None and not may_leave:
        raise TenantClosingError
