"""Subscriptions: how they begin, renew and end as time passes."""

from typing import Any

from sandbox.stripe.cards import AUTHENTICATION
from sandbox.stripe.customers import get_customer
from sandbox.stripe.errors import invalid, not_played
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.invoice_shapes import line_for_period
from sandbox.stripe.invoices import DAY_SECONDS, collect, draft, finalize, leave_as_draft, pending_of, void
from sandbox.stripe.parameters import merge_metadata
from sandbox.stripe.payment_methods import card_behind
from sandbox.stripe.periods import period_end
from sandbox.stripe.standing import ENDED, UPDATED, end, expire_incomplete
from sandbox.stripe.store import Account, Body
from sandbox.stripe.subscription_shapes import new_item, new_subscription, priced_items

CREATE_FIELDS = frozenset({
    "customer", "items.price", "items.quantity", "items.metadata", "trial_period_days", "trial_end", "payment_behavior",
    "default_payment_method", "metadata", "cancel_at_period_end", "collection_method", "off_session",
    "proration_behavior", "currency", "description", "payment_settings.save_default_payment_method",
    "payment_settings.payment_method_types", "trial_settings.end_behavior.missing_payment_method", "billing_mode.type",
    "automatic_tax.enabled",
})  # fmt: skip
_NOTICE_SECONDS = 3 * DAY_SECONDS
_FIRST_INVOICE_LIFE_SECONDS = 23 * 3600


def create(gateway: Gateway, account: Account, params: dict[str, Any], *, is_present: bool = False) -> Body:
    """Subscribe a customer, and bill the first period unless there is a trial.

    Args:
        is_present: The customer is at a hosted page and confirms what the bank asks for.

    Raises:
        ApiError: The request makes no sense, or the card is refused and `payment_behavior` is `error_if_incomplete`.
    """
    _refuse_unplayed(params)
    if "customer" not in params:
        raise invalid("Missing required param: customer.", code="parameter_missing", param="customer")
    customer, now = get_customer(account, params["customer"]), gateway.now()
    subscription = _new(account, customer, params, now=now)
    total = _begin(subscription, trial_end_of(params, now), now=now)
    behaviour = params.get("payment_behavior", "allow_incomplete")
    _check_first_payment(account, customer, subscription, total=total, behaviour=behaviour, is_present=is_present)
    account.put(subscription)
    if params.get("cancel_at_period_end"):
        schedule_cancellation(subscription, now)
    gateway.emit(account, "customer.subscription.created", subscription)
    lines = lines_for(gateway, account, subscription)
    invoice = draft(gateway, account, subscription, lines, reason="subscription_create", period=(now, now))
    finalize(gateway, account, invoice)
    if behaviour != "default_incomplete":
        collect(gateway, account, invoice, is_present=is_present)
    if subscription["status"] == "incomplete":
        gateway.schedule(now + _FIRST_INVOICE_LIFE_SECONDS, lambda: _expire(gateway, account, subscription, invoice))
    plan_period(gateway, account, subscription)
    return subscription


def _new(account: Account, customer: Body, params: dict[str, Any], *, now: int) -> Body:
    wanted = priced_items(account, params.get("items") or [])
    _check_method(account, customer, params.get("default_payment_method"))
    currency = wanted[0][0]["currency"]
    if customer["currency"] not in {None, currency} or params.get("currency", currency) != currency:
        raise invalid("You cannot combine currencies on a single customer.", param="currency")
    params["metadata"] = merge_metadata({}, params.get("metadata"))
    subscription = new_subscription(now, customer, currency, params)
    subscription["items"]["data"] = [
        new_item(now, subscription["id"], price, count, metadata=data) for price, count, data in wanted
    ]
    return subscription


def _begin(subscription: Body, trial_end: int | None, *, now: int) -> int:
    """Begin the first period or the trial, and return what is due at once."""
    items = subscription["items"]["data"]
    total = 0 if trial_end else sum(item["price"]["unit_amount"] * item["quantity"] for item in items)
    if trial_end:
        subscription |= {
            "status": "trialing", "trial_start": now, "trial_end": trial_end, "billing_cycle_anchor": trial_end,
        }  # fmt: skip
    elif total == 0:
        subscription["status"] = "active"
    set_period(subscription, start=now, end=trial_end or next_end(subscription, now))
    return total


