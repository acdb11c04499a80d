"""Who asks: keys and what they may do, the version of the API, and how many requests a second are too many."""

import binascii
import hmac
from base64 import b64decode

from aiohttp import web

from sandbox.stripe.errors import ApiError, invalid, not_played
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.parameters import api_version
from sandbox.stripe.store import Account

_LEVELS = {"none": 0, "read": 1, "write": 2}


def claimed_key(request: web.Request) -> str:
    """Return the key that the request carries, unchecked; empty when there is none."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def account_of_key(gateway: Gateway, key: str) -> Account | None:
    """Return the account that has the key, secret or restricted."""
    for account in gateway.store.accounts.values():
        known = [account.secret_key, *account.restricted_keys, *account.expired_keys]
        if any(hmac.compare_digest(one.encode(), key.encode()) for one in known):
            return account
    return None


def authenticate(gateway: Gateway, request: web.Request, *, resource: str, needs: str) -> Account:
    """Return the account whose key the request carries.

    Args:
        needs: `read` or `write`, of the resource.

    Raises:
        ApiError: The key is missing, wrong or expired (401), or restricted to other things (403).
    """
    key = claimed_key(request)
    if not key:
        raise _unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer "
            "auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    account = account_of_key(gateway, key)
    if account is None:
        raise _unauthorized(f"Invalid API Key provided: {_masked(key)}")
    if key in account.expired_keys:
        raise _unauthorized(f"Expired API Key provided: {_masked(key)}", code="api_key_expired")
    if key in account.restricted_keys:
        granted = account.restricted_keys[key].get(resource, "none")
        if _LEVELS[granted] < _LEVELS[needs]:
            raise ApiError(
                f"The provided key '{_masked(key)}' does not have the required permissions for this endpoint on account "
                f"'{account.account_id}'. Having the 'rak_{resource}_{needs}' permission would allow this request to "
                "continue.", status=403, is_kept=False,
            )  # fmt: skip
    return account


def check_version(request: web.Request) -> None:
    """Refuse another version of the API than the one that is played.

    Raises:
        ApiError: The header names one.
    """
    asked = request.headers.get("Stripe-Version", api_version())
    if asked != api_version():
        raise invalid(f"Invalid Stripe API version: {asked}. This sandbox plays {api_version()} only.", is_kept=False)
    if "Stripe-Account" in request.headers:
        raise not_played("connected accounts")


def check_rate(gateway: Gateway, account: Account) -> None:
    """Count the request.

    Raises:
        ApiError: The account has made too many within the last second.
    """
    now = gateway.clock.timestamp()
    account.window = [moment for moment in account.window if now - moment < 1]
    if len(account.window) >= account.requests_per_second:
        raise rate_limited()
    account.window.append(now)


def rate_limited() -> ApiError:
    """Build the 429."""
    return ApiError(
        "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
        status=429, code="rate_limit", is_kept=False,
    )  # fmt: skip


def _masked(key: str) -> str:
    return key[:8] + "*" * max(len(key) - 12, 4) + key[-4:]


def _unauthorized(message: str, code: str | None = None) -> ApiError:
    return ApiError(message, status=401, code=code, is_kept=False)
