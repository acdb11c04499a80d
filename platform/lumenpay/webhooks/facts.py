"""What events say: ids and plain values of the rows, as they stand in the transaction that changes them."""

from __future__ import annotations

from typing import Any

from lumenpay.models.access import Membership
from lumenpay.models.payments import Payment
from lumenpay.models.refunds import Refund
from lumenpay.models.subscriptions import Subscription


def tell_payment(payment: Payment) -> dict[str, Any]:
    """Return what is told of a payment."""
    return {
        "payment_id": payment.id, "user_id": payment.user_id, "bot_id": payment.bot_id, "plan_id": payment.plan_id,
        "provider": payment.provider, "amount_minor": payment.amount_minor, "currency": payment.currency,
    }  # fmt: skip


def tell_access(subscription: Subscription, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - plain values
    """Return what is told of somebody's access; without an `ends_at` it is for ever."""
    return {
        "subscription_id": subscription.id, "user_id": subscription.user_id, "bot_id": subscription.bot_id,
        "plan_id": subscription.plan_id, "ends_at": subscription.ends_at, **more,
    }  # fmt: skip


def tell_member(membership: Membership, *, reason: str) -> dict[str, Any]:
    """Return what is told of somebody in a channel; without a `user_id` the bot does not know them.

    The two ids stand first and together: so an erasure finds whom the bot came to know later.
    """
    return {
        "user_id": membership.user_id, "telegram_id": membership.telegram_id, "channel_id": membership.channel_id,
        "reason": reason,
    }  # fmt: skip


def tell_refund(refund: Refund) -> dict[str, Any]:
    """Return what is told of a refund."""
    return {
        "refund_id": refund.id, "payment_id": refund.payment_id, "amount_minor": refund.amount_minor,
        "currency": refund.currency, "reason": refund.reason,
    }  # fmt: skip
