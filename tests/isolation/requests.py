"""A request for each operation that has a body: the least that succeeds when every id is one's own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sandbox.telegram.state.messages import Message
from sandbox.yookassa.store import Entry
from tests.isolation.cast import PASSWORD, Side
from tests.isolation.rows import drive_numbers
from tests.support.portal import Portal

PLAN = {"title": "Year", "price_minor": 100, "period_unit": "year", "period_count": 1}
WIN_BACK_STEP = {"after_days": 3, "discount_kind": "percent", "discount_value": 10, "valid_days": 3}
PATH_VALUES = {
    "key": "welcome", "locale": "ru", "update_id": "7", "provider": "google", "tag": "vip", "feature": "webhooks",
}  # fmt: skip
"""Values of path parameters that are no ids."""


def _new_token(portal: Portal, side: Side) -> dict[str, Any]:
    bot = portal.world.bots[int(side.bot_token.partition(":")[0])]
    portal.world.revoke_token(bot)
    return {"token": bot.token}


def _channel(portal: Portal, side: Side) -> dict[str, Any]:
    chat_id = portal.new_channel(side.bot_token)
    return {"bot_id": side.ids["bot_id"], "chat": str(chat_id)}


def _shop(portal: Portal, _side: Side) -> dict[str, Any]:
    shop = portal.new_shop()
    return {"shop_id": shop.shop_id, "secret_key": shop.secret_key}


def _promo(**values: Any) -> dict[str, Any]:
    return {"code": "AUTUMN", "discount_kind": "percent", "discount_value": 20, **values}


def _driven(portal: Portal, side: Side) -> Any:
    """Have the sandbox know the side's test drive: its person, its bot, a message with a button, a shop."""
    numbers, world = drive_numbers(side), portal.world
    person, owner = (numbers[name] for name in ("telegram_user_id", "telegram_owner_id"))
    if numbers["telegram_bot_id"] not in world.bots:
        for user_id in (person, owner):
            world.add_user(user_id=user_id, first_name=side.mark)
        world.add_bot(name=side.mark, username="b", owner_user_id=owner, bot_id=numbers["telegram_bot_id"])
    return world.private_chat(numbers["telegram_bot_id"], person)


def _write(portal: Portal, side: Side) -> dict[str, Any]:
    _driven(portal, side)
    return {"text": "/start"}


def _press(portal: Portal, side: Side) -> dict[str, Any]:
    chat, markup = _driven(portal, side), {"inline_keyboard": [[{"text": "Buy", "callback_data": "buy"}]]}
    message = Message(
        id=1, seq=1, chat={"id": chat.user_id}, sender=None, from_bot=True, date=0, text="x", reply_markup=markup
    )
    chat.book.add(message)
    return {"message_id": message.id, "data": "buy"}


def _pay(portal: Portal, side: Side) -> dict[str, Any]:
    shop = portal.new_shop()
    portal.gateway.store.shops[shop.shop_id] = shop
    shop.shop_id = str(side.ids["drive_id"].int)
    payment = {"id": str(uuid4()), "status": "pending", "metadata": {}, "test": True, "amount": {"value": "1.00"}}
    entry = Entry(shop, payment, datetime.now(UTC), capture=True)  # noqa: TID251 - the sandbox's own clock
    portal.gateway.store.payments.add(entry)
    return {"payment": payment["id"]}


def _join(portal: Portal, side: Side) -> dict[str, Any]:
    _driven(portal, side)
    return {"link": "https://t.me/+nowhere"}


def _broadcast(side: Side) -> dict[str, Any]:
    return {"title": "News", "text": "Hello, {name}!", "buttons": [_button(side)]}


def _button(side: Side) -> dict[str, Any]:
    return {"row": 0, "text": "Buy", "plan_id": side.ids["plan_id"]}


def _reader(portal: Portal, side: Side) -> dict[str, Any]:
    """Have Telegram know the subscriber of both casts, who has started the side's bot."""
    if 4242 not in portal.world.users:
        portal.world.add_user(user_id=4242, first_name="Reader")
    portal.world.private_chat(int(side.bot_token.partition(":")[0]), 4242).is_started = True
    return {"user_id": side.ids["user_id"]}


def _lapsed(side: Side) -> dict[str, Any]:
    return {"audience": "lapsed", "audience_plan_ids": [side.ids["plan_id"]]}


