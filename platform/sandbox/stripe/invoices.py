"""The life of an invoice: draft, open, paid, void or uncollectible, and the attempts to collect it."""

from typing import Any

from sandbox.stripe.cards import AUTHENTICATION, Refusal
from sandbox.stripe.charges import cancel_intent, charge, create_intent
from sandbox.stripe.errors import ApiError, invalid
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.invoice_shapes import invoice_for, invoice_payment_for, line_for_pending
from sandbox.stripe.parameters import merge_metadata
from sandbox.stripe.standing import ENDED, give_up, mark_unpaid, settle, subscription_of
from sandbox.stripe.store import Account, Body

UPDATE_FIELDS = frozenset({"metadata", "description", "auto_advance", "default_payment_method", "footer"})
PAY_FIELDS = frozenset({"payment_method", "off_session", "paid_out_of_band"})
DAY_SECONDS = 86_400
_NO_METHOD = Refusal("missing_payment_method", None, "There is no payment method to charge.")


def draft(
    gateway: Gateway, account: Account, subscription: Body, lines: list[Body], *, reason: str, period: tuple[int, int]
) -> Body:
    """Make the subscription's next invoice with these lines and everything that was pending."""
    pending = pending_of(account, subscription)
    invoice = invoice_for(
        gateway, account, subscription, [*map(line_for_pending, pending), *lines], reason=reason, period=period
    )
    for item in pending:
        item["invoice"] = invoice["id"]
    account.put(invoice, intent=None, retries=0)
    subscription["latest_invoice"] = invoice["id"]
    gateway.emit(account, "invoice.created", invoice)
    return invoice


def pending_of(account: Account, subscription: Body) -> list[Body]:
    """Return the prorations of the subscription that wait for an invoice."""
    return [
        item
        for item in account.oldest_first("invoiceitem", invoice=None)
        if item["parent"]["subscription_details"]["subscription"] == subscription["id"]
    ]


def leave_as_draft(gateway: Gateway, account: Account, invoice: Body) -> None:
    """Finalize the invoice and collect it by itself once the draft has had its hour."""
    at = gateway.now() + account.billing.draft_seconds
    invoice |= {"automatically_finalizes_at": at, "next_payment_attempt": at}
    gateway.schedule(at, lambda: _advance(gateway, account, invoice))


def _advance(gateway: Gateway, account: Account, invoice: Body) -> None:
    if invoice["status"] == "draft" and invoice["auto_advance"]:
        finalize(gateway, account, invoice)
        if invoice["status"] == "open":
            collect(gateway, account, invoice)


def finalize(gateway: Gateway, account: Account, invoice: Body) -> Body:
    """The invoice gets its number and its page, and can no longer be changed; with nothing due it is paid."""
    if invoice["status"] != "draft":
        raise invalid(f"This invoice is already finalized: {invoice['id']}", code="invoice_not_editable")
    customer, now = account.get("customer", invoice["customer"]), gateway.now()
    balance = invoice["total"] + customer["balance"]
    due = max(balance, 0)
    token = gateway.store.link_page(account, invoice["id"])
    invoice |= {
        "amount_due": due, "amount_remaining": due, "automatically_finalizes_at": None, "effective_at": now,
        "ending_balance": min(balance, 0), "hosted_invoice_url": f"{gateway.public_url}/i/{token}",
        "invoice_pdf": f"{gateway.public_url}/i/{token}/pdf",
        "number": f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}",
        "starting_balance": customer["balance"], "status": "open",
    }  # fmt: skip
    invoice["status_transitions"]["finalized_at"] = now
    with gateway.changing(account, customer, "customer.updated"):
        customer |= {
            "balance": min(balance, 0), "currency": invoice["currency"],
            "next_invoice_sequence": customer["next_invoice_sequence"] + 1,
        }  # fmt: skip
    gateway.emit(account, "invoice.finalized", invoice)
    if due == 0:
        _mark_paid(gateway, account, invoice)
        return invoice
    intent = create_intent(
        gateway, account, amount=due, currency=invoice["currency"], customer_id=invoice["customer"],
        text="Subscription creation" if invoice["billing_reason"] == "subscription_create" else "Subscription update",
    )  # fmt: skip
    account.hidden[invoice["id"]]["intent"] = intent["id"]
    account.put(invoice_payment_for(gateway, invoice, intent))
    return invoice


