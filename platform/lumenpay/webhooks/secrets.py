"""Secrets of endpoints: made, sealed in the row, opened to sign, moved to the newest key of the ring."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from uuid import UUID

from standardwebhooks import Webhook

from lumenpay.db.session import TenantSession
from lumenpay.kit.crypto import KeyRing, Place, SealBrokenError, Secret
from lumenpay.models.webhooks import WebhookEndpoint
from lumenpay.webhooks.repository import find_endpoint

_BYTES = 32


def give_secret(ring: KeyRing, endpoint: WebhookEndpoint) -> Secret:
    """Return a fresh secret of an endpoint, sealed in its row."""
    secret = Secret("whsec_" + base64.b64encode(secrets.token_bytes(_BYTES)).decode())
    sealed = ring.seal(secret, _place(endpoint))
    endpoint.secret_sealed, endpoint.secret_key_id = sealed.ciphertext, sealed.key_id
    return secret


def rotate_secret(ring: KeyRing, endpoint: WebhookEndpoint, *, until_at: datetime) -> Secret:
    """Return a fresh secret of an endpoint; the one before signs too until a moment."""
    endpoint.previous_sealed, endpoint.previous_key_id = endpoint.secret_sealed, endpoint.secret_key_id
    endpoint.previous_until_at = until_at
    return give_secret(ring, endpoint)


def open_secrets(ring: KeyRing, endpoint: WebhookEndpoint, *, now: datetime) -> list[Secret]:
    """Return the secrets that sign now, newest first.

    Raises:
        SealBrokenError: One does not open.
    """
    found = [ring.unseal(endpoint.secret_sealed, _place(endpoint))]
    if endpoint.previous_sealed and endpoint.previous_until_at and endpoint.previous_until_at > now:
        found.append(ring.unseal(endpoint.previous_sealed, _place(endpoint)))
    return found


def name_message(event_id: UUID) -> str:
    """Return the `webhook-id` of an event, the same on every try: by it a program knows what it has seen already."""
    return f"evt_{event_id.hex}"


def name_call(event_id: UUID, *, now: datetime) -> dict[str, str]:
    """Return the headers that say of which event and of which moment a call is; both are signed with the body."""
    return {"webhook-id": name_message(event_id), "webhook-timestamp": str(int(now.timestamp()))}


def sign(signing: list[Secret], *, event_id: UUID, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers with which whoever has one of the secrets knows that the body is ours, and of now."""
    signatures = [Webhook(one.reveal()).sign(name_message(event_id), now, body.decode()) for one in signing]
    return {**name_call(event_id, now=now), "webhook-signature": " ".join(signatures)}


async def reseal_endpoint(session: TenantSession, endpoint_id: UUID, *, ring: KeyRing) -> bool:
    """Leave an endpoint's secrets sealed with the newest key; tell whether anything had to change. Safe to repeat.

    Raises:
        SealBrokenError: A secret does not open; the row must stay as it is.
    """
    endpoint = await find_endpoint(session, endpoint_id, is_locked=True)
    if endpoint is None:
        return False
    is_changed = False
    if endpoint.secret_key_id != ring.key_ids[0]:
        sealed = ring.seal(ring.unseal(endpoint.secret_sealed, _place(endpoint)), _place(endpoint))
        endpoint.secret_sealed, endpoint.secret_key_id, is_changed = sealed.ciphertext, sealed.key_id, True
    if endpoint.previous_sealed is not None and endpoint.previous_key_id != ring.key_ids[0]:
        sealed = ring.seal(ring.unseal(endpoint.previous_sealed, _place(endpoint)), _place(endpoint))
        endpoint.previous_sealed, endpoint.previous_key_id, is_changed = sealed.ciphertext, sealed.key_id, True
    return is_changed


async def find_fault(session: TenantSession, endpoint_id: UUID, *, ring: KeyRing) -> str:
    """Return what is wrong with an endpoint's secrets, each opened with the key that it names (empty: nothing)."""
    endpoint = await find_endpoint(session, endpoint_id)
    if endpoint is None:
        return ""
    seals = [(endpoint.secret_sealed, endpoint.secret_key_id)]
    if endpoint.previous_sealed is not None and endpoint.previous_key_id is not None:
        seals.append((endpoint.previous_sealed, endpoint.previous_key_id))
    for ciphertext, key_id in seals:
        try:
            ring.unseal(ciphertext, _place(endpoint), key_id=key_id)
        except SealBrokenError as error:
            return str(error)
    return ""


def _place(endpoint: WebhookEndpoint) -> Place:
    # The same for both columns: a rotation moves one secret behind the other.
    return Place(endpoint.tenant_id, "webhook_endpoints.secret", endpoint.id)
