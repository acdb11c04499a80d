"""The list of subscribers: sorted, counted as far as that is quick, found by a few letters; and the palette."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.paging import COUNT_CAP, PageRequest
from lumenpay.models.audit import AuditEvent
from lumenpay.models.payments import Payment
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.users.directory import list_users
from lumenpay.users.narrowing import UserFilters
from tests.integration.exports.test_exports import crowd
from tests.support.desk import Desk, new_key
from tests.support.market import Market
from tests.support.stall import Stall


async def names(desk: Desk, **query: Any) -> list[str]:
    return [item["first_name"] for item in (await desk.get("/users", **query))["items"]]


async def test_sorted_by_name_by_age_and_by_the_end_of_access(market: Market, stall: Stall, desk: Desk) -> None:
    people = {name: await stall.buyer(first_name=name) for name in ("Boris", "Anna", "Vera", "Gleb")}
    for name, days in (("Vera", 1), ("Boris", 5), ("Anna", 3)):
        grant = {"plan_id": str(stall.plan_id), "days": days, "idempotence_key": new_key()}
        await desk.post(f"/users/{people[name].id}/grants", **grant)
    assert await names(desk) == ["Gleb", "Vera", "Anna", "Boris"]
    assert await names(desk, sort="oldest") == ["Boris", "Anna", "Vera", "Gleb"]
    assert await names(desk, sort="name") == ["Anna", "Boris", "Gleb", "Vera"]
    assert await names(desk, sort="name_descending", size=2, page=2) == ["Boris", "Anna"]
    assert await names(desk, sort="ends_soonest") == ["Vera", "Anna", "Boris"]
    assert await names(desk, sort="ends_latest", search="a") == ["Anna"]
    assert await names(desk, expiring_within_days=3, sort="name") == ["Anna", "Vera"]


PAID, ENDING = (SubscriptionStatus.ACTIVE, 40), (SubscriptionStatus.ACTIVE, 2)
OVER, STOPPED = (SubscriptionStatus.EXPIRED, -5), (SubscriptionStatus.PAUSED, 40)
HELD: dict[str, dict[str, tuple[SubscriptionStatus, int]]] = {
    # Of each person: the state of the plan in question, and of the other one, with the days until it ends.
    "has it": {"it": PAID}, "had it, has other": {"it": OVER, "other": PAID}, "had it": {"it": OVER},
    "had it, paused other": {"it": OVER, "other": STOPPED}, "paused it": {"it": STOPPED},
    "paused it, has other": {"it": STOPPED, "other": PAID}, "had other": {"other": OVER}, "has other": {"other": PAID},
    "other ends": {"it": PAID, "other": ENDING}, "it ends": {"it": ENDING, "other": PAID}, "never": {},
}  # fmt: skip
SEGMENTS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {name for name, held in HELD.items() if "it" in held}),
    ({"state": "active"}, {"has it", "other ends", "it ends"}),
    ({"state": "paused"}, {"paused it"}),
    ({"state": "expired"}, {"had it"}),
    ({"state": "never"}, set()),
    ({"expiring_within_days": 3}, {"it ends"}),
    ({"expiring_within_days": 3, "state": "active"}, {"it ends"}),
    ({"expiring_within_days": 3, "state": "expired"}, set()),
    ({"subscription_status": "expired"}, {"had it", "had it, has other", "had it, paused other"}),
]


async def test_with_a_plan_it_is_the_subscription_to_it_that_puts_people_on_a_list(
    market: Market, stall: Stall, desk: Desk
) -> None:
    other, mine = await stall.add_plan(stall.channel_id), {"tenant_id": stall.tenant_id, "bot_id": stall.bot_id}
    for name, held in HELD.items():
        user = await stall.buyer(first_name=name)
        async with market.tenant(stall.tenant_id) as session:
            for plan, (status, days) in held.items():
                starts_at, ends_at = (market.now() + timedelta(days=count) for count in (-30, days))
                plan_id = stall.plan_id if plan == "it" else other.id
                session.add(
                    Subscription(
                        **mine, id=new_uuid7(), user_id=user.id, plan_id=plan_id, status=status, starts_at=starts_at,
                        ends_at=ends_at, access_ends_at=ends_at, created_at=starts_at,
                        paused_until_at=ends_at if status is SubscriptionStatus.PAUSED else None,
                    )
                )  # fmt: skip
    for query, expected in SEGMENTS:
        narrowed = {**query, "plan_id": str(stall.plan_id)}
        assert set(await names(desk, **narrowed)) == expected, query
        text = "&".join(f"{name}={value}" for name, value in narrowed.items())
        audience = await desk.get(f"/broadcasts/audience/{stall.bot_id}", query=text)
        assert audience["reached"] == len(expected), query


async def test_a_row_shows_what_the_person_has(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    other = await stall.add_plan(stall.channel_id)
    await stall.change(Plan, other.id, title="Other")
    grant = {"plan_id": str(other.id), "days": 90, "idempotence_key": new_key()}
    await desk.post(f"/users/{anna.id}/grants", **grant)
    row = (await desk.get("/users"))["items"][0]
    assert [subscription["plan_title"] for subscription in row["subscriptions"]] == ["Other", "Club, 30 days"]
    assert (row["is_inside"], row["tags"], row["note"]) == (False, [], "")


async def test_a_long_list_is_counted_to_the_end_and_a_narrowed_one_as_far_as_it_is_shown(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await crowd(stall, COUNT_CAP + 25, source="ad")
    whole = await desk.get("/users", size=50)
    assert (whole["total"], whole["is_total_exact"]) == (COUNT_CAP + 25, True)
    last = COUNT_CAP // 50 + 1
    for sort in ("newest", "name"):
        page = await desk.get("/users", size=50, page=last, sort=sort)
        assert len(page["items"]) == 25
        assert (await desk.get("/users", size=50, page=last + 1, sort=sort))["items"] == []
    oldest = [item["id"] for item in (await desk.get("/users", size=25, sort="oldest"))["items"]]
    newest = [item["id"] for item in (await desk.get("/users", size=50, page=last))["items"]]
    assert newest == oldest[::-1]
    narrowed = await desk.get("/users", source="ad", size=50, page=COUNT_CAP // 50)
    assert (narrowed["total"], narrowed["is_total_exact"], len(narrowed["items"])) == (COUNT_CAP, False, 50)
    answer = await desk.ask("GET", "/users", query={"source": "ad", "size": 50, "page": last})
    assert (answer.status, answer.json()["code"]) == (422, "page_too_deep")


async def test_tags_are_few_tidy_and_each_once(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    path = f"/users/{anna.id}/tags"
    answers = await asyncio.gather(*(desk.ask("PUT", f"{path}/%20Старый%20%20%20друг") for _ in range(3)))
    assert {answer.status for answer in answers} == {200}
    for number in range(19):
        assert (await desk.ask("PUT", f"{path}/tag{number}")).status == 200
    over = await desk.ask("PUT", f"{path}/one-more")
    assert (over.status, over.json()["code"], over.json()["fields"]) == (422, "tag_invalid", {"tag": "too_many"})
    assert (await desk.ask("PUT", f"{path}/" + "x" * 33)).json()["fields"] == {"tag": "out_of_range"}
    assert len((await desk.get("/users/tags"))["tags"]) == 20
    for _ in range(2):
        gone = await desk.ask("DELETE", f"{path}/TAG3")
        assert (gone.status, "tag3" in gone.json()["tags"]) == (200, False)


async def test_the_palette_finds_people_payments_plans_and_codes(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer(first_name="Clubber")
    payment = await stall.bought(anna)
    await stall.promo("CLUB10")
    found = await desk.get("/search", text="club")
    assert [person["id"] for person in found["users"]] == [str(anna.id)]
    assert [plan["title"] for plan in found["plans"]] == ["Club, 30 days"]
    assert [code["code"] for code in found["promo_codes"]] == ["CLUB10"]
    for text in (payment.provider_payment_id or "", (payment.provider_payment_id or "")[:8], str(payment.id)):
        rows = (await desk.get("/search", text=text))["payments"]
        assert [row["id"] for row in rows] == [str(payment.id)]
    await crowd(stall, 30, first_name="Clubber too")
    assert len((await desk.get("/search", text="CLUBBER"))["users"]) == 5
    assert await desk.get("/search", text="  ") == {"users": [], "payments": [], "plans": [], "promo_codes": []}


async def test_payments_are_found_by_their_payer_and_by_their_numbers(stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer(first_name="Анна")
    await stall.change(User, anna.id, last_name="Каренина", username="Karenina")
    payment = await stall.bought(anna)
    await stall.bought(await stall.buyer(first_name="Борис"))
    number = payment.provider_payment_id or ""
    for text in ("анна", "Карен", "@kareNina", str(anna.telegram_id), number, number[:8].upper(), str(payment.id)):
        listed = await desk.get("/payments", search=text)
        assert [row["id"] for row in listed["items"]] == [str(payment.id)], text
        assert ((await desk.get("/payments/sums", search=text))["total"], listed["total"]) == (1, 1)
    assert (await desk.get("/payments", search="анна", status="canceled"))["items"] == []
    assert (await desk.get("/payments", search="Вронский"))["items"] == []


async def test_sums_are_of_the_list_by_currency(market: Market, stall: Stall, desk: Desk) -> None:
    anna, boris = await stall.buyer(), await stall.buyer()
    await stall.bought(anna)
    await stall.bought(boris)
    await stall.ordered(await stall.buyer())
    await desk.post(f"/users/{boris.id}/grants", plan_id=str(stall.plan_id), idempotence_key=new_key())
    sums = await desk.get("/payments/sums")
    paid = {"is_test": True, "count": 2, "total": {"amount_minor": 198_000, "currency": "RUB"}}
    assert sums == {"items": [paid], "total": 2}
    listed = await desk.get("/payments", provider="manual")
    assert [(row["user"]["id"], row["amount"]["amount_minor"]) for row in listed["items"]] == [(str(boris.id), 0)]
    by_card = await desk.get("/payments", method="bank_card")
    assert by_card["total"] == 2
    later = (market.now() + timedelta(hours=1)).isoformat()
    assert (await desk.get("/payments/sums", settled_from=later))["items"] == []


@pytest.mark.parametrize("text", ["Анна Каренина", "каренина  анна", "карен анна", "Каренина Ан"])
async def test_a_name_is_found_whichever_of_its_words_comes_first(stall: Stall, desk: Desk, text: str) -> None:
    anna, other = await stall.buyer(), await stall.buyer()
    await stall.change(User, anna.id, first_name="Анна", last_name="Каренина")
    await stall.change(User, other.id, first_name="Анна", last_name="Сергеева")
    assert await names(desk, search=text) == ["Анна"]
    assert [one["id"] for one in (await desk.get("/search", text=text))["users"]] == [str(anna.id)]


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "a%b", "@", "😀", "ё" * 64])
async def test_any_text_can_be_searched_for(market: Market, stall: Stall, desk: Desk, text: str) -> None:
    await stall.buyer(first_name="Anna")
    for path, name in (("/users", "search"), ("/payments", "search"), ("/search", "text"), ("/promo-codes", "search")):
        assert (await desk.ask("GET", path, query={name: text})).status == 200
    assert await market.count(stall.tenant_id, Payment) == 0
    assert await market.count(stall.tenant_id, Plan) == 1


async def test_settings_are_changed_and_the_record_says_what(market: Market, stall: Stall, desk: Desk) -> None:
    before = await desk.get("")
    assert before["grace_seconds"] == 0
    names = ("name", "time_zone", "locale", "reminder_offsets_seconds", "grace_seconds", "support_contact")
    wanted = {name: before[name] for name in names} | {
        "grace_seconds": 3_600, "reminder_offsets_seconds": [60, 600, 60], "time_zone": "Asia/Omsk",
        "support_contact": "@help",
    }  # fmt: skip
    assert (await desk.ask("PUT", "", json=wanted)).status == 200
    after = await desk.get("")
    assert (after["reminder_offsets_seconds"], after["time_zone"]) == ([600, 60], "Asia/Omsk")
    (event,) = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "tenant.changed")
    assert event.details["changed"].keys() == wanted.keys() - {"name", "locale"}


async def test_a_list_that_is_asked_for_often_is_still_planned_for_its_own_tenant(market: Market, stall: Stall) -> None:
    await stall.buyer()
    page = PageRequest(page=1, size=50)
    query = sql(
        "SELECT coalesce(sum(generic_plans), 0), coalesce(sum(custom_plans), 0)"
        " FROM pg_prepared_statements WHERE statement ILIKE :like"
    ).bindparams(like="%count(*)%FROM users%")
    async with market.tenant(stall.tenant_id) as session:
        # The connection may have counted people for other tests before.
        general_before, own_before = (await session.execute(query)).one()
        # From the sixth time on PostgreSQL may take one plan for all tenants.
        for _ in range(7):
            await list_users(session, UserFilters(), page, now=market.now())
        general, own = (await session.execute(query)).one()
    assert general == general_before
    assert own >= own_before + 7


async def test_whoever_came_by_a_link_that_was_kept_whole_stands_with_those_of_its_kind(
    stall: Stall, desk: Desk
) -> None:
    anna, boris = await stall.buyer(), await stall.buyer()
    await stall.change(User, anna.id, source="claim_S3cretT0ken")
    await stall.change(User, boris.id, source="claim")
    found = (await desk.get("/users", source="claim"))["items"]
    assert [row["source"] for row in found] == ["claim", "claim"]
    timeline = await desk.get(f"/users/{anna.id}/timeline")
    assert "S3cretT0ken" not in str(timeline)
    assert (await desk.get(f"/users/{anna.id}"))["source"] == "claim"


async def test_sources_are_those_by_which_people_came_the_most_of_them_first(stall: Stall, desk: Desk) -> None:
    for source in ("vk", "", "claim_S3cretT0ken", "claim", "claim", "ads"):
        await stall.change(User, (await stall.buyer(first_name=source or "direct")).id, source=source)
    sources = (await desk.get("/users/sources"))["sources"]
    assert sources == ["claim", "ads", "vk"]
    assert [await names(desk, source=one, sort="name") for one in sources[1:]] == [["ads"], ["vk"]]
    assert await names(desk, has_source="false", sort="name") == ["direct"]
    assert len(await names(desk, has_source="true", sort="name")) == 5
    assert await names(desk, has_source="false", source="ads") == []


async def test_what_campaigns_call_their_sources_is_told_the_newest_first_also_of_archived_ones(
    stall: Stall, desk: Desk
) -> None:
    made = [
        await desk.post("/campaigns", bot_id=str(stall.bot_id), source=source, name=name)
        for source, name in (("vk", "Posts on VK"), ("yt", "YouTube"))
    ]
    await desk.post(f"/campaigns/{made[0]['id']}/archive")
    told = (await desk.get("/campaigns/names"))["names"]
    bot_id = str(stall.bot_id)
    assert told == [
        {"bot_id": bot_id, "source": "yt", "name": "YouTube"},
        {"bot_id": bot_id, "source": "vk", "name": "Posts on VK"},
    ]
