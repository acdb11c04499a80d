"""Stars: sendInvoice, createInvoiceLink, answerPreCheckoutQuery, refundStarPayment."""

from __future__ import annotations

import secrets
from typing import Any

from sandbox.telegram.errors import bad_request, not_modelled
from sandbox.telegram.methods.callbacks import TOO_OLD
from sandbox.telegram.methods.posting import post, read_markup
from sandbox.telegram.methods.registry import MethodCall, api_method
from sandbox.telegram.methods.targets import get_user
from sandbox.telegram.state.invoices import ANSWER_SECONDS, InvoiceLink, StarTransaction
from sandbox.telegram.state.messages import Message

LONGEST_PAYLOAD_BYTES = 128
SUBSCRIPTION_SECONDS, MOST_SUBSCRIPTION_STARS = 2_592_000, 10_000


@api_method("sendInvoice")
def send_invoice(call: MethodCall) -> dict[str, Any]:
    """An invoice in the chat; it can be paid there."""
    invoice = _read_invoice(call)
    reply_markup = read_markup(call, is_invoice=True)
    if reply_markup is None:
        button = {"text": f"Pay ⭐️{invoice['total_amount']}", "pay": True}
        reply_markup = {"inline_keyboard": [[button]]}
    sent = post(call, content={"invoice": invoice}, reply_markup=reply_markup)
    chat_id = call["chat_id"]
    call.world.invoice_links[f"{call.bot.id}:{chat_id}:{sent['message_id']}"] = InvoiceLink(
        "", call.bot.id, invoice, call["payload"]
    )
    return sent


@api_method("createInvoiceLink")
def create_invoice_link(call: MethodCall) -> str:
    """A link by which anyone can pay."""
    invoice = _read_invoice(call)
    period = call.get("subscription_period", 0)
    if period and period != SUBSCRIPTION_SECONDS:
        raise bad_request("SUBSCRIPTION_PERIOD_INVALID")
    if period and invoice["total_amount"] > MOST_SUBSCRIPTION_STARS:
        raise bad_request("STARS_AMOUNT_INVALID")
    url = f"https://t.me/${secrets.token_urlsafe(12)}"
    call.world.invoice_links[url] = InvoiceLink(url, call.bot.id, invoice, call["payload"], period)
    return url


@api_method("answerPreCheckoutQuery")
def answer_pre_checkout_query(call: MethodCall) -> bool:
    """The payment goes on, or the user reads why not. Possible once, within ten seconds."""
    if not call["ok"] and not call.get("error_message"):
        raise bad_request('parameter "error_message" is required')
    query = call.world.pre_checkouts.pop(call["pre_checkout_query_id"], None)
    if query is None or query.bot_id != call.bot.id or query.future.done():
        raise bad_request(TOO_OLD)
    if call.world.clock.timestamp() - query.date > ANSWER_SECONDS:
        raise bad_request(TOO_OLD)
    query.future.set_result((call["ok"], call.get("error_message", "")))
    return True


@api_method("refundStarPayment")
def refund_star_payment(call: MethodCall) -> bool:
    """The Stars are back with the user, and the chat says so."""
    user = get_user(call)
    payment = call.world.star_payments.get(call["telegram_payment_charge_id"])
    if payment is None or payment.bot_id != call.bot.id or payment.user_id != user.id:
        raise bad_request("CHARGE_ID_INVALID")
    if payment.refunded_at is not None:
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    payment.refunded_at = call.now
    call.world.star_transactions.append(StarTransaction(payment, call.now, is_refund=True))
    user.stars += payment.payment["total_amount"]
    names = ("currency", "total_amount", "invoice_payload", "telegram_payment_charge_id")
    refund = {name: payment.payment[name] for name in names}
    chat = call.world.private_chat(call.bot.id, user.id)
    call.bot.last_message_id += 1
    message = Message(
        id=call.bot.last_message_id,
        seq=chat.book.next_seq(),
        chat=user.as_chat(),
        sender=user.as_json(),
        from_bot=False,
        date=call.now,
        content={"refunded_payment": refund},
    )
    chat.book.add(message)
    call.bot.feed.push("message", message.as_json())
    return True


def _read_invoice(call: MethodCall) -> dict[str, Any]:
    if not 1 <= len(call["payload"].encode()) <= LONGEST_PAYLOAD_BYTES:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    if call["currency"] != "XTR":
        if not call.get("provider_token"):
            raise bad_request("PAYMENT_PROVIDER_INVALID")
        raise not_modelled("payments through a provider token")
    if call.get("provider_token"):
        raise bad_request("STARS_INVOICE_INVALID")
    if len(call["prices"]) != 1 or call["prices"][0]["amount"] < 1:
        raise bad_request("STARS_INVOICE_INVALID")
    return {
        "title": call["title"],
        "description": call["description"],
        "start_parameter": call.get("start_parameter", ""),
        "currency": "XTR",
        "total_amount": call["prices"][0]["amount"],
    }
