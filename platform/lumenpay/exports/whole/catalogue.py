"""The one place that says what of a tenant is in the whole export, and what is not and why.

A test compares it with the tables: whoever adds a table or a column has to say here whether the owner takes it along.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lumenpay.exports.whole.files import WholeFile
from lumenpay.exports.whole.of_people import OF_PEOPLE
from lumenpay.exports.whole.of_trade import OF_TRADE

FILES: Final[tuple[WholeFile, ...]] = OF_PEOPLE + OF_TRADE

LEFT_OUT: Final[Mapping[str, str]] = {
    "audit_links": "hashes that prove the log, which is in the file, was not changed",
    "bot_inboxes": "which inbox waits for a worker",
    "export_parts": "the files themselves",
    "exports": "files asked for, gone after a day",
    "extension_items": "subscriptions that wait for their days for some minutes; then they stand in them",
    "gift_links": "secrets of links; the gifts are in the file",
    "idempotent_requests": "answers to repeated calls, gone after a day",
    "jobs": "work that waits or was done; what came of it is in the files",
    "payment_notices": "raw notices of the gateway; what they said stands in the payments",
    "person_keys": "a secret, with which numbers of forgotten people are hashed",
    "platform_refunds": "the platform's books of its own bill; Stripe's papers have it",
    "platform_subscriptions": "the platform's books of its own bill; Stripe's papers have it",
    "promo_code_batches": "requests that made codes; the codes are in the file",
    "reconciliation_sightings": "notes of a reconciliation under way; what it found is in the file",
    "swept_members": "notes of a check of a channel under way; the check is in the file",
    "telegram_updates": "raw updates of Telegram, gone after days; what they changed is in the files",
    "tenant_features": "switches that the platform sets",
    "test_drives": "people and payments of the sandbox, that never were",
    "webhook_deliveries": "how telling the tenant's own programs went, gone after a month",
    "webhook_events": "what the tenant's own programs were told already, gone after a month",
}
"""Tables of a tenant that are not in the whole export, and why."""
