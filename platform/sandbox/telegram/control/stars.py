"""Paying an invoice in Stars, the wallet, and the subscriptions that renew by the sandbox's clock."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any

from sandbox.telegram.control.body import (
    WORLD,
    field,
    get_bot,
    get_person,
    optional,
    path_id,
    read_body,
    respond,
)
from sandbox.telegram.control.chatting import write_as_user
from sandbox.telegram.errors import ControlError
from sandbox.telegram.state.invoices import (
    ANSWER_SECONDS,
    InvoiceLink,
    PreCheckout,
    StarPayment,
    StarSubscription,
    StarTransaction,
)
from sandbox.telegram.updates.events import tell_state

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.telegram.state.users import Bot, User
    from sandbox.telegram.state.world import World


async def pay_invoice(request: web.Request) -> web.Response:
    """Pay the invoice of a message (`message_id`) or of a link (`invoice_link`).

    The bot has ten seconds to agree; then `outcome` is paid, refused or timeout. Who has too few Stars is not even
    asked about: `outcome` is short.
    """
    world, body = request.app[WORLD], await read_body(request)
    user = get_person(world, path_id(request))
    bot = get_bot(world, field(body, "bot_id", int))
    key = optional(body, "invoice_link", str) or f"{bot.id}:{user.id}:{field(body, 'message_id', int)}"
    link = world.invoice_links.get(key)
    if link is None or link.bot_id != bot.id:
        raise ControlError(404, "no such invoice of this bot")
    if user.stars < link.invoice["total_amount"]:
        return respond({"outcome": "short"})
    answer = await _ask_bot(world, bot, user, link)
    if answer is None:
        return respond({"outcome": "timeout"})
    is_agreed, error_message = answer
    if not is_agreed:
        return respond({"outcome": "refused", "error_message": error_message})
    return respond({"outcome": "paid", **_settle(world, bot, user, link)})


async def set_wallet(request: web.Request) -> web.Response:
    """The person has so many Stars."""
    world, body = request.app[WORLD], await read_body(request)
    user = get_person(world, path_id(request))
    user.stars = field(body, "stars", int)
    return respond({"stars": user.stars})


async def show_wallet(request: web.Request) -> web.Response:
    """How many Stars the person has, and what renews by itself."""
    world = request.app[WORLD]
    user = get_person(world, path_id(request))
    own = [one for one in world.star_subscriptions.values() if one.user_id == user.id]
    return respond({
        "stars": user.stars,
        "subscriptions": [
            {
                "telegram_payment_charge_id": one.charge_id, "bot_id": one.bot_id, "state": one.state,
                "expires_at": one.expires_at, "invoice_payload": one.link.payload,
            }
            for one in own
        ],
    })  # fmt: skip


async def change_subscription(request: web.Request) -> web.Response:
    """The person ends a subscription in Telegram's settings (`is_canceled`), or takes it up again."""
    world, body = request.app[WORLD], await read_body(request)
    user = get_person(world, path_id(request))
    found = world.star_subscriptions.get(field(body, "telegram_payment_charge_id", str))
    if found is None or found.user_id != user.id:
        raise ControlError(404, "no such subscription of this person")
    is_canceled = field(body, "is_canceled", bool)
    if found.expires_at <= world.clock.unix() or (found.is_canceled_by_bot and not is_canceled):
        raise ControlError(409, "it is over, or the bot ended it")
    tell_state(world, found, "canceled" if is_canceled else "active")
    return respond({"state": found.state})


def renew_due(world: World) -> None:
    """Every subscription whose time is over is charged for the next period, or fails for lack of Stars."""
    for one in list(world.star_subscriptions.values()):
        while one.state == "active" and one.expires_at <= world.clock.unix():
            bot, user = world.bots.get(one.bot_id), world.users.get(one.user_id)
            if bot is None or user is None:
                one.state = "canceled"
            elif user.stars < one.link.invoice["total_amount"]:
                tell_state(world, one, "failed")
            else:
                _charge(world, bot, user, one.link, subscription=one)


async def _ask_bot(world: World, bot: Bot, user: User, link: InvoiceLink) -> tuple[bool, str] | None:
    query = PreCheckout(
        id=str(secrets.randbelow(10**18) + 10**18),
        bot_id=bot.id,
        user_id=user.id,
        date=world.clock.timestamp(),
        future=asyncio.get_running_loop().create_future(),
    )
    world.pre_checkouts[query.id] = query
    asked = {
        "id": query.id,
        "from": user.as_json(),
        "currency": link.invoice["currency"],
        "total_amount": link.invoice["total_amount"],
        "invoice_payload": link.payload,
    }
    bot.feed.push("pre_checkout_query", asked)
    try:
        return await asyncio.wait_for(query.future, ANSWER_SECONDS)
    except TimeoutError:
        world.pre_checkouts.pop(query.id, None)
        return None


def _settle(world: World, bot: Bot, user: User, link: InvoiceLink) -> dict[str, Any]:
    return _charge(world, bot, user, link, subscription=None)


def _charge(
    world: World, bot: Bot, user: User, link: InvoiceLink, *, subscription: StarSubscription | None
) -> dict[str, Any]:
    payment: dict[str, Any] = {
        "currency": link.invoice["currency"],
        "total_amount": link.invoice["total_amount"],
        "invoice_payload": link.payload,
        # As long as the real ones, which are far beyond 64 characters.
        "telegram_payment_charge_id": f"stx{secrets.token_urlsafe(96)}",
        "provider_payment_charge_id": f"{user.id}_{secrets.randbelow(10**6)}",
    }
    charge_id = payment["telegram_payment_charge_id"]
    if link.subscription_period:
        begins_at = world.clock.unix() if subscription is None else subscription.expires_at
        payment |= {"subscription_expiration_date": begins_at + link.subscription_period, "is_recurring": True}
        if subscription is None:
            payment["is_first_recurring"] = True
            subscription = StarSubscription(charge_id, bot.id, user.id, link, 0)
            world.star_subscriptions[charge_id] = subscription
        subscription.expires_at = payment["subscription_expiration_date"]
    user.stars -= payment["total_amount"]
    made = StarPayment(charge_id, bot.id, user.id, payment, world.clock.unix(), link.subscription_period)
    world.star_payments[charge_id] = made
    world.star_transactions.append(StarTransaction(made, made.date))
    message, update_id = write_as_user(world, bot, user, content={"successful_payment": payment})
    return {"telegram_payment_charge_id": charge_id, "message_id": message.id, "update_id": update_id}
