"""Who may do what inside a tenant: one row an operation. What is not here is allowed to nobody.

`permissions-list` publishes this table; there is no second one.
"""

from __future__ import annotations

from typing import Final

from fastapi.routing import APIRoute

from lumenpay.models.features import Feature
from lumenpay.models.tenants import Role

_OWNER = frozenset({Role.OWNER})
_MANAGERS = frozenset({Role.OWNER, Role.MANAGER})
_HELPERS = frozenset({Role.OWNER, Role.MANAGER, Role.SUPPORT})
_EVERYBODY = frozenset(Role)

ALLOWED: Final[dict[str, frozenset[Role]]] = {
    "tenants-get": _EVERYBODY,
    "tenants-change": _OWNER,
    "tenants-close": _OWNER,
    "tenants-keep": _OWNER,
    "tenants-list_members": _EVERYBODY,
    "api_keys-list": _OWNER,
    "api_keys-create": _OWNER,
    "api_keys-rotate": _OWNER,
    "api_keys-revoke": _OWNER,
    "webhooks-list": _MANAGERS,
    "webhooks-create": _OWNER,
    "webhooks-change": _OWNER,
    "webhooks-delete": _OWNER,
    "webhooks-rotate": _OWNER,
    "webhooks-test": _MANAGERS,
    "webhooks-list_deliveries": _MANAGERS,
    "webhooks-get_delivery": _MANAGERS,
    "webhooks-replay": _MANAGERS,
    "webhooks-replay_dead": _MANAGERS,
    "billing-get": _MANAGERS,
    "billing-list_invoices": _MANAGERS,
    "billing-check_out": _OWNER,
    "billing-pay": _OWNER,
    "billing-open_portal": _OWNER,
    "audit_events-list": _MANAGERS,
    "impersonations-list": _EVERYBODY,
    "bots-list": _EVERYBODY,
    "bots-connect": _OWNER,
    "bots-get": _EVERYBODY,
    "bots-get_pace": _EVERYBODY,
    "bots-rotate_token": _OWNER,
    "bots-rotate_webhook": _OWNER,
    "bots-check_health": _MANAGERS,
    "bots-pause": _MANAGERS,
    "bots-resume": _MANAGERS,
    "bots-delete": _OWNER,
    "shops-get": _MANAGERS,
    "shops-connect": _OWNER,
    "shops-check": _MANAGERS,
    "shops-disconnect": _OWNER,
    "updates-list_quarantined": _MANAGERS,
    "updates-replay": _MANAGERS,
    "channels-list": _EVERYBODY,
    "channels-add": _MANAGERS,
    "channels-get": _EVERYBODY,
    "channels-change": _MANAGERS,
    "channels-check_rights": _MANAGERS,
    "plans-list": _EVERYBODY,
    "plans-create": _MANAGERS,
    "plans-get": _EVERYBODY,
    "plans-change": _MANAGERS,
    "plans-archive": _MANAGERS,
    "plans-get_leaving_rules": _EVERYBODY,
    "plans-set_leaving_rules": _MANAGERS,
    "plans-count_leavings": _EVERYBODY,
    "win_backs-get": _EVERYBODY,
    "win_backs-change": _MANAGERS,
    "win_backs-preview": _MANAGERS,
    "win_backs-count": _EVERYBODY,
    "promo_codes-list": _EVERYBODY,
    "promo_codes-create": _MANAGERS,
    "promo_codes-get": _EVERYBODY,
    "promo_codes-change": _MANAGERS,
    "promo_codes-list_uses": _EVERYBODY,
    "promo_codes-generate": _MANAGERS,
    "promo_codes-get_csv": _MANAGERS,
    "promo_codes-get_qr": _EVERYBODY,
    "campaigns-list": _EVERYBODY,
    "campaigns-create": _MANAGERS,
    "campaigns-list_names": _EVERYBODY,
    "campaigns-get": _EVERYBODY,
    "campaigns-change": _MANAGERS,
    "campaigns-archive": _MANAGERS,
    "campaigns-restore": _MANAGERS,
    "campaigns-get_qr": _EVERYBODY,
    "referrals-get_settings": _EVERYBODY,
    "referrals-set_settings": _MANAGERS,
    "referrals-count": _EVERYBODY,
    "referrals-list": _EVERYBODY,
    "users-list": _EVERYBODY,
    "users-get": _EVERYBODY,
    "users-change": _HELPERS,
    "users-list_tags": _EVERYBODY,
    "users-list_sources": _EVERYBODY,
    "users-list_timeline": _EVERYBODY,
    "users-change_note": _HELPERS,
    "users-add_tag": _HELPERS,
    "users-remove_tag": _HELPERS,
    "users-resend_links": _HELPERS,
    "users-grant": _MANAGERS,
    "erasures-list": _EVERYBODY,
    "erasures-request": _MANAGERS,
    "erasures-tell": _OWNER,
    "erasures-get_rule": _EVERYBODY,
    "erasures-set_rule": _OWNER,
    "erasures-count_gone": _OWNER,
    "subscriptions-list": _EVERYBODY,
    "subscriptions-get": _EVERYBODY,
    "subscriptions-extend": _MANAGERS,
    "subscriptions-revoke": _MANAGERS,
    "subscriptions-pause": _HELPERS,
    "subscriptions-resume": _HELPERS,
    "subscriptions-turn_off_autopay": _HELPERS,
    "subscriptions-list_changes": _EVERYBODY,
    "subscriptions-change_plan": _MANAGERS,
    "extensions-list": _EVERYBODY,
    "extensions-get": _EVERYBODY,
    "extensions-count": _MANAGERS,
    "extensions-request": _MANAGERS,
    "extensions-stop": _MANAGERS,
    "imports-list": _EVERYBODY,
    "imports-read_columns": _MANAGERS,
    "imports-check": _MANAGERS,
    "imports-get": _EVERYBODY,
    "imports-list_rows": _MANAGERS,
    "imports-get_report": _MANAGERS,
    "imports-start": _MANAGERS,
    "imports-stop": _MANAGERS,
    "payments-list": _EVERYBODY,
    "payments-get": _EVERYBODY,
    "payments-sum": _EVERYBODY,
    "payments-list_undelivered": _EVERYBODY,
    "payments-list_timeline": _EVERYBODY,
    "payments-check": _HELPERS,
    "broadcasts-list": _EVERYBODY,
    "broadcasts-create": _MANAGERS,
    "broadcasts-create_for_expired": _MANAGERS,
    "broadcasts-count": _EVERYBODY,
    "broadcasts-preview": _MANAGERS,
    "broadcasts-get": _EVERYBODY,
    "broadcasts-change": _MANAGERS,
    "broadcasts-discard": _MANAGERS,
    "broadcasts-test": _MANAGERS,
    "broadcasts-upload": _MANAGERS,
    "broadcasts-send": _MANAGERS,
    "broadcasts-schedule": _MANAGERS,
    "broadcasts-unschedule": _MANAGERS,
    "broadcasts-pause": _MANAGERS,
    "broadcasts-resume": _MANAGERS,
    "broadcasts-stop": _MANAGERS,
    "broadcasts-retry_failed": _MANAGERS,
    "broadcasts-resend_uncertain": _MANAGERS,
    "broadcasts-resend_to": _MANAGERS,
    "broadcasts-list_recipients": _EVERYBODY,
    "gifts-list": _EVERYBODY,
    "gifts-get": _EVERYBODY,
    "gifts-send": _HELPERS,
    "gifts-revoke": _MANAGERS,
    "refunds-list": _EVERYBODY,
    "refunds-create": _MANAGERS,
    "fiscal_receipts-get_settings": _EVERYBODY,
    "fiscal_receipts-change_settings": _MANAGERS,
    "fiscal_receipts-list": _EVERYBODY,
    "fiscal_receipts-retry": _HELPERS,
    "payments-list_notices": _MANAGERS,
    "payments-check_notice": _MANAGERS,
    "reconciliations-list": _EVERYBODY,
    "reconciliations-start": _MANAGERS,
    "reconciliations-get": _EVERYBODY,
    "reconciliations-list_findings": _EVERYBODY,
    "reconciliations-dismiss": _MANAGERS,
    "membership_sweeps-list": _EVERYBODY,
    "membership_sweeps-start": _MANAGERS,
    "membership_sweeps-get": _EVERYBODY,
    "membership_sweeps-list_people": _EVERYBODY,
    "membership_sweeps-confirm": _MANAGERS,
    "membership_sweeps-keep": _MANAGERS,
    "access_logs-list": _EVERYBODY,
    "jobs-list_dead": _MANAGERS,
    "jobs-count_dead": _MANAGERS,
    "jobs-replay": _MANAGERS,
    "jobs-replay_all": _MANAGERS,
    "test_drives-list": _MANAGERS,
    "test_drives-start": _MANAGERS,
    "test_drives-get": _MANAGERS,
    "test_drives-write": _MANAGERS,
    "test_drives-press": _MANAGERS,
    "test_drives-pay": _MANAGERS,
    "test_drives-join": _MANAGERS,
    "test_drives-stop": _MANAGERS,
    "messages-list": _EVERYBODY,
    "messages-preview": _MANAGERS,
    "messages-change": _MANAGERS,
    "messages-reset": _MANAGERS,
    "invitations-list": _MANAGERS,
    "invitations-create": _OWNER,
    "invitations-resend": _OWNER,
    "invitations-revoke": _OWNER,
    "tenants-change_member": _OWNER,
    "tenants-remove_member": _OWNER,
    "tenants-leave": _EVERYBODY,
    "analytics-get_dashboard": _EVERYBODY,
    "analytics-get_mrr": _EVERYBODY,
    "analytics-get_churn": _EVERYBODY,
    "analytics-get_ltv": _EVERYBODY,
    "analytics-get_cohorts": _EVERYBODY,
    "analytics-get_funnel": _EVERYBODY,
    "analytics-get_sources": _EVERYBODY,
    "analytics-export": _EVERYBODY,
    "events-stream": _EVERYBODY,
    "onboarding-get": _EVERYBODY,
    "onboarding-check": _MANAGERS,
    "search-find": _EVERYBODY,
    "exports-list": _MANAGERS,
    "exports-list_columns": _MANAGERS,
    "exports-request": _MANAGERS,
    "exports-request_whole": _OWNER,
    "exports-get_whole": _OWNER,
    "exports-get": _MANAGERS,
    "exports-cancel": _MANAGERS,
    "exports-get_file": _MANAGERS,
}