BODIES: Mapping[str, Callable[[Portal, Side], dict[str, Any]]] = {
    "auth-sign_up": lambda _, __: {"email": f"{uuid4()}@example.com", "password": PASSWORD, "name": "Dora"},
    "auth-log_in": lambda _, side: {"email": side.owner.email, "password": PASSWORD},
    "auth-resend_sign_up": lambda _, __: {"email": f"{uuid4()}@example.com"},
    "auth-verify_email": lambda _, __: {"token": "T" * 43, "password": PASSWORD},
    "auth-finish_log_in": lambda _, __: {"code": "000000"},
    "auth-change_profile": lambda _, __: {"name": "Alice the Second", "locale": "en"},
    "auth-prove": lambda _, __: {"password": PASSWORD},
    "auth-change_password": lambda _, __: {"password": "another long enough passphrase"},
    "auth-forget_password": lambda _, __: {"email": f"{uuid4()}@example.com"},
    "auth-look_at_link": lambda _, __: {"token": "T" * 43, "purpose": "reset_password"},
    "auth-reset_password": lambda _, __: {"token": "T" * 43, "password": PASSWORD},
    "auth-change_email": lambda _, __: {"email": f"{uuid4()}@example.com"},
    "auth-confirm_email": lambda _, __: {"token": "T" * 43},
    "auth-confirm_second_factor": lambda _, __: {"code": "000000"},
    "auth-finish_provider": lambda _, __: {"code": "C" * 32, "state": "S" * 43},
    "invitations-create": lambda _, __: {"email": f"{uuid4()}@example.com", "role": "support"},
    "invitations-look": lambda _, side: {"token": f"{side.tenant_id.hex}.{'T' * 43}"},
    "invitations-accept": lambda _, side: {"token": f"{side.tenant_id.hex}.{'T' * 43}"},
    "invitations-accept_as_new": lambda _, side: {
        "token": f"{side.tenant_id.hex}.{'T' * 43}",
        "password": PASSWORD,
        "name": "Eve",
    },
    "tenants-change_member": lambda _, __: {"role": "analyst"},
    "api_keys-create": lambda _, __: {"name": "Bookkeeping", "scopes": ["payments:read"]},
    "api_keys-rotate": lambda _, __: {"overlap_hours": 1},
    "webhooks-create": lambda _, __: {"url": "https://hooks.example.com/", "event_types": ["payment.succeeded"]},
    "webhooks-change": lambda _, __: {"url": "https://hooks.example.com/", "event_types": ["member.left"]},
    "webhooks-rotate": lambda _, __: {"overlap_hours": 1},
    "tenants-create": lambda _, __: {"name": "Gamma"},
    "tenants-change": lambda _, __: {"name": "Alpha the Second"},
    "billing-check_out": lambda _, __: {"plan_code": "pro"},
    "bots-connect": lambda portal, _: {"token": portal.new_bot().token},
    "bots-rotate_token": _new_token,
    "shops-connect": _shop,
    "channels-add": _channel,
    "channels-change": lambda _, __: {"entry_mode": "single_use_link", "removes_strangers": False},
    "plans-create": lambda _, side: {
        **PLAN,
        "bot_id": side.ids["bot_id"],
        "channel_ids": [side.ids["channel_id"]],
        **_lapsed(side),
    },
    "plans-change": lambda _, side: {**PLAN, "channel_ids": [side.ids["channel_id"]], **_lapsed(side)},
    "promo_codes-create": lambda _, side: _promo(bot_id=side.ids["bot_id"], plan_ids=[side.ids["plan_id"]]),
    "promo_codes-change": lambda _, side: _promo(plan_ids=[side.ids["plan_id"]]),
    "promo_codes-generate": lambda _, side: {
        **_promo(bot_id=side.ids["bot_id"], plan_ids=[side.ids["plan_id"]]),
        "code": "GIFT",
        "count": 2,
        "idempotence_key": str(uuid4()),
    },
    "users-change_note": lambda _, __: {"note": "Writes on Mondays."},
    "erasures-request": lambda _, __: {"ends_access": True},
    "erasures-set_rule": lambda _, __: {"months": 24},
    "tenants-close": lambda _, side: {"name": f"{side.mark} tenant"},
    "users-grant": lambda _, side: {"plan_id": side.ids["plan_id"], "days": 3, "idempotence_key": str(uuid4())},
    "refunds-create": lambda _, __: {"amount_minor": 100, "access": "keep", "idempotence_key": str(uuid4())},
    "fiscal_receipts-change_settings": lambda _, __: {"is_on": True, "vat_code": 7},
    "subscriptions-extend": lambda _, __: {"days": 3, "idempotence_key": str(uuid4())},
    "subscriptions-pause": lambda _, __: {"days": 3},
    "win_backs-change": lambda _, side: {
        "is_on": True,
        "steps": [{**WIN_BACK_STEP, "plan_ids": [side.ids["plan_id"]]}],
    },
    "win_backs-preview": lambda _, side: {
        **WIN_BACK_STEP,
        "plan_ids": [side.ids["plan_id"]],
        "bot_id": side.ids["bot_id"],
        "locale": "en",
    },
    "broadcasts-create": lambda _, side: {
        **_broadcast(side),
        "bot_id": side.ids["bot_id"],
        "idempotence_key": str(uuid4()),
    },
    "broadcasts-create_for_expired": lambda _, side: {
        "bot_id": side.ids["bot_id"],
        "calls": [{"after_days": 1, "promo_code_id": side.ids["promo_code_id"]}],
        "idempotence_key": str(uuid4()),
    },
    "broadcasts-change": lambda _, side: _broadcast(side),
    "broadcasts-preview": lambda _, side: {
        "text": "Hello, {name}!",
        "buttons": [_button(side)],
        "bot_id": side.ids["bot_id"],
        "locale": "en",
    },
    "broadcasts-test": _reader,
    "broadcasts-send": lambda _, __: {},
    "broadcasts-schedule": lambda _, __: {"at": "2190-01-01T10:00:00Z"},
    "campaigns-create": lambda _, side: {
        "name": "VK",
        "source": "vk_ads",
        "bot_id": side.ids["bot_id"],
        "plan_id": side.ids["plan_id"],
        "promo_code_id": side.ids["promo_code_id"],
    },
    "campaigns-change": lambda _, side: {
        "name": "VK",
        "plan_id": side.ids["plan_id"],
        "promo_code_id": side.ids["promo_code_id"],
    },
    "referrals-set_settings": lambda _, __: {"is_on": True, "reward_kind": "days", "reward_value": 7},
    "subscriptions-change_plan": lambda _, side: {
        "plan_id": side.ids["plan_id"],
        "time": "same_end",
        "idempotence_key": str(uuid4()),
    },
    "plans-set_leaving_rules": lambda _, side: {
        "pause_days": 14,
        "pauses_a_year": 2,
        "offer_kind": "promo_code",
        "promo_code_id": side.ids["promo_code_id"],
    },
    "extensions-request": lambda _, __: {"days": 3, "idempotence_key": str(uuid4())},
    "imports-read_columns": lambda _, __: {"content": b64encode(b"telegram_id\n4242\n").decode()},
    "imports-check": lambda _, side: {
        "content": b64encode(b"telegram_id\n4242\n").decode(),
        "plan_id": side.ids["plan_id"],
        "grace_days": 7,
        "idempotence_key": str(uuid4()),
    },
    "exports-request": lambda _, __: {"kind": "payments", "format": "csv", "columns": ["id"]},
    "exports-request_whole": lambda _, __: {"format": "csv"},
    "reconciliations-start": lambda _, side: {"bot_id": side.ids["bot_id"], "days": 7},
    "membership_sweeps-start": lambda _, side: {"channel_id": side.ids["channel_id"]},
    "membership_sweeps-confirm": lambda _, __: {"people": 1},
    "membership_sweeps-keep": lambda _, __: {"people": 1},
    "jobs-replay_all": lambda _, __: {"kind": "bots.check_health"},
    "users-change": lambda _, __: {"is_whitelisted": True},
    "test_drives-start": lambda _, side: {"bot_id": side.ids["bot_id"]},
    "test_drives-write": _write,
    "test_drives-press": _press,
    "test_drives-pay": _pay,
    "test_drives-join": _join,
    "messages-preview": lambda _, __: {"key": "welcome", "locale": "ru", "text": "Hello, {name}!"},
    "messages-change": lambda _, __: {"text": "Hello!"},
}
