"""Types of identifiers, so that two of them cannot be swapped."""

from typing import NewType
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
