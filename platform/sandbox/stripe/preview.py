"""A look at the next invoice of a subscription, as it is or after a change, without changing anything."""

from copy import deepcopy
from typing import Any

from sandbox.stripe.errors import invalid
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.invoice_shapes import invoice_for, line_for_pending, pending_item
from sandbox.stripe.invoices import pending_of, refuse_ended
from sandbox.stripe.store import Account, Body, new_id
from sandbox.stripe.subscription_changes import Change
from sandbox.stripe.subscriptions import lines_for, next_end, set_period

FIELDS = frozenset({
    "customer", "subscription", "subscription_details.items", "subscription_details.proration_behavior",
    "subscription_details.proration_date", "subscription_details.trial_end",
    "subscription_details.billing_cycle_anchor.type",
})  # fmt: skip


def create_preview(gateway: Gateway, account: Account, params: dict[str, Any]) -> Body:
    """Return the invoice that would come next.

    With a change whose cost is invoiced at once it is that invoice, otherwise the one of the next period.

    Raises:
        ApiError: There is no such subscription, it has ended or ends with its period.
    """
    if "subscription" not in params:
        raise invalid("Missing required param: subscription.", code="parameter_missing", param="subscription")
    original = account.get("subscription", params["subscription"], param="subscription")
    refuse_ended(original)
    asked, subscription = params.get("subscription_details") or {}, deepcopy(original)
    change = Change(gateway, account, subscription, asked)
    if original["cancel_at_period_end"] and not asked:
        raise invalid(f"No upcoming invoices for customer: {original['customer']}", code="invoice_upcoming_none")
    now = gateway.now()
    pending = pending_of(account, subscription)
    for one in change.prorations:
        pending.append(
            pending_item(
                now,
                subscription,
                one.item,
                amount=one.amount,
                description=one.description,
                start=one.start,
                end=one.end,
            )
        )
    lines = [line_for_pending(item) for item in pending]
    subscription["items"]["data"] = change.after
    start = now if change.bills_now else change.after[0]["current_period_end"]
    if change.restarts:
        subscription |= {"billing_cycle_anchor": now, "status": "active", "trial_end": None}
    if change.restarts or not change.bills_now:
        subscription |= {"status": "active", "trial_end": None}
        set_period(subscription, start=start, end=next_end(subscription, start))
        lines += lines_for(gateway, account, subscription)
    reason = "subscription_update" if change.bills_now else "upcoming"
    invoice = invoice_for(gateway, account, subscription, lines, reason=reason, period=(now, start))
    balance = invoice["total"] + invoice["starting_balance"]
    return invoice | {
        "id": new_id("upcoming_in_1"), "amount_due": max(balance, 0), "amount_remaining": max(balance, 0),
        "ending_balance": min(balance, 0), "next_payment_attempt": start,
    }  # fmt: skip