def collect(gateway: Gateway, account: Account, invoice: Body, *, is_present: bool = False) -> Refusal | None:
    """Make an automatic attempt; when it fails, the next one is planned or the invoice is given up."""
    if invoice["status"] != "open" or not invoice["auto_advance"]:
        return None
    refusal = _attempt(gateway, account, invoice, method_for(account, invoice), is_present=is_present)
    if refusal is None:
        return None
    subscription, hidden = subscription_of(account, invoice), account.hidden[invoice["id"]]
    is_first = subscription is not None and subscription["status"] == "incomplete"
    days = account.billing.retry_days
    has_more = not is_first and hidden["retries"] < len(days)
    with gateway.changing(account, invoice, "invoice.updated"):
        invoice["attempt_count"] += 1
        invoice["attempted"] = True
        invoice["next_payment_attempt"] = gateway.now() + days[hidden["retries"]] * DAY_SECONDS if has_more else None
    _announce_failure(gateway, account, invoice, refusal)
    if has_more:
        hidden["retries"] += 1
        planned = invoice["next_payment_attempt"]
        gateway.schedule(planned, lambda: _retry(gateway, account, invoice, planned))
    elif not is_first:
        _give_up(gateway, account, invoice)
    return refusal


def _retry(gateway: Gateway, account: Account, invoice: Body, planned: int) -> None:
    if invoice["next_payment_attempt"] == planned:
        collect(gateway, account, invoice)


def _give_up(gateway: Gateway, account: Account, invoice: Body) -> None:
    if account.billing.invoice_after_retries == "uncollectible":
        mark_uncollectible(gateway, account, invoice, reason="max_payment_attempts")
    subscription = subscription_of(account, invoice)
    if subscription is not None:
        give_up(gateway, account, subscription)


def pay(gateway: Gateway, account: Account, invoice: Body, params: dict[str, Any], *, is_present: bool = False) -> Body:
    """Try to collect the invoice at once, out of schedule.

    Args:
        is_present: The payer is at the screen, which nobody is who only calls the API.

    Raises:
        ApiError: It cannot be paid, or the card was refused (402; the attempt is on record all the same).
    """
    if invoice["status"] == "draft":
        finalize(gateway, account, invoice)
    if invoice["status"] == "paid":
        raise invalid("Invoice is already paid")
    if invoice["status"] == "void":
        raise invalid("Voided invoices cannot be paid.")
    if params.get("paid_out_of_band"):
        _mark_paid(gateway, account, invoice, is_elsewhere=True)
        return invoice
    method = method_for(account, invoice)
    if "payment_method" in params:
        method = account.get("payment_method", params["payment_method"], param="payment_method")
        if method["customer"] != invoice["customer"]:
            raise invalid("The payment method must be attached to the customer of the invoice.", param="payment_method")
    if method is None:
        raise invalid(
            "There is no `default_payment_method` set on this Customer or Invoice. Please provide a payment method."
        )
    refusal = _attempt(gateway, account, invoice, method, is_present=is_present)
    if refusal is not None:
        with gateway.changing(account, invoice, "invoice.updated"):
            # After the first one only automatic attempts are counted.
            invoice["attempt_count"] = max(invoice["attempt_count"], 1)
            invoice["attempted"] = True
        _announce_failure(gateway, account, invoice, refusal)
        intent = account.find("payment_intent", account.hidden[invoice["id"]]["intent"])
        raise refusal.error(charge=intent["latest_charge"] if intent else None)
    return invoice


def void(gateway: Gateway, account: Account, invoice: Body) -> Body:
    """Cancel the invoice as if it had never been."""
    if invoice["status"] not in {"open", "uncollectible"}:
        raise invalid(f"You can only pass in open invoices. This invoice isn't open: {invoice['status']}.")
    _close(gateway, account, invoice, status="void", moment="voided_at", event="invoice.voided")
    settle(gateway, account, invoice)
    return invoice


def mark_uncollectible(gateway: Gateway, account: Account, invoice: Body, *, reason: str = "user_forgiven") -> Body:
    """Write the invoice off as bad debt; it can still be paid or voided."""
    if invoice["status"] != "open":
        raise invalid(f"You can only pass in open invoices. This invoice isn't open: {invoice['status']}.")
    invoice["status_details"] = {"uncollectible": {"reason": reason}}
    _close(
        gateway, account, invoice, status="uncollectible", moment="marked_uncollectible_at",
        event="invoice.marked_uncollectible",
    )  # fmt: skip
    if reason == "user_forgiven":
        settle(gateway, account, invoice)
    return invoice


