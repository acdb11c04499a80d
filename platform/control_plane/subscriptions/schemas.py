"""A subscription as the portal sees it."""

from __future__ import annotations

from uuid import UUID

from control_plane.schemas import Moment, MoneyOut, Output
from lumenpay.kit.money import Money
from lumenpay.models.autopays import Autopay, AutopayConsent, AutopayStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.subscriptions.autopay import expected_charge_at


class AutopayOut(Output):
    """Whether a subscription renews by itself, and with what.

    `next_charge_at` is empty when nothing will be charged: it is off, the last try failed for good, or the person could
    not be told of the charge. `last_failure` and `off_reason` are codes: the gateway's, or `not_told`, `by_subscriber`,
    `by_team`, `in_telegram`, `stars_failed`, `refunded`, `ended`, `plan_archived`, `shop_changed`, `bot_deleted`,
    `shop_without_recurring`, `method_unknown`.
    """

    status: AutopayStatus
    method_title: str
    price: MoneyOut | None
    consent_given_at: Moment | None
    noticed_at: Moment | None
    next_charge_at: Moment | None
    last_failure: str | None
    last_failed_at: Moment | None
    off_reason: str | None
    off_at: Moment | None


class SubscriptionOut(Output):
    """A subscription; without an end it is for a lifetime.

    While it is paused, until `paused_until_at` at the latest, `ends_at` is where it ends if the pause lasts so long:
    what lies between the two is what is left.
    """

    id: UUID
    bot_id: UUID
    user_id: UUID
    plan_id: UUID
    status: SubscriptionStatus
    starts_at: Moment
    ends_at: Moment | None
    access_ends_at: Moment | None
    paused_until_at: Moment | None
    next_reminder_at: Moment | None
    expired_at: Moment | None
    created_at: Moment


def autopay_out(
    autopay: Autopay, subscription: Subscription, consent: AutopayConsent | None, price: Money | None
) -> AutopayOut:
    """Return the autopay of a subscription as clients see it; the gateway's id of the method stays inside."""
    shown = None if price is None else MoneyOut(amount_minor=price.amount_minor, currency=price.currency)
    return AutopayOut(
        status=autopay.status, method_title=autopay.method_title, price=shown,
        consent_given_at=consent.given_at if consent else None, noticed_at=autopay.noticed_at,
        next_charge_at=expected_charge_at(autopay, subscription), last_failure=autopay.last_failure,
        last_failed_at=autopay.last_failed_at, off_reason=autopay.off_reason, off_at=autopay.off_at,
    )  # fmt: skip
