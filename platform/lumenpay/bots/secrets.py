"""Seals and opens the secrets of a bot's row; a ciphertext moved to another row or column does not open."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from lumenpay.bots.errors import BotNotActiveError, ShopNotConnectedError
from lumenpay.kit.crypto import KeyRing, Place, SealBrokenError, Secret, hash_token, new_url_key
from lumenpay.models.bots import Bot
from lumenpay.models.ids import is_drive_tenant
from lumenpay.telegram.sandboxed import SandboxToken

SLOTS = ("token", "webhook", "shop")
"""Each has a column for the ciphertext and one for the id of its key."""
_LOOKED_UP = {"webhook": ("webhook_key_hash", "key"), "shop": ("notice_key_hash", "notice_key")}
"""What is also found by a hash of the same key: the column of the hash, and what of the secret is hashed."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed secret of a row: which one, under which key, and what is wrong with it (empty: nothing)."""

    slot: str
    key_id: str
    fault: str


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """The unguessable path and the header secret of a bot's webhook."""

    key: Secret
    secret: Secret


@dataclass(frozen=True, slots=True)
class ShopSecrets:
    """What a call to the gateway needs, and the unguessable path of the shop's notifications.

    A shop `is_in_sandbox` if it belongs to a test drive: the client takes it there and nowhere else.
    """

    shop_id: str
    secret_key: Secret = field(repr=False)
    notice_key: Secret = field(repr=False)
    is_in_sandbox: bool = False


def seal_token(ring: KeyRing, bot: Bot, token: Secret) -> None:
    """Store the token in the row."""
    sealed = ring.seal(token, _place(bot, "bots.token"))
    bot.token_sealed, bot.token_key_id, bot.token_hint = sealed.ciphertext, sealed.key_id, token.hint()


def open_token(ring: KeyRing, bot: Bot) -> Secret:
    """Return the token.

    Raises:
        BotNotActiveError: The secrets were destroyed.
        SealBrokenError: The ciphertext does not open here.
    """
    if bot.token_sealed is None:
        raise BotNotActiveError
    token = ring.unseal(bot.token_sealed, _place(bot, "bots.token"))
    # The seal is bound to the tenant, and the tenant's id says whether it is a test drive: nothing can be mixed up.
    return SandboxToken(token.reveal()) if is_drive_tenant(bot.tenant_id) else token


def renew_webhook(ring: KeyRing, bot: Bot) -> None:
    """Give the bot a fresh webhook path and header secret."""
    key, secret = new_url_key(), secrets.token_urlsafe(32)
    sealed = ring.seal(Secret(json.dumps({"key": key, "secret": secret})), _place(bot, "bots.webhook"))
    bot.webhook_sealed, bot.webhook_key_id = sealed.ciphertext, sealed.key_id
    bot.webhook_key_hash, bot.webhook_secret_hash = ring.lookup_hash(key), hash_token(secret)


def open_webhook(ring: KeyRing, bot: Bot) -> WebhookSecrets:
    """Return the webhook's path and secret."""
    if bot.webhook_sealed is None:
        raise BotNotActiveError
    values = json.loads(ring.unseal(bot.webhook_sealed, _place(bot, "bots.webhook")).reveal())
    return WebhookSecrets(Secret(values["key"]), Secret(values["secret"]))


def seal_shop(ring: KeyRing, bot: Bot, *, shop_id: str, secret_key: Secret) -> None:
    """Store a shop's keys beside those of the shops before it.

    The path of its notifications stays as it was, since the owner pasted it somewhere.
    """
    former = _retire_keys(ring, bot)
    former.pop(shop_id, None)
    notice_key = _read_shop(ring, bot).get("notice_key") or new_url_key()
    _write_shop(ring, bot, {"secret_key": secret_key.reveal(), "notice_key": notice_key, "former": former})
    bot.shop_id, bot.shop_key_hint = shop_id, secret_key.hint()


def retire_shop(ring: KeyRing, bot: Bot) -> None:
    """Leave the row without a shop to sell through, but with its keys among the former ones."""
    keys = _read_shop(ring, bot)
    if keys:
        _write_shop(ring, bot, {"notice_key": keys["notice_key"], "former": _retire_keys(ring, bot)})
    bot.shop_id, bot.shop_key_hint = None, ""


def keep_former_shops(ring: KeyRing, bot: Bot, shop_ids: Collection[str]) -> bool:
    """Destroy the keys of former shops except of these; tell whether any are kept.

    Where the bot has no shop either, nothing is left that opens or routes anything.
    """
    keys = _read_shop(ring, bot)
    former = keys.get("former", {})
    kept = {shop_id: key for shop_id, key in former.items() if shop_id in shop_ids}
    if bot.shop_id is None and not kept:
        bot.shop_sealed = bot.shop_key_id = bot.notice_key_hash = None
    elif kept != former:
        _write_shop(ring, bot, keys | {"former": kept})
    return bool(kept)


