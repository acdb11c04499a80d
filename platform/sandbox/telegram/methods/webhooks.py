"""How a bot gets its updates: setWebhook, deleteWebhook, getWebhookInfo and getUpdates."""

from __future__ import annotations

import ipaddress
import re
import time
from typing import Any
from urllib.parse import SplitResult, urlsplit

import orjson

from sandbox.telegram.errors import ApiError, bad_request, too_many_requests
from sandbox.telegram.methods.registry import Described, MethodCall, api_method
from sandbox.telegram.updates.feed import WebhookErrors, WebhookSettings
from sandbox.telegram.updates.kinds import all_kinds

PORTS = frozenset({80, 88, 443, 8443})
SECRET = re.compile(r"[A-Za-z0-9_-]*")
LONGEST_SECRET = 256
DEFAULT_CONNECTIONS, MOST_CONNECTIONS = 40, 100
LONGEST_POLL_SECONDS, MOST_UPDATES = 50, 100
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@api_method("setWebhook")
def set_webhook(call: MethodCall) -> object:
    """Updates go to an address from now on; an empty address is deleteWebhook."""
    wait = call.bot.buckets.take_webhook_change()
    if wait:
        raise too_many_requests(wait)
    url = call.get("url", "")
    if not url:
        return delete_webhook(call)
    _check_address(url)
    feed = call.bot.feed
    settings = WebhookSettings(
        url=url,
        secret_token=_read_secret(call),
        max_connections=min(max(call.get("max_connections", DEFAULT_CONNECTIONS), 1), MOST_CONNECTIONS),
        ip_address=call.get("ip_address"),
        allowed_updates=_read_allowed(call, feed.settings.allowed_updates),
    )
    if call.get("drop_pending_updates"):
        feed.drop_all()
    if settings == feed.settings:
        return Described(result=True, description="Webhook is already set")
    feed.settings, feed.errors = settings, WebhookErrors()
    feed.restart()
    return Described(result=True, description="Webhook was set")


@api_method("deleteWebhook")
def delete_webhook(call: MethodCall) -> Described:
    """No address; updates wait for getUpdates."""
    feed = call.bot.feed
    if call.get("drop_pending_updates"):
        feed.drop_all()
    had_one = bool(feed.settings.url)
    feed.settings = WebhookSettings(allowed_updates=feed.settings.allowed_updates)
    feed.restart()
    return Described(result=True, description="Webhook was deleted" if had_one else "Webhook is already deleted")


@api_method("getWebhookInfo")
def get_webhook_info(call: MethodCall) -> dict[str, Any]:
    """The settings without the secret, and what went wrong last."""
    feed = call.bot.feed
    feed.drop_expired()
    settings, errors = feed.settings, feed.errors
    info: dict[str, Any] = {
        "url": settings.url,
        "has_custom_certificate": False,
        "pending_update_count": len(feed.pending),
    }
    if settings.url:
        info["max_connections"] = settings.max_connections
        info["ip_address"] = settings.ip_address or "127.0.0.1"
    if settings.allowed_updates:
        info["allowed_updates"] = settings.allowed_updates
    if errors.date:
        info |= {"last_error_date": errors.date, "last_error_message": errors.message}
    return info


@api_method("getUpdates")
async def get_updates(call: MethodCall) -> list[orjson.Fragment]:
    """Pending updates; those before `offset` are confirmed and forgotten."""
    feed = call.bot.feed
    if feed.settings.url:
        raise ApiError(409, f"Conflict: {WEBHOOK_ACTIVE}")
    feed.settings.allowed_updates = _read_allowed(call, feed.settings.allowed_updates)
    limit = min(max(call.get("limit", MOST_UPDATES), 1), MOST_UPDATES)
    deadline = time.monotonic() + min(max(call.get("timeout", 0), 0), LONGEST_POLL_SECONDS)
    offset = call.get("offset", 0)
    if offset < 0:
        kept = list(feed.pending)[offset:]
        offset = kept[0] if kept else 0
    for update in [one for one in feed.pending.values() if one.update_id < offset]:
        feed.finish(update)
    while not feed.pending and (left := deadline - time.monotonic()) > 0 and not feed.settings.url:
        await feed.waiters.wait(left)
    feed.drop_expired()
    return [orjson.Fragment(update.body) for update in list(feed.pending.values())[:limit]]


def _read_allowed(call: MethodCall, previous: list[str] | None) -> list[str] | None:
    given = call.get("allowed_updates")
    if given is None:
        return previous
    known = [kind for kind in dict.fromkeys(given) if kind in all_kinds()]
    return known or None


def _read_secret(call: MethodCall) -> str:
    secret: str = call.get("secret_token", "")
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    return secret


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise bad_request("bad webhook: invalid URL specified") from error
    if not parts.hostname or parts.username:
        raise bad_request("bad webhook: invalid URL specified")
    if _is_loopback(parts):
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _is_loopback(parts: SplitResult) -> bool:
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
