"""Changes of a running subscription: prices and quantities with proration, trials, planned ends, and the end at once."""

from typing import Any

from sandbox.stripe.cards import AUTHENTICATION
from sandbox.stripe.errors import invalid, not_played
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.invoice_shapes import pending_item
from sandbox.stripe.invoices import collect, draft, finalize, pending_of, refuse_ended
from sandbox.stripe.parameters import merge_metadata
from sandbox.stripe.payment_methods import card_behind
from sandbox.stripe.proration import Proration, is_same, prorate
from sandbox.stripe.standing import ENDED, UPDATED, end
from sandbox.stripe.store import Account, Body
from sandbox.stripe.subscription_shapes import changed_items
from sandbox.stripe.subscriptions import (
    lines_for,
    next_end,
    plan_cancellation,
    plan_period,
    schedule_cancellation,
    set_period,
    trial_end_of,
)

UPDATE_FIELDS = frozenset({
    "items.id", "items.price", "items.quantity", "items.deleted", "items.metadata", "proration_behavior",
    "proration_date", "payment_behavior", "trial_end", "cancel_at_period_end", "cancel_at", "metadata",
    "default_payment_method", "description", "payment_settings.save_default_payment_method", "off_session",
    "cancellation_details", "billing_cycle_anchor.type",
})  # fmt: skip
CANCEL_FIELDS = frozenset({"invoice_now", "prorate", "cancellation_details"})
_AFTER_END = {"metadata", "cancellation_details"}


def update(gateway: Gateway, account: Account, subscription: Body, params: dict[str, Any]) -> Body:
    """Change the subscription as asked.

    Raises:
        ApiError: It has ended, the request makes no sense, or the payment that the change asks for is refused and
            `payment_behavior` is `error_if_incomplete`.
    """
    if set(params) - _AFTER_END:
        refuse_ended(subscription)
    if params.get("payment_behavior") == "pending_if_incomplete":
        raise not_played("pending updates", "payment_behavior")
    change = Change(gateway, account, subscription, params)
    if change.bills_now:
        change.refuse_card_that_will_fail()
    with gateway.changing(account, subscription, UPDATED):
        _set_plain_fields(account, subscription, params)
        _set_cancellation(gateway, account, subscription, params)
        change.apply()
    change.bill()
    return subscription