def open_shop(ring: KeyRing, bot: Bot) -> ShopSecrets:
    """Return the keys of the shop that the bot sells through.

    Raises:
        ShopNotConnectedError: There is none.
        SealBrokenError: The ciphertext does not open here.
    """
    if bot.shop_sealed is None or bot.shop_id is None:
        raise ShopNotConnectedError
    return open_shop_by_id(ring, bot, bot.shop_id)


def open_shop_by_id(ring: KeyRing, bot: Bot, shop_id: str) -> ShopSecrets:
    """Return the keys of the bot's shop with this id, or of one that it sold through before.

    Raises:
        ShopNotConnectedError: There are none, or none any more.
        SealBrokenError: The ciphertext does not open here.
    """
    keys = _read_shop(ring, bot)
    secret_key = keys.get("secret_key") if shop_id == bot.shop_id else keys.get("former", {}).get(shop_id)
    if secret_key is None:
        raise ShopNotConnectedError
    return ShopSecrets(
        shop_id, Secret(secret_key), Secret(keys["notice_key"]), is_in_sandbox=is_drive_tenant(bot.tenant_id)
    )


def release_bot(bot: Bot) -> None:
    """Let the bot be connected anew elsewhere, and route nothing to this row any more."""
    bot.webhook_sealed = bot.webhook_key_id = bot.webhook_key_hash = bot.webhook_secret_hash = None
    bot.former_telegram_id, bot.telegram_id = bot.telegram_id or bot.former_telegram_id, None


def reseal(ring: KeyRing, bot: Bot) -> bool:
    """Leave every secret of the row sealed, and found, by the newest key; tell whether anything had to change.

    Raises:
        SealBrokenError: A secret does not open; the row may be changed in part and must not be stored.
    """
    newest, is_changed = ring.key_ids[0], False
    for slot in SLOTS:
        ciphertext, place = getattr(bot, f"{slot}_sealed"), _place(bot, f"bots.{slot}")
        if ciphertext is None or getattr(bot, f"{slot}_key_id") == newest:
            continue
        secret = ring.unseal(ciphertext, place)
        sealed = ring.seal(secret, place)
        setattr(bot, f"{slot}_sealed", sealed.ciphertext)
        setattr(bot, f"{slot}_key_id", sealed.key_id)
        if slot in _LOOKED_UP:
            hash_column, name = _LOOKED_UP[slot]
            setattr(bot, hash_column, ring.lookup_hash(json.loads(secret.reveal())[name]))
        is_changed = True
    return is_changed


def inspect_seals(ring: KeyRing, bot: Bot) -> list[Seal]:
    """Return what seals the row has, each tried with the key that it names and with no other."""
    return [
        Seal(slot, key_id, _find_fault(ring, bot, slot, key_id))
        for slot in SLOTS
        if getattr(bot, f"{slot}_sealed") is not None
        for key_id in [str(getattr(bot, f"{slot}_key_id"))]
    ]


def _find_fault(ring: KeyRing, bot: Bot, slot: str, key_id: str) -> str:
    if key_id not in ring.key_ids:
        return "its key is not in the ring"
    try:
        secret = ring.unseal(getattr(bot, f"{slot}_sealed"), _place(bot, f"bots.{slot}"), key_id=key_id)
    except SealBrokenError as error:
        return str(error)
    if slot in _LOOKED_UP:
        hash_column, name = _LOOKED_UP[slot]
        hashes = ring.lookup_hashes(json.loads(secret.reveal())[name])
        if getattr(bot, hash_column) != hashes[ring.key_ids.index(key_id)]:
            return f"{hash_column} was made with another key"
    return ""


def destroy_secrets(bot: Bot) -> None:
    """Leave nothing in the row that opens or routes anything."""
    bot.token_sealed = bot.webhook_sealed = bot.shop_sealed = None
    bot.token_key_id = bot.webhook_key_id = bot.shop_key_id = None
    bot.webhook_key_hash = bot.webhook_secret_hash = bot.notice_key_hash = None
    bot.token_hint = bot.shop_key_hint = ""
    bot.former_telegram_id, bot.telegram_id = bot.telegram_id or bot.former_telegram_id, None


def _place(bot: Bot, column: str) -> Place:
    return Place(bot.tenant_id, column, bot.id)


def _retire_keys(ring: KeyRing, bot: Bot) -> dict[str, str]:
    keys = _read_shop(ring, bot)
    current = {bot.shop_id: keys["secret_key"]} if bot.shop_id is not None and "secret_key" in keys else {}
    return {**keys.get("former", {}), **current}


def _read_shop(ring: KeyRing, bot: Bot) -> dict[str, Any]:
    if bot.shop_sealed is None:
        return {}
    return dict(json.loads(ring.unseal(bot.shop_sealed, _place(bot, "bots.shop")).reveal()))


def _write_shop(ring: KeyRing, bot: Bot, keys: dict[str, Any]) -> None:
    sealed = ring.seal(Secret(json.dumps(keys)), _place(bot, "bots.shop"))
    bot.shop_sealed, bot.shop_key_id = sealed.ciphertext, sealed.key_id
    # With the key of the seal, always: a rotation leaves alone what the newest key has sealed.
    bot.notice_key_hash = ring.lookup_hash(keys["notice_key"])
