"""How invoices, their lines, pending invoice items and payments look."""

from sandbox.stripe.gateway import Gateway
from sandbox.stripe.store import Account, Body, list_of, new_id


def line_for_period(subscription: Body, item: Body, *, start: int, end: int, amount: int, description: str) -> Body:
    """Return the line that bills an item for a whole period, or says that a trial is free."""
    details = {
        "invoice_item": None, "proration": False, "proration_details": {"credited_items": None},
        "subscription": subscription["id"], "subscription_item": item["id"],
    }  # fmt: skip
    return _line(
        details, price=item["price"], quantity=item["quantity"], amount=amount, description=description,
        period={"start": start, "end": end}, metadata=subscription["metadata"],
    )  # fmt: skip


def line_for_pending(pending: Body) -> Body:
    """Return the line that a pending invoice item becomes."""
    details = {
        "invoice_item": pending["id"], "proration": pending["proration"], "proration_details": {"credited_items": None},
        "subscription": pending["parent"]["subscription_details"]["subscription"],
        "subscription_item": pending["parent"]["subscription_details"]["subscription_item"],
    }  # fmt: skip
    line = _line(
        details, price=None, quantity=pending["quantity"], amount=pending["amount"],
        description=pending["description"], period=pending["period"], metadata=pending["metadata"],
    )  # fmt: skip
    return line | {"pricing": pending["pricing"], "currency": pending["currency"]}


def _line(
    details: Body, *, price: Body | None, quantity: int, amount: int, description: str, period: Body, metadata: Body
) -> Body:
    return {
        "id": new_id("il_1"), "object": "line_item", "amount": amount,
        "currency": price["currency"] if price else "", "description": description, "discount_amounts": [],
        "discountable": not details["proration"], "discounts": [], "invoice": None, "livemode": False,
        "metadata": dict(metadata),
        "parent": {
            "invoice_item_details": None, "subscription_item_details": details, "type": "subscription_item_details",
        },
        "period": dict(period), "pretax_credit_amounts": [], "pricing": pricing_of(price) if price else None,
        "quantity": quantity, "quantity_decimal": str(quantity), "subscription": details["subscription"],
        "subtotal": amount, "taxes": [],
    }  # fmt: skip


def pricing_of(price: Body) -> Body:
    """Return the part of a line that says what was sold."""
    return {
        "price_details": {"price": price["id"], "product": price["product"]}, "type": "price_details",
        "unit_amount_decimal": price["unit_amount_decimal"],
    }  # fmt: skip


def pending_item(
    now: int, subscription: Body, item: Body, *, amount: int, description: str, start: int, end: int
) -> Body:
    """Return the invoice item of a proration, which waits for the next invoice."""
    return {
        "id": new_id("ii_1"), "object": "invoiceitem", "amount": amount, "currency": subscription["currency"],
        "customer": subscription["customer"], "customer_account": None, "date": now, "description": description,
        "discountable": False, "discounts": [], "invoice": None, "livemode": False, "metadata": {},
        "net_amount": amount,
        "parent": {
            "subscription_details": {"subscription": subscription["id"], "subscription_item": item["id"]},
            "type": "subscription_details",
        },
        "period": {"start": start, "end": end}, "pricing": pricing_of(item["price"]), "proration": True,
        "proration_details": {"credited_items": None, "discount_amounts": []}, "quantity": item["quantity"],
        "quantity_decimal": str(item["quantity"]), "tax_rates": [], "test_clock": None,
    }  # fmt: skip


def invoice_for(
    gateway: Gateway, account: Account, subscription: Body, lines: list[Body], *, reason: str, period: tuple[int, int]
) -> Body:
    """Return a draft invoice with these lines.

    Args:
        period: For which time the invoice speaks: of a renewal the period that has just ended.
    """
    invoice_id = new_id("in_1")
    customer = account.get("customer", subscription["customer"])
    total = sum(line["amount"] for line in lines)
    for line in lines:
        line["invoice"] = invoice_id
    return {
        "id": invoice_id, "object": "invoice", "account_country": account.country, "account_name": account.name,
        "account_tax_ids": None, "amount_due": max(total, 0), "amount_overpaid": 0, "amount_paid": 0,
        "amount_paid_off_stripe": 0, "amount_remaining": max(total, 0), "amount_shipping": 0, "application": None,
        "attempt_count": 0, "attempted": False, "auto_advance": True,
        "automatic_tax": {
            "disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None,
        },
        "automatically_finalizes_at": None, "billing_reason": reason, "collection_method": "charge_automatically",
        "created": gateway.now(), "currency": subscription["currency"], "custom_fields": None,
        **_billed_to(account, customer),
        "default_payment_method": None, "default_source": None, "default_tax_rates": [], "description": None,
        "discounts": [], "due_date": None, "effective_at": None, "ending_balance": None, "footer": None,
        "from_invoice": None, "hosted_invoice_url": None, "invoice_pdf": None, "issuer": {"type": "self"},
        "last_finalization_error": None, "latest_revision": None,
        "lines": list_of(lines, f"/v1/invoices/{invoice_id}/lines"), "livemode": False, "metadata": {},
        "next_payment_attempt": None, "number": None, "on_behalf_of": None,
        "parent": _parent_of(subscription),
        "payment_settings": {
            "default_mandate": None, "payment_method_options": None, "payment_method_types": None,
        },
        "period_start": period[0], "period_end": period[1], "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0, "receipt_number": None, "rendering": None, "shipping_cost": None,
        "shipping_details": None, "starting_balance": customer["balance"], "statement_descriptor": None,
        "status": "draft", "status_details": None,
        "status_transitions": {
            "finalized_at": None, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None,
        },
        "subtotal": total, "subtotal_excluding_tax": total, "test_clock": None, "total": total,
        "total_discount_amounts": [], "total_excluding_tax": total, "total_pretax_credit_amounts": [],
        "total_taxes": [], "webhooks_delivered_at": None,
    }  # fmt: skip


def _parent_of(subscription: Body) -> Body:
    details = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    return {"quote_details": None, "subscription_details": details, "type": "subscription_details"}


def _billed_to(account: Account, customer: Body) -> Body:
    tax_ids = account.oldest_first("tax_id", customer=customer["id"])
    return {
        "customer": customer["id"], "customer_account": None, "customer_address": customer["address"],
        "customer_email": customer["email"], "customer_name": customer["name"], "customer_phone": customer["phone"],
        "customer_shipping": None, "customer_tax_exempt": customer["tax_exempt"],
        "customer_tax_ids": [{"type": one["type"], "value": one["value"]} for one in tax_ids],
    }  # fmt: skip


def invoice_payment_for(gateway: Gateway, invoice: Body, intent: Body) -> Body:
    """Return the record that ties an invoice to the intent that pays it."""
    return {
        "id": new_id("inpay_1"), "object": "invoice_payment", "amount_paid": None,
        "amount_requested": invoice["amount_due"], "created": gateway.now(), "currency": invoice["currency"],
        "invoice": invoice["id"], "is_default": True, "livemode": False,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"}, "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }  # fmt: skip