def update(gateway: Gateway, account: Account, invoice: Body, params: dict[str, Any]) -> Body:
    """Change what may be changed of an invoice."""
    if invoice["status"] != "draft" and set(params) & {"description", "footer"}:
        raise invalid("Finalized invoices can't be updated in this way", code="invoice_not_editable")
    with gateway.changing(account, invoice, "invoice.updated"):
        invoice["metadata"] = merge_metadata(invoice["metadata"], params.pop("metadata", None))
        invoice |= params
    return invoice


def method_for(account: Account, invoice: Body) -> Body | None:
    """Return what an automatic attempt charges: the invoice's, the subscription's or the customer's default."""
    subscription = subscription_of(account, invoice) or {}
    settings = account.get("customer", invoice["customer"]).get("invoice_settings", {})
    for method_id in (
        invoice["default_payment_method"],
        subscription.get("default_payment_method"),
        settings.get("default_payment_method"),
    ):
        method = account.find("payment_method", method_id)
        if method is not None:
            return method
    return None


def _attempt(
    gateway: Gateway, account: Account, invoice: Body, method: Body | None, *, is_present: bool
) -> Refusal | None:
    intent = account.find("payment_intent", account.hidden[invoice["id"]]["intent"])
    if method is None or intent is None:
        return _NO_METHOD
    refusal = charge(gateway, account, intent, method, is_present=is_present)
    if refusal is None:
        subscription = subscription_of(account, invoice)
        if (
            subscription is not None
            and subscription["payment_settings"]["save_default_payment_method"] == "on_subscription"
        ):
            subscription["default_payment_method"] = method["id"]
        invoice["attempt_count"] += 1
        _mark_paid(gateway, account, invoice)
    return refusal


def _mark_paid(gateway: Gateway, account: Account, invoice: Body, *, is_elsewhere: bool = False) -> None:
    now = gateway.now()
    with gateway.changing(account, invoice, "invoice.updated"):
        invoice |= {
            "amount_paid": invoice["amount_due"], "amount_remaining": 0, "attempted": True, "auto_advance": False,
            "next_payment_attempt": None, "status": "paid",
        }  # fmt: skip
        if is_elsewhere:
            invoice["amount_paid_off_stripe"] = invoice["amount_due"]
        invoice["status_transitions"]["paid_at"] = now
    for payment in account.oldest_first("invoice_payment", invoice=invoice["id"]):
        payment["status"] = "canceled" if is_elsewhere else "paid"
        payment["status_transitions"]["canceled_at" if is_elsewhere else "paid_at"] = now
        if not is_elsewhere:
            payment["amount_paid"] = invoice["amount_due"]
            gateway.emit(account, "invoice_payment.paid", payment)
    gateway.emit(account, "invoice.paid", invoice)
    if not is_elsewhere:
        gateway.emit(account, "invoice.payment_succeeded", invoice)
    settle(gateway, account, invoice)


def _announce_failure(gateway: Gateway, account: Account, invoice: Body, refusal: Refusal) -> None:
    gateway.emit(account, "invoice.payment_failed", invoice)
    if refusal is AUTHENTICATION:
        gateway.emit(account, "invoice.payment_action_required", invoice)
    mark_unpaid(gateway, account, invoice)


def _close(gateway: Gateway, account: Account, invoice: Body, *, status: str, moment: str, event: str) -> None:
    with gateway.changing(account, invoice, "invoice.updated"):
        invoice |= {"auto_advance": False, "next_payment_attempt": None, "status": status}
        invoice["status_transitions"][moment] = gateway.now()
    if status == "void":
        intent = account.find("payment_intent", account.hidden[invoice["id"]]["intent"])
        if intent is not None:
            cancel_intent(gateway, account, intent, reason="void_invoice")
        for payment in account.oldest_first("invoice_payment", invoice=invoice["id"]):
            payment["status"] = "canceled"
            payment["status_transitions"]["canceled_at"] = gateway.now()
    gateway.emit(account, event, invoice)


def refuse_ended(subscription: Body) -> None:
    """Refuse work on a subscription that has ended.

    Raises:
        ApiError: It has.
    """
    if subscription["status"] in ENDED:
        raise ApiError("A canceled subscription can only update its cancellation_details and metadata.", param="id")
