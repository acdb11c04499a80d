"""Lists are narrowed by what a portal asks for, and their pages hold each row once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lumenpay.db.session import Database
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.channels import Channel, ChannelKind, ChannelStatus
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.promo_codes import DiscountKind, PromoCode, PromoCodeUse, PromoUseStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from tests.isolation.cast import Side
from tests.support.portal import Portal

NEWER = {"created_from": "{later}"}
OLDER = {"created_until": "{later}"}


@pytest.fixture
async def crowded(alpha: Side, database: Database, portal: Portal) -> Side:
    """Alpha with a second row of everything, a day younger and different in whatever can be asked for."""
    later = portal.clock.now() + timedelta(days=1)
    own = {"tenant_id": alpha.tenant_id, "bot_id": alpha.ids["bot_id"], "created_at": later}
    ids = {name: new_uuid7() for name in ("user_id", "plan_id", "channel_id", "promo_code_id", "payment_id")}
    order = {
        "plan_id": ids["plan_id"], "provider": "yookassa", "amount_minor": 700, "list_price_minor": 1000,
        "currency": "EUR", "period_unit": PeriodUnit.DAY, "period_count": 1, "description": "x",
    }  # fmt: skip
    async with database.tenant(alpha.tenant_id) as session:
        session.add_all([
            User(**own, id=ids["user_id"], telegram_id=77, first_name="100%_Zoe", username="zoe", last_seen_at=later,
                 is_whitelisted=True, blocked_bot_at=later),
            Plan(**own, id=ids["plan_id"], title="Zebra", price_minor=1, currency="EUR", period_unit=PeriodUnit.DAY,
                 period_count=1, is_on_sale=False, archived_at=later),
            Channel(**own, id=ids["channel_id"], chat_id=-100_7, kind=ChannelKind.CHANNEL, title="Zoo", username="zoo",
                    status=ChannelStatus.BOT_REMOVED),
            PromoCode(**own, id=ids["promo_code_id"], code="ZERO", discount_kind=DiscountKind.EXTRA_DAYS,
                      discount_value=3, is_active=False),
        ])  # fmt: skip
        await session.flush()
        session.add_all([
            Payment(**own, **order, id=ids["payment_id"], user_id=ids["user_id"], promo_code_id=ids["promo_code_id"],
                    status=PaymentStatus.PENDING, idempotence_key="2", provider_payment_id="3e2f-zz", extra_days=3),
            Subscription(**own, id=new_uuid7(), user_id=ids["user_id"], plan_id=ids["plan_id"], starts_at=later,
                         ends_at=later, access_ends_at=later, status=SubscriptionStatus.EXPIRED),
            AccessLog(tenant_id=alpha.tenant_id, id=new_uuid7(), action=AccessAction.REQUEST_DECLINED, telegram_id=99,
                      user_id=ids["user_id"], created_at=later),
        ])  # fmt: skip
        await session.flush()
        session.add(
            PromoCodeUse(
                tenant_id=alpha.tenant_id, payment_id=ids["payment_id"], promo_code_id=ids["promo_code_id"],
                user_id=ids["user_id"], created_at=later, status=PromoUseStatus.RELEASED,
            )
        )  # fmt: skip
    alpha.ids.update({f"second_{name}": row_id for name, row_id in ids.items()})
    return alpha


FILTERS: dict[str, list[tuple[dict[str, str], int]]] = {
    "users": [
        ({"search": "ALPHA"}, 1), ({"search": "@zoe"}, 2), ({"search": "77"}, 2), ({"search": "100%_"}, 2),
        ({"search": "%"}, 2), ({"search": "_"}, 2), ({"search": "nobody"}, 0), ({"is_whitelisted": "true"}, 2),
        ({"has_blocked_bot": "false"}, 1), ({"has_blocked_bot": "true"}, 2), ({"subscription_status": "active"}, 1),
        ({"subscription_status": "expired"}, 2), ({"plan_id": "{plan_id}"}, 1),
        ({"plan_id": "{plan_id}", "subscription_status": "expired"}, 0), (NEWER, 2), (OLDER, 1),
        ({"state": "active"}, 1), ({"state": "expired"}, 2), ({"state": "never"}, 0), ({"tag": "VIP"}, 1),
        ({"tag": "none"}, 0), ({"source": "alpha"}, 1), ({"has_source": "true"}, 1),
        ({"channel_id": "{channel_id}"}, 1),
        ({"channel_id": "{second_channel_id}"}, 0), ({"is_inside": "true"}, 0),
        ({"is_inside": "true", "channel_id": "{channel_id}"}, 0), ({"expiring_within_days": "40"}, 1),
        ({"expiring_within_days": "20"}, 0), ({"search": "zo"}, 2), ({"search": "42"}, 1), ({"search": " Al"}, 1),
        ({"sort": "ends_soonest"}, 1), ({"search": "oe"}, 0), ({"has_started_bot": "false"}, 0),
    ],
    "plans": [
        ({"search": "zEb"}, 2), ({"is_on_sale": "true"}, 1), ({"is_archived": "true"}, 2),
        ({"is_archived": "false"}, 1),
        ({"channel_id": "{channel_id}"}, 1), ({"channel_id": "{second_channel_id}"}, 0), (NEWER, 2), (OLDER, 1),
    ],
    "channels": [
        ({"search": "@zoo"}, 2), ({"search": "club"}, 1), ({"status": "bot_removed"}, 2), ({"plan_id": "{plan_id}"}, 1),
        ({"plan_id": "{second_plan_id}"}, 0), (NEWER, 2), (OLDER, 1),
    ],
    "promo-codes": [
        ({"search": "pri"}, 1), ({"search": "z"}, 2), ({"is_active": "false"}, 2), ({"plan_id": "{plan_id}"}, 1),
        (NEWER, 2), (OLDER, 1),
    ],
    "payments": [
        ({"status": "pending"}, 2), ({"user_id": "{user_id}"}, 1), ({"plan_id": "{second_plan_id}"}, 2),
        ({"promo_code_id": "{promo_code_id}"}, 1), ({"search": "3E2F"}, 2), ({"search": "2d1f-gateway"}, 1),
        ({"delivery_state": "paid"}, 1), (NEWER, 2), (OLDER, 1),
        ({"search": "{payment_id}"}, 1), ({"search": "gateway"}, 0), ({"provider": "manual"}, 0),
        ({"method": "sbp"}, 0), ({"is_test": "true"}, 0), ({"settled_from": "2020-01-01T00:00:00Z"}, 1),
        ({"status": "succeeded", "plan_id": "{plan_id}"}, 1),
    ],
    "subscriptions": [
        ({"status": "expired"}, 2), ({"user_id": "{second_user_id}"}, 2), ({"plan_id": "{plan_id}"}, 1),
        ({"ends_until": "{soon}"}, 2), ({"ends_from": "{soon}"}, 1), (NEWER, 2), (OLDER, 1),
    ],
    "access-logs": [
        ({"action": "request_declined"}, 2), ({"action": "granted"}, 1), ({"telegram_id": "99"}, 2),
        ({"payment_id": "{payment_id}"}, 1), ({"subscription_id": "{subscription_id}"}, 1),
        ({"user_id": "{second_user_id}"}, 2), ({"channel_id": "{channel_id}"}, 1), (NEWER, 2), (OLDER, 1),
    ],
}  # fmt: skip
"""For each list what is asked for, and which of the two rows has it: the first, the second, or none (0)."""


@pytest.mark.parametrize("noun", FILTERS)
async def test_a_list_is_narrowed_to_the_rows_that_were_asked_for(portal: Portal, crowded: Side, noun: str) -> None:
    browser, path = portal.browser(crowded.owner.token), f"/api/v1/tenants/{crowded.tenant_id}/{noun}"
    everything = (await browser.request("GET", path)).json()
    # Who was invited is a third subscriber, whom nothing asks for.
    others = {str(crowded.ids["invited_id"])}
    by_age = sorted((row for row in everything["items"] if row["id"] not in others), key=lambda row: row["created_at"])
    assert len(by_age) == 2
    moments = {"later": portal.clock.now() + timedelta(hours=20), "soon": portal.clock.now() + timedelta(days=7)}
    words: dict[str, Any] = crowded.ids | {name: moment.isoformat() for name, moment in moments.items()}
    for asked, expected in FILTERS[noun]:
        query = {name: value.format(**words) for name, value in asked.items()}
        answer = await browser.request("GET", path, query=query)
        assert answer.status == 200, (asked, answer.body)
        rows = [item["id"] for item in answer.json()["items"]]
        found = [row_id for row_id in rows if row_id not in others]
        assert found == ([by_age[expected - 1]["id"]] if expected else []), asked
        assert answer.json()["total"] == len(rows), asked


async def test_pages_hold_each_row_once_though_all_were_made_at_the_same_moment(
    portal: Portal, alpha: Side, database: Database
) -> None:
    now, count = portal.clock.now(), 11
    present = {"users": 2}  # Of the cast: one of each, and beside the subscriber who was invited.
    own = {"tenant_id": alpha.tenant_id, "bot_id": alpha.ids["bot_id"], "created_at": now}
    async with database.tenant(alpha.tenant_id) as session:
        for number in range(count):
            user_id = new_uuid7()
            session.add(User(**own, id=user_id, telegram_id=10_000 + number, last_seen_at=now))
            session.add(Plan(**own, id=new_uuid7(), title="x", price_minor=1, currency="RUB", period_count=1,
                             period_unit=PeriodUnit.DAY))  # fmt: skip
            session.add(Channel(**own, id=new_uuid7(), chat_id=-200_000 - number, kind="channel", title="x"))
            session.add(PromoCode(**own, id=new_uuid7(), code=f"X{number}", discount_kind="percent", discount_value=1))
            await session.flush()
            await _buy(session, own, alpha.ids["plan_id"], alpha.ids["promo_code_id"], user_id)
    browser, base = portal.browser(alpha.owner.token), f"/api/v1/tenants/{alpha.tenant_id}"
    uses = f"promo-codes/{alpha.ids['promo_code_id']}/uses"
    for noun in (*FILTERS, uses):
        seen: list[str] = []
        for page in range(1, 6):
            answer = await browser.request("GET", f"{base}/{noun}", query={"page": page, "size": 3})
            assert answer.json()["total"] == count + present.get(noun, 1), noun
            seen += [item.get("id") or item["payment_id"] for item in answer.json()["items"]]
        assert len(seen) == len(set(seen)) == count + present.get(noun, 1), noun


async def _buy(session: Any, own: dict[str, Any], plan_id: UUID, promo_code_id: UUID, user_id: UUID) -> None:
    now, payment_id = own["created_at"], new_uuid7()
    session.add_all([
        Payment(**own, id=payment_id, user_id=user_id, plan_id=plan_id, provider="yookassa", amount_minor=1,
                list_price_minor=1, currency="RUB", period_unit=PeriodUnit.DAY, period_count=1, description="x",
                idempotence_key=str(payment_id), promo_code_id=promo_code_id),
        Subscription(**own, id=new_uuid7(), user_id=user_id, plan_id=plan_id, starts_at=now),
        AccessLog(tenant_id=own["tenant_id"], id=new_uuid7(), action=AccessAction.LEFT, created_at=now),
    ])  # fmt: skip
    await session.flush()
    session.add(
        PromoCodeUse(
            tenant_id=own["tenant_id"], payment_id=payment_id, promo_code_id=promo_code_id, user_id=user_id,
            created_at=now,
        )
    )  # fmt: skip


async def test_uses_of_a_promo_code_tell_who_when_for_what_and_how_much(portal: Portal, crowded: Side) -> None:
    browser, base = portal.browser(crowded.owner.token), f"/api/v1/tenants/{crowded.tenant_id}/promo-codes"
    first = (await browser.request("GET", f"{base}/{crowded.ids['promo_code_id']}/uses")).json()
    assert first["total"] == 1
    used = first["items"][0]
    assert (used["user_id"], used["payment_id"]) == (str(crowded.ids["user_id"]), str(crowded.ids["payment_id"]))
    assert (used["first_name"], used["status"], used["extra_days"]) == ("alpha", "reserved", 0)
    assert used["discount"] == {"amount_minor": 5_000, "currency": "RUB"}
    path = f"{base}/{crowded.ids['second_promo_code_id']}/uses"
    second = (await browser.request("GET", path, query={"status": "released"})).json()["items"]
    assert [(use["username"], use["extra_days"], use["discount"]["currency"]) for use in second] == [("zoe", 3, "EUR")]
    assert (await browser.request("GET", path, query={"status": "used"})).json()["total"] == 0
