"""A subscription as the portal sees it."""

from __future__ import annotations

from uuid import UUID

from control_plane.schemas import Moment, Output
from lumenpay.models.subscriptions import SubscriptionStatus


class SubscriptionOut(Output):
    """A subscription; without an end it is for a lifetime."""

    id: UUID
    bot_id: UUID
    user_id: UUID
    plan_id: UUID
    status: SubscriptionStatus
    starts_at: Moment
    ends_at: Moment | None
    access_ends_at: Moment | None
    next_reminder_at: Moment | None
    expired_at: Moment | None
    created_at: Moment
