"""Lists of people who had access before the bot (10.2): looked at first, carried out once, quiet, never double."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text as text_of

from lumenpay.imports.giving import carry_out_some, claim_by_token, claim_by_username
from lumenpay.imports.repository import find_known
from lumenpay.models.access import ActualPlace, EntryLink, Membership, WantedPlace
from lumenpay.models.audit import AuditEvent
from lumenpay.models.imports import ImportRow
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import DeliveryState, Payment
from lumenpay.models.subscriptions import Subscription, SubscriptionPeriod
from lumenpay.models.tenants import Role
from lumenpay.models.users import User, UserTag
from tenants_worker.tasks.ticks import purge
from tests.support.desk import Desk, new_key
from tests.support.market import Market
from tests.support.stall import Stall

DAY = timedelta(days=1)


async def checked(desk: Desk, text: str, *, grace_days: int = 0, key: str | None = None) -> dict[str, Any]:
    body = {
        "content": b64encode(text.encode()).decode(), "plan_id": str(desk.stall.plan_id), "grace_days": grace_days,
        "idempotence_key": key or new_key(), "file_name": "people.csv",
    }  # fmt: skip
    return dict(await desk.post("/imports", **body))


async def carried_out(market: Market, desk: Desk, text: str, *, grace_days: int = 0) -> dict[str, Any]:
    found = await checked(desk, text, grace_days=grace_days)
    await desk.post(f"/imports/{found['id']}/start")
    await market.work()
    return dict(await desk.get(f"/imports/{found['id']}"))


def date(market: Market, days: int) -> str:
    return (market.now() + days * DAY).isoformat()


async def member(market: Market, stall: Stall, **names: Any) -> int:
    """Somebody who is in the channel and has never written to the bot."""
    person = await market.telegram("POST", "/users", first_name="Vera", **names)
    await market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=person["id"])
    return int(person["id"])


async def outcomes(desk: Desk, found: dict[str, Any]) -> list[tuple[str, str, bool]]:
    rows = (await desk.get(f"/imports/{found['id']}/rows"))["items"]
    return [(row["outcome"], row["problem"], row["is_done"]) for row in rows]


async def claimed(market: Market, stall: Stall, user: User, token: str) -> bool:
    async with market.tenant(stall.tenant_id) as session:
        fresh = await session.get_one(User, (stall.tenant_id, user.id))
        claim = await claim_by_token(session, fresh, token, now=market.now())
        return claim is not None and claim.is_open


async def test_the_dry_run_says_what_would_happen_and_nobody_gets_anything(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    await desk.post(f"/users/{anna.id}/grants", plan_id=str(stall.plan_id), days=10, idempotence_key=new_key())
    boris = await stall.buyer()
    text = (
        "telegram_id,username,ends_at\n"
        f"{anna.telegram_id},,{date(market, 20)}\n{boris.telegram_id},,{date(market, 20)}\n"
        f"{anna.telegram_id},,{date(market, 30)}\n7001,,soon\n7002,,\n,@Stranger_1,{date(market, 5)}\n"
    )
    people = await market.count(stall.tenant_id, User)
    found = await checked(desk, text)
    assert await outcomes(desk, found) == [
        ("extended", "", False), ("created", "", False), ("repeated", "", True), ("wrong", "date_unreadable", True),
        ("wrong", "no_date_no_grace", True), ("claim", "", False),
    ]  # fmt: skip
    assert (found["status"], found["lines"], found["done"], found["outcomes"]["wrong"]) == ("checked", 6, 3, 2)
    await market.work()
    assert await market.count(stall.tenant_id, Subscription) == 1
    assert await market.count(stall.tenant_id, User) == people
    wrong = (await desk.get(f"/imports/{found['id']}/rows", outcome="wrong"))["items"]
    assert [row["line"] for row in wrong] == [5, 6]
    report = await desk.ask("GET", f"/imports/{found['id']}/report")
    told = report.body.decode("utf-8-sig").splitlines()
    assert told[4] == '"5";"7001";"";"";"";"ошибка";"столбец «ends_at»: дата не читается";""'
    assert "claim_" not in report.body.decode()


async def test_who_was_inside_before_stays_till_the_date_hears_nothing_and_leaves_after_it(
    market: Market, stall: Stall, desk: Desk
) -> None:
    vera = await member(market, stall)
    done = await carried_out(
        market, desk, f"telegram_id,name,ends_at,tag,note\n{vera},Vera,{date(market, 10)},vip,old\n"
    )
    assert (done["status"], done["done"], done["outcomes"]["created"]) == ("done", 1, 1)
    [user] = [row for row in await market.rows(stall.tenant_id, User) if row.telegram_id == vera]
    assert (user.first_name, user.note, user.blocked_bot_at) == ("Vera", "old", None)
    assert await market.count(stall.tenant_id, UserTag, UserTag.tag == "vip") == 1
    [place] = await market.rows(stall.tenant_id, Membership, Membership.telegram_id == vera)
    assert (place.wanted, place.actual) == (WantedPlace.INSIDE, ActualPlace.INSIDE)
    [order] = await market.rows(stall.tenant_id, Payment)
    assert (order.provider, order.amount_minor, order.delivery_state) == ("import", 0, DeliveryState.JOINED)
    assert await market.count(stall.tenant_id, LedgerEntry) == 0
    assert await stall.texts(user) == []
    # A link would be made for nothing, once for each of thousands.
    assert await market.count(stall.tenant_id, EntryLink) == 0
    actions = [row.action for row in await market.rows(stall.tenant_id, AuditEvent)]
    assert {"import.checked", "import.started", "import.done", "subscription.imported"} <= set(actions)
    timeline = (await desk.get(f"/users/{user.id}/timeline"))["items"]
    assert ("audit", "subscription.imported") in [(row["source"], row["action"]) for row in timeline]
    await market.skip(days=9)
    await stall.sweep()
    assert await stall.is_inside(vera)
    await market.skip(days=2)
    await stall.sweep()
    assert not await stall.is_inside(vera)


async def test_nobody_is_removed_before_the_grace_is_over_and_it_is_given_once(
    market: Market, stall: Stall, desk: Desk
) -> None:
    vera, gleb = await member(market, stall), await member(market, stall)
    text = f"telegram_id,ends_at\n{vera},{date(market, -30)}\n{gleb},\n"
    assert (await carried_out(market, desk, text, grace_days=7))["outcomes"]["created"] == 2
    await market.skip(days=6)
    await stall.sweep()
    assert [await stall.is_inside(person) for person in (vera, gleb)] == [True, True]
    assert (await carried_out(market, desk, text, grace_days=7))["outcomes"]["already"] == 2
    await market.skip(days=2)
    await stall.sweep()
    assert [await stall.is_inside(person) for person in (vera, gleb)] == [False, False]
    assert (await carried_out(market, desk, text, grace_days=7))["outcomes"]["already"] == 2


async def test_who_never_wrote_to_the_bot_blocked_nothing_and_was_never_seen(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await carried_out(market, desk, f"telegram_id,ends_at\n7001,{date(market, 20)}\n")
    [row] = (await desk.get("/users"))["items"]
    anna = await desk.get(f"/users/{row['id']}")
    for shown in (row, anna):
        assert (shown["reach"], shown["source"]) == ("not_started", "import")
        assert (shown["blocked_bot_at"], shown["met_at"], shown["last_seen_at"]) == (None, None, None)
    told = [item["action"] for item in (await desk.get(f"/users/{anna['id']}/timeline"))["items"]]
    assert told == ["not_started", "granted", "opened", "subscription.imported"]
    for narrowed, count in (({"has_blocked_bot": "true"}, 0), ({"has_started_bot": "false"}, 1)):
        assert (await desk.get("/users", **narrowed))["total"] == count
    assert [item["reason"] for item in (await desk.get("/payments/undelivered"))["items"]] == ["bot_not_started"]
    assert await desk.refused(f"/users/{anna['id']}/links/resend") == (409, "bot_not_started")


async def test_a_repeated_file_gives_nothing_twice_and_a_later_date_extends_exactly_to_it(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    ends = [market.now() + days * DAY for days in (20, 30, 25)]
    told = []
    for end in (ends[0], ends[0], ends[1], ends[2]):
        done = await carried_out(market, desk, f"telegram_id,ends_at\n{anna.telegram_id},{end.isoformat()}\n")
        told.append(next(name for name, count in done["outcomes"].items() if count))
    assert told == ["created", "already", "extended", "already"]
    [subscription] = await market.rows(stall.tenant_id, Subscription)
    assert subscription.ends_at == ends[1]
    assert await market.count(stall.tenant_id, SubscriptionPeriod) == 2


async def test_two_clicks_are_one_import_and_start_runs_it_once(market: Market, stall: Stall, desk: Desk) -> None:
    text, key = f"telegram_id,ends_at\n7001,{date(market, 20)}\n", new_key()
    first, second = await asyncio.gather(checked(desk, text, key=key), checked(desk, text, key=key))
    assert first["id"] == second["id"]
    body = {"content": b64encode(b"id\n1\n").decode(), "plan_id": str(stall.plan_id), "idempotence_key": key}
    assert await desk.refused("/imports", **body) == (409, "idempotence_key_reused")
    path = f"/imports/{first['id']}/start"
    answers = await asyncio.gather(*(desk.ask("POST", path) for _ in range(6)))
    assert {answer.status for answer in answers} == {202}
    await market.work()
    await desk.post(path)
    await market.work()
    assert await market.count(stall.tenant_id, Payment) == 1
    assert await market.count(stall.tenant_id, AuditEvent, AuditEvent.action == "import.started") == 1
    assert await market.count(stall.tenant_id, Job, Job.kind == "imports.carry_out") == 1


async def test_who_comes_after_a_killed_worker_goes_on_and_no_line_gives_twice(
    market: Market, stall: Stall, desk: Desk
) -> None:
    lines = "".join(f"{7000 + number},{date(market, 20)}\n" for number in range(5))
    found = await checked(desk, f"telegram_id,ends_at\n{lines}")
    await desk.post(f"/imports/{found['id']}/start")
    async with market.tenant(stall.tenant_id) as session:
        assert await carry_out_some(session, UUID(found["id"]), limit=2, now=market.now())

    # One dies in the middle of its transaction: nothing of it is left.
    async def die() -> None:
        async with market.tenant(stall.tenant_id) as session:
            await carry_out_some(session, UUID(found["id"]), limit=2, now=market.now())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await die()
    half = await desk.get(f"/imports/{found['id']}")
    assert (half["status"], half["done"]) == ("running", 2)
    await market.work()
    done = await desk.get(f"/imports/{found['id']}")
    assert (done["status"], done["done"], done["outcomes"]["created"]) == ("done", 5, 5)
    assert await market.count(stall.tenant_id, Payment) == 5
    assert await market.count(stall.tenant_id, SubscriptionPeriod) == 5
    # Telegram knows none of them: that is no failure.
    looks = await market.jobs(stall.tenant_id, "access.deliver")
    assert [job.status for job in looks] == [JobStatus.DONE] * 5


async def test_a_stopped_one_gives_nothing_further_and_does_not_begin_again(
    market: Market, stall: Stall, desk: Desk
) -> None:
    found = await checked(desk, f"telegram_id,ends_at\n7001,{date(market, 20)}\n7002,{date(market, 20)}\n")
    await desk.post(f"/imports/{found['id']}/start")
    async with market.tenant(stall.tenant_id) as session:
        await carry_out_some(session, UUID(found["id"]), limit=1, now=market.now())
    assert (await desk.post(f"/imports/{found['id']}/stop"))["status"] == "stopped"
    await market.work()
    assert await market.count(stall.tenant_id, Payment) == 1
    assert await desk.refused(f"/imports/{found['id']}/start") == (409, "import_stopped")
    thrown = await checked(desk, "id\n7003\n", grace_days=1)
    assert (await desk.post(f"/imports/{thrown['id']}/stop"))["status"] == "stopped"


async def test_a_claim_link_lets_the_first_in_once_and_nobody_else(market: Market, stall: Stall, desk: Desk) -> None:
    done = await carried_out(market, desk, f"username,ends_at\nsomebody_1,{date(market, 20)}\n")
    [row] = (await desk.get(f"/imports/{done['id']}/rows"))["items"]
    assert row["claim_url"].startswith("https://t.me/")
    assert row["claim_url"] in (await desk.ask("GET", f"/imports/{done['id']}/report")).body.decode()
    token = row["claim_url"].rpartition("claim_")[2]
    anna, boris = await stall.buyer(), await stall.buyer()
    claims = await asyncio.gather(*(claimed(market, stall, user, token) for user in (anna, boris)))
    assert sorted(claims) == [False, True]
    winner, loser = (anna, boris) if claims[0] else (boris, anna)
    assert await claimed(market, stall, winner, token)
    assert not await claimed(market, stall, loser, token)
    assert not await claimed(market, stall, loser, "x" * 22)
    assert [row.user_id for row in await market.rows(stall.tenant_id, Subscription)] == [winner.id]
    assert await market.count(stall.tenant_id, Payment) == 1
    [row] = (await desk.get(f"/imports/{done['id']}/rows"))["items"]
    assert (row["outcome"], row["claim_url"], row["user_id"]) == ("claimed", None, str(winner.id))
    await market.work()
    # Outside, so that a link is needed.
    assert "Вам открыт доступ" in (await stall.texts(winner))[-1]


async def test_a_claim_link_whose_time_is_over_gives_nothing_and_says_so(
    market: Market, stall: Stall, desk: Desk
) -> None:
    done = await carried_out(market, desk, f"username,ends_at\nsomebody_1,{date(market, 5)}\n")
    [row] = (await desk.get(f"/imports/{done['id']}/rows"))["items"]
    anna = await stall.buyer()
    await market.skip(days=6)
    assert not await claimed(market, stall, anna, row["claim_url"].rpartition("claim_")[2])
    assert await market.count(stall.tenant_id, Subscription) == 0
    assert (await desk.get(f"/imports/{done['id']}/rows"))["items"] == [row]


async def test_whoever_has_the_username_is_known_at_start_and_only_once(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await carried_out(market, desk, f"username,ends_at\nVera_1,{date(market, 20)}\n")
    vera = await stall.buyer()
    await stall.change(User, vera.id, username="vera_1")
    for _ in range(2):
        async with market.tenant(stall.tenant_id) as session:
            fresh = await session.get_one(User, (stall.tenant_id, vera.id))
            await claim_by_username(session, fresh, now=market.now())
    [subscription] = await market.rows(stall.tenant_id, Subscription)
    assert subscription.user_id == vera.id
    assert await market.count(stall.tenant_id, ImportRow, ImportRow.outcome == "claimed") == 1


async def test_a_helper_may_not_import_and_a_file_that_is_no_list_says_why(
    market: Market, stall: Stall, desk: Desk
) -> None:
    body = {"content": b64encode(b"name\nAnna\n").decode(), "plan_id": str(stall.plan_id), "idempotence_key": new_key()}
    assert (await desk.ask("POST", "/imports", role=Role.SUPPORT, json=body)).status == 403
    answer = await desk.ask("POST", "/imports", json=body)
    assert (answer.status, answer.json()["code"], answer.json()["fields"]) == (
        422, "import_file_invalid", {"content": "no_person_column"}
    )  # fmt: skip


async def test_an_old_list_keeps_what_came_of_its_lines_and_nothing_of_its_people(
    market: Market, stall: Stall, desk: Desk
) -> None:
    text = f"username,ends_at,note,tag\nsomebody_1,{date(market, 300)},met at the fair,old\n"
    old, row = await carried_out(market, desk, text), None
    await market.skip(days=179)
    await purge(market.worker, market.now())
    [row] = await market.rows(stall.tenant_id, ImportRow)
    assert (row.username, row.note, bool(row.claim_token)) == ("somebody_1", "met at the fair", True)
    young = await carried_out(market, desk, f"username,ends_at\nsomebody_2,{date(market, 300)}\n")
    await market.skip(days=2)
    for _ in range(2):
        await purge(market.worker, market.now())
    rows = {str(row.import_id): row for row in await market.rows(stall.tenant_id, ImportRow)}
    blank = rows[old["id"]]
    assert (blank.username, blank.telegram_id, blank.name, blank.note, blank.tag) == (None, None, "", "", "")
    assert (blank.claim_token, blank.outcome, blank.is_done) == (None, "claim", True)
    assert (rows[young["id"]].username, bool(rows[young["id"]].claim_token)) == ("somebody_2", True)
    assert (await desk.get(f"/imports/{old['id']}"))["outcomes"] == old["outcomes"]
    assert "somebody_1" not in (await desk.ask("GET", f"/imports/{old['id']}/report")).body.decode()


async def test_people_of_a_list_are_found_by_their_usernames_with_an_index(market: Market, stall: Stall) -> None:
    vera = await stall.buyer()
    await stall.change(User, vera.id, username="Vera_1")
    async with market.tenant(stall.tenant_id) as session:
        known = await find_known(session, bot_id=stall.bot_id, telegram_ids=(), usernames=("vera_1", "nobody"))
        definition = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_users_username'"
        assert "lower((username)::text)" in str((await session.execute(text_of(definition))).scalar_one())
    assert known.by_username == {"vera_1": vera.id}
