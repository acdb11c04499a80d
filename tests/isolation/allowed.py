"""What may stand outside the walls, each with its reason. Whatever is not written here is a fault."""

from __future__ import annotations

TABLES_OF_NOBODY = {
    "alembic_version": "the schema's revision; holds no data",
    "admins": "people may work for several tenants",
    "admin_sessions": "a session belongs to a person, before any tenant is chosen",
    "sign_ups": "people who have no account yet",
    "mail_tokens": "links in letters to people",
    "letters": "letters to people",
    "admin_identities": "a person's accounts at other services",
    "admin_totp": "a person's authenticator",
    "recovery_codes": "a person's recovery codes",
    "login_challenges": "a login between its two steps",
    "oidc_attempts": "a way to another service and back",
    "account_events": "what happened to a person's account",
    "scheduled_ticks": "the clock belongs to no tenant",
    "staff_members": "who runs the platform works for no tenant; only the owner writes it",
    "platform_events": "what was done to the platform as a whole; tenants' events stand in their own logs",
    "invariant_results": "results of checks over all tenants: ids and counts, shown in the console only",
}
OWN_ID_TABLES = {"tenants": "the tenant itself: its wall compares `id`"}

KEYS_ACROSS_TENANTS = {
    ("bots", ("telegram_id",)): "a bot has one owner; whoever collides holds its token",
    ("bots", ("webhook_key_hash",)): "a webhook address leads to one bot; the key is 192 random bits",
    ("bots", ("notice_key_hash",)): "a notification address leads to one shop; the key is 192 random bits",
}
REFERENCES_TO_NOBODY = {
    ("tenant_members", "admins"): "people belong to no tenant",
    ("impersonations", "admins"): "staff belongs to no tenant",
    ("invitations", "admins"): "people belong to no tenant",
}

FUNCTIONS_ACROSS_TENANTS = {
    "find_bot_route": "webhook routing: ids and the hash of the header's secret",
    "find_shop_route": "notification routing: ids",
    "tenants_of_admin": "login: which tenants a person works for",
    "ingest_updates": "stores raw updates of many bots in one statement; returns a count",
    "ingest_notice": "stores a raw notice; returns nothing",
    "claim_inboxes": "fair claim over tenants: ids",
    "claim_jobs": "fair claim over tenants: ids",
    "renew_leases": "renews what a process holds, by tenant, row and lease: ids",
    "due_expiries": "claim by time: ids",
    "due_reminders": "claim by time: ids",
    "due_payment_checks": "claim by time: ids",
    "due_autopays": "claim by time: ids",
    "due_pauses": "claim by time: ids",
    "due_win_backs": "claim by time: ids",
    "due_broadcasts": "claim by time: ids",
    "due_gifts": "claim by time: ids",
    "move_periods": "moves periods of the session's own tenant, which the application cannot change; returns nothing",
    "list_active_bots": "health audit: ids",
    "wake_forgotten_inboxes": "backstop of the inbox; returns a count",
    "purge_handled": "retention; returns a count",
    "list_sealing_keys": "start check: ids of secret keys",
    "list_bots_sealed_otherwise": "rotation of keys: ids",
    "purge_settled": "retention; returns a count",
    "queue_figures": "metrics: counts per queue",
    "is_paid_elsewhere": "for workers of the release before `has_place_elsewhere`; yes or no",
    "has_place_elsewhere": "two bots may look after one chat: whether the other one lets the person stay; yes or no",
    "due_channel_checks": "claim by time: ids",
    "due_reconciliations": "claim by time: ids",
    "due_star_reconciliations": "claim by time: ids",
    "due_sweeps": "claim by time: ids",
    "due_analytics": "claim by time: ids",
    "find_users_like": "search with an index that no wall can use; inside the session's own tenant: ids",
    "find_users_named": "usernames in an index that no wall can use; inside the session's own tenant: ids",
    "forget_imports": "retention; returns a count",
    "find_moved_users": "ends of periods, whose index no wall can use; inside the session's own tenant: ids",
    "take_back_period": "takes back a payment's own time in the session's own tenant; returns a count",
    "due_refund_checks": "claim by time: ids",
    "due_fiscal_receipts": "claim by time: ids",
    "due_refund_sweeps": "claim by time: ids",
    "cut_periods": "shortens periods of the session's own tenant, which the application cannot change; returns a count",
    "purge_exports": "retention; returns a count",
    "due_test_drives": "claim by time: ids",
    "count_test_drives": "the limit of the installation; returns a count",
    "remove_test_drive": "removes the tenant of a test drive, and its wall lets it remove no other; yes or no",
    "list_broken_rows": "checks of the whole platform: ids",
    "due_impersonations": "claim by time: ids",
}
RETURNED_BY_FUNCTIONS = {
    "tenant_id": "uuid",
    "id": "uuid",
    "bot_id": "uuid",
    "is_active": "boolean",
    "role": "text",
    "secret_hash": "bytea",
    "lease_id": "uuid",
    "key_id": "text",
    "queue": "text",
    "waiting": "bigint",
    "oldest_seconds": "double precision",
    "dead": "bigint",
}
"""Columns that a function across tenants may return: ids (of secret keys too), counts, and what routing compares."""

ROWS_THAT_NEVER_CHANGE = (
    "access_logs",
    "autopay_consents",
    "audit_events",
    "audit_links",
    "platform_events",
    "grants",
    "ledger_entries",
    "subscription_periods",
    "subscription_reminders",
)
APP, STAFF, DISPATCH = "lumenpay_app", "lumenpay_staff", "lumenpay_dispatch"
