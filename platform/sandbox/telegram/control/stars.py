"""Paying an invoice in Stars."""

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
from sandbox.telegram.state.invoices import ANSWER_SECONDS, InvoiceLink, PreCheckout, StarPayment

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.telegram.state.users import Bot, User
    from sandbox.telegram.state.world import World


async def pay_invoice(request: web.Request) -> web.Response:
    """Pay the invoice of a message (`message_id`) or of a link (`invoice_link`).

    The bot has ten seconds to agree; then `outcome` is paid, refused or timeout.
    """
    world, body = request.app[WORLD], await read_body(request)
    user = get_person(world, path_id(request))
    bot = get_bot(world, field(body, "bot_id", int))
    key = optional(body, "invoice_link", str) or f"{bot.id}:{user.id}:{field(body, 'message_id', int)}"
    link = world.invoice_links.get(key)
    if link is None or link.bot_id != bot.id:
        raise ControlError(404, "no such invoice of this bot")
    answer = await _ask_bot(world, bot, user, link)
    if answer is None:
        return respond({"outcome": "timeout"})
    is_agreed, error_message = answer
    if not is_agreed:
        return respond({"outcome": "refused", "error_message": error_message})
    return respond({"outcome": "paid", **_settle(world, bot, user, link)})


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
    payment: dict[str, Any] = {
        "currency": link.invoice["currency"],
        "total_amount": link.invoice["total_amount"],
        "invoice_payload": link.payload,
        "telegram_payment_charge_id": f"st_{secrets.token_urlsafe(24)}",
        "provider_payment_charge_id": f"{user.id}_{secrets.randbelow(10**6)}",
    }
    if link.subscription_period:
        payment |= {
            "subscription_expiration_date": world.clock.unix() + link.subscription_period,
            "is_recurring": True,
            "is_first_recurring": True,
        }
    charge_id = payment["telegram_payment_charge_id"]
    world.star_payments[charge_id] = StarPayment(charge_id, bot.id, user.id, payment)
    message, update_id = write_as_user(world, bot, user, content={"successful_payment": payment})
    return {"telegram_payment_charge_id": charge_id, "message_id": message.id, "update_id": update_id}
