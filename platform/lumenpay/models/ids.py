"""Types of identifiers, so that two of them cannot be swapped."""

from typing import Final, NewType
from uuid import UUID

TenantId = NewType("TenantId", UUID)
AdminId = NewType("AdminId", UUID)
BotId = NewType("BotId", UUID)
ChannelId = NewType("ChannelId", UUID)
PlanId = NewType("PlanId", UUID)
PromoCodeId = NewType("PromoCodeId", UUID)
UserId = NewType("UserId", UUID)
PaymentId = NewType("PaymentId", UUID)
SubscriptionId = NewType("SubscriptionId", UUID)
MembershipId = NewType("MembershipId", UUID)
EntryLinkId = NewType("EntryLinkId", UUID)
NoticeId = NewType("NoticeId", UUID)
JobId = NewType("JobId", UUID)
LeaseId = NewType("LeaseId", UUID)
InvitationId = NewType("InvitationId", UUID)

FIRST_DRIVE_TENANT: Final = UUID("ffffffff-0000-0000-0000-000000000000")
"""Tenants of test drives have ids from here on, and no other tenant has: ids of all others begin with a time."""


def is_drive_tenant(tenant_id: UUID) -> bool:
    """Tell whether a tenant exists for a test drive only, so that it knows the sandbox and nothing else."""
    return tenant_id >= FIRST_DRIVE_TENANT