def cancel(gateway: Gateway, account: Account, subscription: Body, params: dict[str, Any]) -> Body:
    """End the subscription at once; unused time is only given back when `prorate` asks for it."""
    now = gateway.now()
    if params.get("prorate"):
        items = subscription["items"]["data"]
        _keep_pending(gateway, account, subscription, prorate(items, [], now=now, product_names=_names(account, items)))
    if not params.get("invoice_now"):
        for item in pending_of(account, subscription):
            if not params.get("prorate"):
                account.remove("invoiceitem", item["id"])
    subscription |= {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": now}
    end(gateway, account, subscription, reason="cancellation_requested", details=params.get("cancellation_details"))
    if params.get("invoice_now") and pending_of(account, subscription):
        began = subscription["items"]["data"][0]["current_period_start"]
        invoice = draft(gateway, account, subscription, [], reason="subscription_update", period=(began, now))
        finalize(gateway, account, invoice)
        collect(gateway, account, invoice)
    return subscription


class Change:
    """What a request does to items, period and trial, worked out before anything is written."""

    def __init__(self, gateway: Gateway, account: Account, subscription: Body, params: dict[str, Any]) -> None:
        self._gateway, self._account, self._subscription = gateway, account, subscription
        self._params, self.now = params, params.get("proration_date") or gateway.now()
        self._behaviour = params.get("proration_behavior", "create_prorations")
        self.before: list[Body] = subscription["items"]["data"]
        asked = params.get("items")
        self.after = changed_items(account, subscription, asked, now=gateway.now()) if asked else self.before
        self._check_moment()
        self._is_trial = subscription["status"] == "trialing"
        self._trial_end = self._read_trial_end()
        self.restarts = self._decide_restart()
        self.prorations = self._work_out()

    @property
    def bills_now(self) -> bool:
        """Tell whether an invoice is made at once, instead of with the next period."""
        return self.restarts or (self._behaviour == "always_invoice" and bool(self.prorations))

    def apply(self) -> None:
        """The items are as asked for; a new period or a longer trial has begun."""
        subscription, now = self._subscription, self._gateway.now()
        subscription["items"]["data"] = self.after
        if isinstance(self._trial_end, int):
            subscription |= {"trial_end": self._trial_end, "billing_cycle_anchor": self._trial_end}
            set_period(subscription, start=self.after[0]["current_period_start"], end=self._trial_end)
        elif self.restarts:
            if self._is_trial:
                subscription |= {"status": "active", "trial_end": now}
            subscription["billing_cycle_anchor"] = now
            set_period(subscription, start=now, end=next_end(subscription, now))
        if isinstance(self._trial_end, int) or self.restarts:
            plan_period(self._gateway, self._account, subscription)
        _keep_pending(self._gateway, self._account, subscription, self.prorations)

    def bill(self) -> None:
        """What the change costs is invoiced at once, when it is to be."""
        if not self.bills_now:
            return
        gateway, account, subscription = self._gateway, self._account, self._subscription
        lines = lines_for(gateway, account, subscription) if self.restarts else []
        now = gateway.now()
        with gateway.changing(account, subscription, UPDATED):
            invoice = draft(gateway, account, subscription, lines, reason="subscription_update", period=(now, now))
        finalize(gateway, account, invoice)
        if self._params.get("payment_behavior") != "default_incomplete":
            collect(gateway, account, invoice)

    def refuse_card_that_will_fail(self) -> None:
        """Refuse the change before it is made.

        Raises:
            ApiError: The card will not pay, and the caller wants to hear that instead of an unpaid invoice.
        """
        if self._params.get("payment_behavior") != "error_if_incomplete":
            return
        settings = self._account.get("customer", self._subscription["customer"])["invoice_settings"]
        method_id = self._subscription["default_payment_method"] or settings["default_payment_method"]
        if method_id is None:
            raise invalid("This customer has no attached payment source or default payment method.")
        card = card_behind(self._account, method_id)
        if card.on_charge or card.asks:
            raise (card.on_charge or AUTHENTICATION).error()

    def _check_moment(self) -> None:
        first = self.before[0]
        if (
            "proration_date" in self._params
            and not first["current_period_start"] <= self.now <= first["current_period_end"]
        ):
            raise invalid("The `proration_date` must be within the current period.", param="proration_date")

    def _read_trial_end(self) -> int | str | None:
        asked = self._params.get("trial_end")
        if asked is None:
            return None
        if not self._is_trial:
            if asked == "now":
                return None
            raise not_played("trials that begin after the subscription has", "trial_end")
        return "now" if asked == "now" else trial_end_of({"trial_end": asked}, self._gateway.now())

    def _decide_restart(self) -> bool:
        if self._trial_end == "now" or self._params.get("billing_cycle_anchor", {}).get("type") == "now":
            return True
        if self._is_trial:
            return False
        old, new = self.before[0]["price"]["recurring"], self.after[0]["price"]["recurring"]
        begins_to_cost = _total(self.before) == 0 < _total(self.after)
        return begins_to_cost or (old["interval"], old["interval_count"]) != (new["interval"], new["interval_count"])

    def _work_out(self) -> list[Proration]:
        if self._is_trial or self._behaviour == "none":
            return []
        names = _names(self._account, self.before + self.after)
        if self.restarts:
            return prorate(self.before, [], now=self.now, product_names=names)
        new_by_id = {item["id"]: item for item in self.after}
        if all(is_same(item, new_by_id.get(item["id"])) for item in self.before) and len(new_by_id) == len(self.before):
            return []
        return prorate(self.before, self.after, now=self.now, product_names=names)


def _total(items: list[Body]) -> int:
    return sum(item["price"]["unit_amount"] * item["quantity"] for item in items)


def _names(account: Account, items: list[Body]) -> dict[str, str]:
    return {item["price"]["product"]: account.get("product", item["price"]["product"])["name"] for item in items}


def _keep_pending(gateway: Gateway, account: Account, subscription: Body, prorations: list[Proration]) -> None:
    for one in prorations:
        body = pending_item(
            gateway.now(), subscription, one.item, amount=one.amount, description=one.description, start=one.start,
            end=one.end,
        )  # fmt: skip
        account.put(body)
        gateway.emit(account, "invoiceitem.created", body)


def _set_plain_fields(account: Account, subscription: Body, params: dict[str, Any]) -> None:
    subscription["metadata"] = merge_metadata(subscription["metadata"], params.get("metadata"))
    if params.get("default_payment_method"):
        method = account.get("payment_method", params["default_payment_method"], param="default_payment_method")
        if method["customer"] != subscription["customer"]:
            raise invalid("The payment method must be attached to the customer.", param="default_payment_method")
        subscription["default_payment_method"] = method["id"]
    if "description" in params:
        subscription["description"] = params["description"] or None
    subscription["payment_settings"] = subscription["payment_settings"] | params.get("payment_settings", {})
    given = params.get("cancellation_details") or {}
    subscription["cancellation_details"] = subscription["cancellation_details"] | {
        name: given[name] or None for name in ("comment", "feedback") if name in given
    }


def _set_cancellation(gateway: Gateway, account: Account, subscription: Body, params: dict[str, Any]) -> None:
    if params.get("cancel_at") and params.get("cancel_at_period_end"):
        raise invalid("You may only specify one of these parameters: cancel_at, cancel_at_period_end.")
    if params.get("cancel_at_period_end"):
        schedule_cancellation(subscription, gateway.now())
    elif params.get("cancel_at"):
        at = params["cancel_at"]
        if not isinstance(at, int):
            at = subscription["items"]["data"][0]["current_period_end"]
        if at <= gateway.now():
            raise invalid("The `cancel_at` must be in the future.", param="cancel_at")
        ends_at = subscription["items"]["data"][0]["current_period_end"]
        if at > ends_at or (at < ends_at and params.get("proration_behavior") != "none"):
            raise not_played("ends that need a proration", "cancel_at")
        subscription |= {"cancel_at": at, "cancel_at_period_end": False, "canceled_at": gateway.now()}
        plan_cancellation(gateway, account, subscription)
    elif params.get("cancel_at_period_end") is False or params.get("cancel_at") == "":
        subscription |= {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
        subscription["cancellation_details"] = subscription["cancellation_details"] | {"reason": None}


def cancel_all_of(gateway: Gateway, account: Account, customer_id: str) -> None:
    """End every running subscription of a customer that is being deleted."""
    for subscription in account.oldest_first("subscription", customer=customer_id):
        if subscription["status"] not in ENDED:
            cancel(gateway, account, subscription, {})