def lines_for(gateway: Gateway, account: Account, subscription: Body) -> list[Body]:
    """Return the lines of the running period: what each item costs, or that the trial is free."""
    is_trial = subscription["status"] == "trialing" and (subscription["trial_end"] or 0) > gateway.now()
    lines = []
    for item in subscription["items"]["data"]:
        price, count = item["price"], item["quantity"]
        name = account.get("product", price["product"])["name"]
        every = _every(price["recurring"])
        amount = 0 if is_trial else price["unit_amount"] * count
        cost = f"{price['unit_amount'] / 100:.2f} {price['currency'].upper()}"
        lines.append(
            line_for_period(
                subscription,
                item,
                start=item["current_period_start"],
                end=item["current_period_end"],
                amount=amount,
                description=f"Trial period for {name}" if is_trial else f"{count} × {name} (at {cost} / {every})",
            )
        )
    return lines


def plan_period(gateway: Gateway, account: Account, subscription: Body) -> None:
    """Have the end of the running period, and of a trial three days before it, looked at when it comes."""
    due = subscription["items"]["data"][0]["current_period_end"]
    gateway.schedule(due, lambda: _end_period(gateway, account, subscription, due))
    if subscription["status"] == "trialing":
        notice_at = max(due - _NOTICE_SECONDS, gateway.now())
        gateway.schedule(notice_at, lambda: _tell_of_trial_end(gateway, account, subscription, due))
    if subscription["cancel_at"]:
        plan_cancellation(gateway, account, subscription)


def plan_cancellation(gateway: Gateway, account: Account, subscription: Body) -> None:
    """Have the subscription end at the moment that it is to be canceled at, if that still holds then."""
    at = subscription["cancel_at"]
    gateway.schedule(at, lambda: _cancel_as_planned(gateway, account, subscription, at))


def _cancel_as_planned(gateway: Gateway, account: Account, subscription: Body, at: int) -> None:
    if subscription["cancel_at"] == at and subscription["status"] not in ENDED:
        _end_with_last_invoice(gateway, account, subscription)


def _end_period(gateway: Gateway, account: Account, subscription: Body, due: int) -> None:
    item = subscription["items"]["data"][0]
    if item["current_period_end"] != due or subscription["status"] in {*ENDED, "incomplete"}:
        return
    if subscription["cancel_at_period_end"] or (subscription["cancel_at"] or due + 1) <= due:
        _end_with_last_invoice(gateway, account, subscription)
        return
    is_trial_end = subscription["status"] == "trialing"
    if is_trial_end and _has_no_method(account, subscription):
        behaviour = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
        if behaviour == "cancel":
            end(gateway, account, subscription, reason=None)
            return
    began = item["current_period_start"]
    with gateway.changing(account, subscription, UPDATED):
        if is_trial_end:
            subscription["status"] = "active"
        set_period(subscription, start=due, end=next_end(subscription, due))
        invoice = draft(
            gateway, account, subscription, lines_for(gateway, account, subscription), reason="subscription_cycle",
            period=(began, due),
        )  # fmt: skip
    if subscription["status"] == "unpaid":
        invoice["auto_advance"] = False
    else:
        leave_as_draft(gateway, account, invoice)
    plan_period(gateway, account, subscription)


def _end_with_last_invoice(gateway: Gateway, account: Account, subscription: Body) -> None:
    period = (subscription["items"]["data"][0]["current_period_start"], gateway.now())
    has_pending = bool(pending_of(account, subscription))
    end(gateway, account, subscription, reason=None)
    if has_pending:
        invoice = draft(gateway, account, subscription, [], reason="subscription_cycle", period=period)
        leave_as_draft(gateway, account, invoice)


def _tell_of_trial_end(gateway: Gateway, account: Account, subscription: Body, due: int) -> None:
    if subscription["status"] == "trialing" and subscription["trial_end"] == due:
        gateway.emit(account, "customer.subscription.trial_will_end", subscription)