NEEDS_PROOF: Final[frozenset[str]] = frozenset(
    {
        "bots-rotate_token", "bots-rotate_webhook", "bots-delete", "shops-connect", "shops-disconnect",
        "refunds-create", "invitations-create", "tenants-change_member", "tenants-remove_member",
        "erasures-request", "erasures-tell", "erasures-set_rule", "exports-request_whole", "tenants-close",
        "api_keys-create", "api_keys-rotate", "webhooks-create", "webhooks-change", "webhooks-rotate",
    }
)  # fmt: skip
"""What asks for a proof of who it is that is not older than ten minutes: keys, what cannot be undone, other people,
money that goes back, and all of what is known of a person, or of everybody."""
NOT_FOR_STAFF: Final[frozenset[str]] = frozenset({"exports-get_whole"})
"""What a member of staff who looks at a tenant does not see, though it is reading: all of it to take along."""


PART_OF_LEAVING: Final[frozenset[str]] = frozenset(
    {"tenants-close", "tenants-keep", "exports-request", "exports-request_whole", "exports-cancel", "erasures-tell"}
)
"""What a tenant that leaves can still do: change its mind, and take its lists along."""

FEATURES: Final[dict[str, Feature]] = {"webhooks": Feature.WEBHOOKS}
"""Nouns whose operations are there only while the platform lets the tenant have the feature. What is a part of an
operation only asks by itself, where it is carried out."""

