"""The lists of a big tenant as the portal and the console ask for them; `python -m tests.bench.lists`: only these."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from rich.console import Console

from tests.bench.big_tenant_rows import PEOPLE, SUBSCRIPTIONS

_SIZE = 50
_DEEP = f"page={10_000 // _SIZE}"
_COSTLY = f"page={2_000 // _SIZE}"
_PAYMENTS = SUBSCRIPTIONS + PEOPLE // 12
_LAST_BUYER = f"name_{PEOPLE - 1 if (PEOPLE - 1) % 3 else PEOPLE - 2}"
_USERS = {
    "plan": "plan_id={t}", "plan and status": "plan_id={t}&subscription_status=active", "channel": "channel_id={t}",
    "active": "state=active", "expired": "state=expired", "never": "state=never",
    "never, deep": f"state=never&{_COSTLY}",
    "expired, deep": f"state=expired&{_DEEP}", "expiring": "expiring_within_days=3", "tag": "tag=tag0",
    "source": "source=vk_ads", "blocked": "has_blocked_bot=true", "whitelisted": "is_whitelisted=true",
    "inside": "is_inside=true", "not inside": "is_inside=false",
    "plan, state and tag": "plan_id={t}&state=active&tag=tag0", "by name": "sort=name",
    "by name, middle": f"sort=name&page={PEOPLE // _SIZE // 2}", "by end": "sort=ends_soonest",
    "by end, deep": f"sort=ends_latest&{_DEEP}", "made in a week": "created_from={week}&created_until={day}",
    "search, many": "search=anna", "search, many and old": "search=olga", "search, few and old": "search=zeno",
    "search, one": f"search=@{_LAST_BUYER}", "search, none": "search=nobody here", "search, two letters": "search=an",
    "search, digits": "search=777", "search and state": "search=anna&state=active",
    "search, many, deep": f"search=anna&{_COSTLY}",
    "began": "movement=began&moved_from={month}&moved_until={day}",
    "began, a year": "movement=began&moved_from={year}&moved_until={day}",
    "lapsed": "movement=lapsed&moved_from={month}&moved_until={day}",
    "lapsed, a year": "movement=lapsed&moved_from={year}&moved_until={day}",
    "held": "movement=held&moved_until={day}", "paying": "movement=paying&moved_until={day}",
    "lapsed, deep": f"movement=lapsed&moved_from={{month}}&moved_until={{day}}&{_COSTLY}",
}  # fmt: skip
_SUBSCRIPTIONS = {
    "active": "status=active", "expired": "status=expired", "expired, deep": f"status=expired&{_DEEP}",
    "plan": "plan_id={t}", "ended in a month": "status=expired&ends_from={month}&ends_until={day}",
    "made in a month": "created_from={month}&created_until={day}",
}  # fmt: skip
_ORDERS = {
    "canceled": "status=canceled", "canceled, deep": f"status=canceled&{_DEEP}", "quarantined": "status=quarantined",
    "plan": "plan_id={t}", "promo code": "promo_code_id={t}", "link sent": "delivery_state=link_sent",
    "tests": "is_test=true", "method": "method=sbp", "provider": "provider=manual",
    "settled in a month": "status=succeeded&is_test=false&settled_from={month}&settled_until={day}",
    "search, many": "search=000", "search, one": "search=0000000a", "search, none": "search=zzzz",
    "search, payer": f"search=@{_LAST_BUYER}", "search, payers": "search=zeno", "search, many payers": "search=anna",
    "search, many and old payers": "search=olga", "search, payers and status": "search=zeno&status=canceled",
    "search, many payers and status": "search=anna&status=quarantined",
}  # fmt: skip
_DOORS = {"left": "action=left", "declined": "action=request_declined", "person": "telegram_id=1000777",
          "channel": "channel_id={t}", "in a week": "created_from={week}&created_until={day}"}  # fmt: skip
_AUDIT = {
    "by the team": "actor_kind=admin", "by a person": "actor_id={t}", "an action": "action=user.noted",
    "an action, none": "action=bot.paused", "a noun": "action=payment.", "a noun, few": "action=plan.",
    "a noun, none": "action=channel.", "old": "created_until={year}",
    "an old action": "action=plan.changed&created_until={year}",
}  # fmt: skip
_CODES = {"search, many": "search=spring", "search, none": "search=winter", "inactive": "is_active=false",
          "plan": "plan_id={t}"}  # fmt: skip


def questions(*, tenant: str, days: dict[str, str]) -> dict[str, str]:
    """Return names of lists and their addresses behind `/api/v1`.

    Args:
        tenant: The id of the tenant, and of its first bot, channel, plan and promo code.
        days: Moments by name: `day`, `week`, `month` and `year` ago.
    """
    base = f"/tenants/{tenant}"
    found = {
        **_of("subscribers", f"{base}/users", _USERS, pages=PEOPLE // _SIZE),
        **_of("subscriptions", f"{base}/subscriptions", _SUBSCRIPTIONS, pages=SUBSCRIPTIONS // _SIZE),
        **_of("payments", f"{base}/payments", _ORDERS, pages=_PAYMENTS // _SIZE),
        **_of("paid, not inside", f"{base}/payments/undelivered", {"deep": "page=100"}),
        "sums of payments": f"{base}/payments/sums?",
        "sums of payments, search": f"{base}/payments/sums?search=@{_LAST_BUYER}",
        "sums of payments, search, payers": f"{base}/payments/sums?search=zeno",
        "sums of payments, a month": f"{base}/payments/sums?settled_from={{month}}&settled_until={{day}}",
        **_of("notices", f"{base}/payments/notices", {"set aside": "status=quarantined"}, pages=200_000 // _SIZE),
        **_of("doors", f"{base}/access-logs", _DOORS, pages=SUBSCRIPTIONS // _SIZE),
        **_of("audit", f"{base}/audit-events", _AUDIT),
        **_of("promo codes", f"{base}/promo-codes", _CODES, pages=50_000 // _SIZE),
        **_of("uses of a code", f"{base}/promo-codes/{tenant}/uses", {"deep": _DEEP, "reserved": "status=reserved"}),
        **_of("updates set aside", f"{base}/bots/{tenant}/updates/quarantined", {}, pages=400),
        **_of("dead jobs", f"{base}/jobs/dead", {}, pages=400),
        **_of("exports", f"{base}/exports", {}, pages=20),
        **_of("tags", f"{base}/users/tags", {}), **_of("sources", f"{base}/users/sources", {}),
        **_of("palette", f"{base}/search", {"many": "text=anna", "none": "text=nobody here"}),
        **_of("console, tenants", "/staff/tenants", {"search": "search=bench", "search, none": "search=nobody here",
                                                     "suspended": "status=suspended"}),
        "console, the tenant": f"/staff/tenants/{tenant}?",
        **_of("console, updates", "/staff/updates", {"tenant": "tenant_id={t}"}),
        **_of("console, notices", "/staff/notices", {"tenant": "tenant_id={t}"}),
        **_of("console, dead jobs", "/staff/jobs/dead", {"tenant": "tenant_id={t}"}),
        **_of("console, audit", "/staff/tenants-audit-events", {"tenant": "tenant_id={t}", "a noun": "action=plan."}),
    }  # fmt: skip
    return {name: "/api/v1" + address.format(t=tenant, **days) for name, address in found.items()}


def _of(name: str, path: str, filters: dict[str, str], *, pages: int = 0) -> dict[str, str]:
    def named() -> Iterator[tuple[str, str]]:
        yield name, ""
        if pages:
            yield f"{name}, page {pages // 2:,}", f"page={pages // 2}"
            yield f"{name}, last page", f"page={pages}"
        for title, query in filters.items():
            yield f"{name}: {title}", query

    size = "" if name in {"tags", "sources", "palette"} else f"size={_SIZE}&"
    return {title: f"{path}?{size}{query}" for title, query in named()}


def main() -> int:
    """Seed the tenant on stores of its own and print its part of the report; not 0 when something misses its goal."""
    from tests.bench.big_tenant import measure_big_tenant
    from tests.bench.ground import open_ground
    from tests.bench.report import Report

    report = Report()
    with open_ground() as ground:
        ground.seed([(7_000_000_000 + n, f"{7_000_000_000 + n}:{'A' * 35}") for n in range(10_000)])
        report.add_big_tenant(measure_big_tenant(ground))
    report.print(Console())
    return report.missed


if __name__ == "__main__":
    sys.exit(main())