def _expire(gateway: Gateway, account: Account, subscription: Body, invoice: Body) -> None:
    if subscription["status"] == "incomplete":
        expire_incomplete(gateway, account, subscription)
        if invoice["status"] == "open":
            void(gateway, account, invoice)


def set_period(subscription: Body, *, start: int, end: int) -> None:
    """Give all items this period."""
    for item in subscription["items"]["data"]:
        item |= {"current_period_start": start, "current_period_end": end}


def schedule_cancellation(subscription: Body, now: int) -> None:
    """Let the subscription end with its period."""
    subscription |= {
        "cancel_at_period_end": True, "canceled_at": now,
        "cancel_at": subscription["items"]["data"][0]["current_period_end"],
    }  # fmt: skip
    subscription["cancellation_details"] = {**subscription["cancellation_details"], "reason": "cancellation_requested"}


def trial_end_of(params: dict[str, Any], now: int) -> int | None:
    """Return when the trial ends that a request asks for, or None.

    Raises:
        ApiError: It ends in the past or asks for two things at once.
    """
    days, at = params.get("trial_period_days"), params.get("trial_end")
    if days is not None and at is not None:
        raise invalid("You can only specify one of `trial_end` and `trial_period_days`.", param="trial_end")
    if days is not None:
        if not 1 <= days <= 730:
            raise invalid("Trial periods have 1 to 730 days.", param="trial_period_days")
        return now + int(days) * DAY_SECONDS
    if at is None or at == "now":
        return None
    if at <= now:
        raise invalid("The `trial_end` cannot be in the past.", param="trial_end")
    return int(at)


def next_end(subscription: Body, start: int) -> int:
    """Return when a period that begins at `start` ends."""
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    return period_end(subscription["billing_cycle_anchor"], start, recurring)


def _every(recurring: Body) -> str:
    count, interval = recurring["interval_count"], recurring["interval"]
    return str(interval) if count == 1 else f"{count} {interval}s"


def _refuse_unplayed(params: dict[str, Any]) -> None:
    if params.get("collection_method") == "send_invoice":
        raise not_played("invoices that are sent instead of charged", "collection_method")
    if params.get("payment_behavior") == "pending_if_incomplete":
        raise invalid(
            "`pending_if_incomplete` can only be used when updating a subscription.", param="payment_behavior"
        )
    if params.get("billing_mode", {}).get("type") == "classic":
        raise not_played("the classic billing mode", "billing_mode[type]")
    if params.get("automatic_tax", {}).get("enabled"):
        raise not_played("automatic tax", "automatic_tax[enabled]")
    behaviour = params.get("trial_settings", {}).get("end_behavior", {}).get("missing_payment_method")
    if behaviour == "pause":
        raise not_played("subscriptions that pause after a trial", "trial_settings[end_behavior]")


def _check_method(account: Account, customer: Body, method_id: str | None) -> None:
    if method_id:
        method = account.get("payment_method", method_id, param="default_payment_method")
        if method["customer"] != customer["id"]:
            raise invalid(
                f"The customer does not have a payment method with the ID {method_id}. The payment method must be "
                "attached to the customer.", param="default_payment_method", code="resource_missing",
            )  # fmt: skip


def _has_no_method(account: Account, subscription: Body) -> bool:
    settings = account.get("customer", subscription["customer"])["invoice_settings"]
    return not (subscription["default_payment_method"] or settings["default_payment_method"])


def _check_first_payment(
    account: Account, customer: Body, subscription: Body, *, total: int, behaviour: str, is_present: bool
) -> None:
    if total == 0 or behaviour == "default_incomplete":
        return
    method_id = subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    if method_id is None:
        raise invalid(
            "This customer has no attached payment source or default payment method. Please consider adding a default "
            "payment method.", code="resource_missing",
        )  # fmt: skip
    card = card_behind(account, method_id)
    if behaviour == "error_if_incomplete" and (card.on_charge or (card.asks and not is_present)):
        raise (card.on_charge or AUTHENTICATION).error()
