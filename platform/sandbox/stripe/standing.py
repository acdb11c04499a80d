"""What paid and unpaid invoices mean for a subscription: its status, and its end."""

from typing import Any

from sandbox.stripe.gateway import Gateway
from sandbox.stripe.store import Account, Body

ENDED = frozenset({"canceled", "incomplete_expired"})
UPDATED = "customer.subscription.updated"


def subscription_of(account: Account, invoice: Body) -> Body | None:
    """Return the subscription that an invoice bills."""
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    return account.find("subscription", details.get("subscription"))


def settle(gateway: Gateway, account: Account, invoice: Body) -> None:
    """The invoice is paid, void or written off: a subscription that waited for it goes on."""
    customer = account.get("customer", invoice["customer"])
    if invoice["status"] == "paid" and customer.get("delinquent"):
        with gateway.changing(account, customer, "customer.updated"):
            customer["delinquent"] = False
    subscription = subscription_of(account, invoice)
    if subscription is None or subscription["latest_invoice"] != invoice["id"]:
        return
    status = subscription["status"]
    if status == "incomplete" and invoice["status"] == "void":
        expire_incomplete(gateway, account, subscription)
    elif status in {"incomplete", "past_due", "unpaid"}:
        with gateway.changing(account, subscription, UPDATED):
            is_in_trial = (subscription["trial_end"] or 0) > gateway.now()
            subscription["status"] = "trialing" if is_in_trial else "active"


def mark_unpaid(gateway: Gateway, account: Account, invoice: Body) -> None:
    """An attempt has failed: a running subscription is past due, and the customer owes."""
    customer = account.get("customer", invoice["customer"])
    if not customer.get("delinquent"):
        with gateway.changing(account, customer, "customer.updated"):
            customer["delinquent"] = True
    subscription = subscription_of(account, invoice)
    if subscription is not None and subscription["status"] in {"active", "trialing"}:
        with gateway.changing(account, subscription, UPDATED):
            subscription["status"] = "past_due"


def give_up(gateway: Gateway, account: Account, subscription: Body) -> None:
    """All retries have failed: what the account's settings say happens to the subscription."""
    if subscription["status"] in ENDED:
        return
    if account.billing.after_retries == "cancel":
        end(gateway, account, subscription, reason="payment_failed")
    elif account.billing.after_retries == "unpaid":
        with gateway.changing(account, subscription, UPDATED):
            subscription["status"] = "unpaid"


def end(
    gateway: Gateway, account: Account, subscription: Body, *, reason: str | None, details: dict[str, Any] | None = None
) -> None:
    """The subscription is canceled now; nobody tries to collect its open invoices any more."""
    now = gateway.now()
    subscription |= {"status": "canceled", "canceled_at": subscription["canceled_at"] or now, "ended_at": now}
    kept = subscription["cancellation_details"]
    subscription["cancellation_details"] = {
        "comment": (details or {}).get("comment") or kept["comment"],
        "feedback": (details or {}).get("feedback") or kept["feedback"],
        "reason": reason or kept["reason"],
    }
    gateway.emit(account, "customer.subscription.deleted", subscription)
    stop_collecting(gateway, account, subscription)


def expire_incomplete(gateway: Gateway, account: Account, subscription: Body) -> None:
    """The first invoice was never paid: the subscription never began."""
    with gateway.changing(account, subscription, UPDATED):
        subscription |= {"status": "incomplete_expired", "ended_at": gateway.now()}


def stop_collecting(gateway: Gateway, account: Account, subscription: Body) -> None:
    """Drafts and open invoices of the subscription no longer advance by themselves."""
    for invoice in account.oldest_first("invoice"):
        if invoice["status"] not in {"draft", "open"} or subscription_of(account, invoice) is not subscription:
            continue
        with gateway.changing(account, invoice, "invoice.updated"):
            invoice |= {"auto_advance": False, "next_payment_attempt": None, "automatically_finalizes_at": None}