SHOWS_SECRETS: Final[frozenset[str]] = frozenset(
    {"api_keys-create", "api_keys-rotate", "webhooks-create", "webhooks-rotate"}
)
"""What answers with a secret that is shown once: such an answer is kept nowhere."""

_PEOPLE_ONLY_NOUNS: Final = frozenset({"api_keys", "billing", "events", "impersonations", "invitations", "test_drives"})
_PEOPLE_ONLY: Final = (NEEDS_PROOF - {"refunds-create"}) | {
    "tenants-change", "tenants-keep", "tenants-leave", "onboarding-get", "onboarding-check",
    "broadcasts-upload", "exports-get_whole",
}  # fmt: skip
"""What no API key includes: keys and people, the platform's bill, and what is about the person who asks. Money may go
back by a key: whoever made it proved who they are, and gave it that scope."""
_READING_VERBS: Final = frozenset({"count", "export", "find", "get", "list", "stream", "sum"})


def scope_of(operation: str) -> str | None:
    """Return the scope that a key needs for an operation, as in `payments:read`; nothing where no key is let in."""
    noun, _, verb = operation.partition("-")
    if noun in _PEOPLE_ONLY_NOUNS or operation in _PEOPLE_ONLY or operation not in ALLOWED:
        return None
    return f"{noun}:{'read' if verb.partition('_')[0] in _READING_VERBS else 'write'}"


SCOPES: Final[frozenset[str]] = frozenset(filter(None, map(scope_of, ALLOWED)))
"""Everything that a key can be given."""


def feature_of(operation: str) -> Feature | None:
    """Return the feature that an operation belongs to; nothing where it is always there."""
    return FEATURES.get(operation.partition("-")[0])


def name_operation(route: APIRoute) -> str:
    """Return an operation's id, `noun-verb`: the key of this table, and the generated client's function."""
    return f"{route.tags[0]}-{route.name.rstrip('_')}" if route.tags else route.name


def is_allowed(operation: str, role: Role) -> bool:
    """Tell whether a role includes an operation."""
    return role in ALLOWED.get(operation, frozenset())
