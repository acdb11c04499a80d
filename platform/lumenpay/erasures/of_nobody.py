"""Tables of a tenant that hold nothing of its subscribers; the others stand in `lumenpay.erasures.catalogue`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OF_NOBODY: Final[Mapping[str, str]] = {
    "api_keys": "keys of the tenant's programs",
    "audit_links": "hashes over the audit",
    "bot_inboxes": "which inbox waits",
    "bot_messages": "texts of the tenant",
    "bots": "the tenant's own",
    "campaigns": "links of the tenant",
    "channels": "the tenant's own",
    "export_parts": "files for the team, gone after a day",
    "exports": "who of the team asked for a list, gone after a day",
    "extension_items": "ids of subscriptions",
    "extensions": "whom the team gave days, by what it had narrowed a list",
    "forgetting_rules": "a rule of the tenant, and how far the look for people is",
    "funnel_days": "counts",
    "gift_links": "hashes of links; the gift is listed",
    "idempotent_requests": "answers to the tenant's programs, gone after a day",
    "impersonations": "what staff looked at",
    "imports": "files of the team; their lines are listed, and their headings go after half a year",
    "invitations": "the team",
    "jobs": "ids of what is to be done; nothing is erased before it is done",
    "leaving_rules": "rules of the tenant",
    "membership_sweeps": "counts",
    "money_days": "sums",
    "people_days": "counts",
    "person_keys": "what ids of forgotten people are hashed with",
    "plan_channels": "the tenant's own",
    "plans": "the tenant's own",
    "platform_refunds": "the tenant's own bill",
    "platform_subscriptions": "the tenant's own bill",
    "promo_code_batches": "terms of the tenant",
    "promo_code_plans": "terms of the tenant",
    "receipt_settings": "the tenant's own",
    "reconciliations": "counts",
    "referral_settings": "rules of the tenant",
    "scheduled_broadcasts": "texts of the tenant; who got them is listed",
    "source_days": "sums",
    "tenant_features": "switches of the tenant",
    "tenant_members": "the team",
    "terms_versions": "texts of the tenant",
    "test_drives": "people of the sandbox",
    "webhook_deliveries": "how telling of an event went; the event is listed",
    "webhook_endpoints": "addresses of the tenant's programs",
    "win_back_series": "rules of the tenant",
    "win_back_steps": "rules of the tenant",
}
"""Tables of a tenant that hold nothing of its subscribers, and why."""
