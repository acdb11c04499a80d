"""Stars that a bot has taken: editUserStarSubscription, getStarTransactions, getMyStarBalance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.registry import MethodCall, api_method
from sandbox.telegram.methods.targets import get_user
from sandbox.telegram.updates.events import tell_state

if TYPE_CHECKING:
    from sandbox.telegram.state.invoices import StarTransaction

MOST_TRANSACTIONS = 100


@api_method("editUserStarSubscription")
def edit_user_star_subscription(call: MethodCall) -> bool:
    """The subscription renews no more, or the person may take it up again; paid time stays."""
    user = get_user(call)
    found = call.world.star_subscriptions.get(call["telegram_payment_charge_id"])
    if found is None or found.bot_id != call.bot.id or found.user_id != user.id:
        raise bad_request("CHARGE_ID_INVALID")
    if found.expires_at <= call.now:
        raise bad_request("SUBSCRIPTION_NOT_ACTIVE")
    found.is_canceled_by_bot = call["is_canceled"]
    if call["is_canceled"] and found.state == "active":
        tell_state(call.world, found, "canceled")
    return True


@api_method("getStarTransactions")
def get_star_transactions(call: MethodCall) -> dict[str, Any]:
    """What came in and went back, oldest first; what went back has the id of the charge that it is from."""
    offset, limit = call.get("offset", 0), call.get("limit", MOST_TRANSACTIONS)
    if not 1 <= limit <= MOST_TRANSACTIONS:
        raise bad_request("LIMIT_INVALID")
    if offset < 0:
        raise bad_request("OFFSET_INVALID")
    own = [one for one in call.world.star_transactions if one.payment.bot_id == call.bot.id]
    return {"transactions": [_show(call, one) for one in own[offset : offset + limit]]}


@api_method("getMyStarBalance")
def get_my_star_balance(call: MethodCall) -> dict[str, Any]:
    """What the bot has, refunds taken off."""
    own = [one for one in call.world.star_payments.values() if one.bot_id == call.bot.id and one.refunded_at is None]
    return {"amount": sum(one.payment["total_amount"] for one in own)}


def _show(call: MethodCall, one: StarTransaction) -> dict[str, Any]:
    payment = one.payment
    partner = {
        "type": "user",
        "transaction_type": "invoice_payment",
        "user": _show_user(call, payment.user_id),
        "invoice_payload": payment.payment["invoice_payload"],
    }
    if payment.subscription_period:
        partner["subscription_period"] = payment.subscription_period
    return {
        "id": payment.charge_id,
        "amount": payment.payment["total_amount"],
        "date": one.date,
        "receiver" if one.is_refund else "source": partner,
    }


def _show_user(call: MethodCall, user_id: int) -> dict[str, Any]:
    # The list outlives the account of whoever paid.
    user = call.world.users.get(user_id)
    return {"id": user_id, "is_bot": False, "first_name": ""} if user is None else user.as_json()
