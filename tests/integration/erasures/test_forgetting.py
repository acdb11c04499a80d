"""A person is forgotten: what they have ends, what is in the air lands, and nothing tells who it was (fault O1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
from sqlalchemy import func, select, text

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessLog, EntryLink, Membership
from lumenpay.models.autopays import Autopay
from lumenpay.models.erasures import Erasure, Obstacle
from lumenpay.models.fiscal_receipts import ContactKind, ReceiptContact
from lumenpay.models.imports import Import, ImportKind, ImportOutcome, ImportRow, ImportStatus
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.tenants import Role
from lumenpay.models.users import User
from lumenpay.plans.errors import PlanRefusedError
from lumenpay.plans.sale_rules import PlanRefusal
from lumenpay.users.service import Person, ensure_user
from tenants_worker.tasks import erasures
from tests.support.desk import Desk, new_key
from tests.support.market import Market
from tests.support.renewing import renewing
from tests.support.stall import Stall

CANARIES = ("Zinaida", "Canarova", "zina_canary", "canary@example.org", "CanaryNote", "canary-tag", "CanaryMessage")


async def forget(market: Market) -> None:
    """A minute later the workers have looked who can be forgotten."""
    await market.skip(minutes=1)
    await market.work()
    await erasures.forget_due(market.worker, market.now())


async def wish(desk: Desk, user: User, *, ends_access: bool = True) -> dict[str, Any]:
    return dict(await desk.post(f"/users/{user.id}/erasure", ends_access=ends_access))


async def state_of(market: Market, stall: Stall, user: User) -> Erasure:
    (row,) = await market.rows(stall.tenant_id, Erasure, Erasure.user_id == user.id)
    assert isinstance(row, Erasure)
    return row


async def known(stall: Stall, user: User) -> User:
    row = await stall.market.get(stall.tenant_id, User, user.id)
    assert isinstance(row, User)
    return row


async def enter(stall: Stall, user: User) -> None:
    links = await stall.market.rows(stall.tenant_id, EntryLink, EntryLink.user_id == user.id)
    await stall.join(user, links[0].url)
    assert await stall.is_inside(user.telegram_id)


async def write_canaries(stall: Stall, desk: Desk, user: User) -> None:
    """Have a name, an address, a note, a tag, a message and a line of a list of the person stand everywhere."""
    now, tenant = stall.market.now(), {"tenant_id": stall.tenant_id}
    await stall.change(User, user.id, first_name="Zinaida", last_name="Canarova", username="Zina_Canary")
    assert (await desk.ask("PUT", f"/users/{user.id}/note", json={"note": "CanaryNote"})).status == 200
    assert (await desk.ask("PUT", f"/users/{user.id}/tags/canary-tag")).status == 200
    listed = new_uuid7()
    update = {"update_id": 5, "message": {"from": {"id": user.telegram_id, "is_bot": False}, "text": "CanaryMessage"}}
    async with stall.market.tenant(stall.tenant_id) as session:
        address = "canary@example.org"
        session.add(ReceiptContact(**tenant, user_id=user.id, kind=ContactKind.EMAIL, value=address, given_at=now))
        session.add(
            Import(
                **tenant,
                id=listed,
                bot_id=stall.bot_id,
                plan_id=stall.plan_id,
                kind=ImportKind.CSV,
                file_name="a.csv",
                file_digest="0" * 64,
                grace_days=0,
                idempotence_key=new_key(),
                status=ImportStatus.DONE,
                created_at=now,
            )
        )
        await session.flush()
        session.add(
            ImportRow(
                **tenant,
                import_id=listed,
                line=1,
                username="zina_canary",
                name="Zinaida",
                note="CanaryNote",
                outcome=ImportOutcome.CLAIM,
                is_done=True,
            )
        )
        values = {"request_body": {"receipt": {"customer": {"email": address}}}}
        for payment in await stall.market.rows(stall.tenant_id, Payment, Payment.user_id == user.id):
            (await session.get_one(Payment, (stall.tenant_id, payment.id))).request_body = values["request_body"]
        await session.execute(
            text("SELECT ingest_updates(:t, :b, ARRAY[5::bigint], ARRAY[0::smallint], :raw, :now)"),
            {"t": [stall.tenant_id], "b": [stall.bot_id], "raw": [orjson.dumps(update)], "now": now},
        )
        await session.execute(text("UPDATE telegram_updates SET status = 'handled'"))


async def find_canaries(superuser_url: str, stall: Stall, *words: str) -> dict[str, set[str]]:
    """Return where any of the words stands in a row of the tenant, whatever the table and the column."""
    connection = await asyncpg.connect(superuser_url, timeout=10)
    found: dict[str, set[str]] = {}
    try:
        tables = await connection.fetch(
            "SELECT c.table_name::text AS name FROM information_schema.columns c "
            "WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id'"
        )
        for table in tables:
            rows = await connection.fetch(
                f'SELECT row_to_json(t)::text AS row FROM "{table["name"]}" t WHERE tenant_id = $1', stall.tenant_id
            )
            for word in words:
                # Bytes are shown as hexadecimal digits.
                forms = (word.lower(), word.encode().hex())
                if any(form in row["row"].lower() for row in rows for form in forms):
                    found.setdefault(table["name"], set()).add(word)
    finally:
        await connection.close()
    return found


async def test_nothing_tells_who_it_was_and_the_books_stay_as_they_were_o1(
    market: Market, stall: Stall, desk: Desk, superuser_url: str
) -> None:
    zina, other = await stall.buyer(), await stall.buyer(first_name="Boris")
    payment = await stall.bought(zina)
    await stall.bought(other)
    await enter(stall, zina)
    await write_canaries(stall, desk, zina)
    words = (*CANARIES, str(zina.telegram_id))
    everywhere = await find_canaries(superuser_url, stall, *words)
    assert {word for seen in everywhere.values() for word in seen} == set(words)
    books = [(row.id, row.amount_minor) for row in await market.rows(stall.tenant_id, LedgerEntry)]

    asked = await wish(desk, zina)
    assert asked["erased_at"] is None
    await forget(market)

    assert not await stall.is_inside(zina.telegram_id)
    assert (await state_of(market, stall, zina)).erased_at is not None
    assert await find_canaries(superuser_url, stall, *words) == {}
    assert [(row.id, row.amount_minor) for row in await market.rows(stall.tenant_id, LedgerEntry)] == books
    kept = await stall.payment(payment.id)
    assert (kept.status, kept.amount_minor, kept.user_id) == (PaymentStatus.SUCCEEDED, payment.amount_minor, zina.id)
    nobody = await known(stall, zina)
    assert (nobody.first_name, nobody.username, nobody.telegram_id < 0) == ("", None, True)
    log = await market.rows(stall.tenant_id, AccessLog, AccessLog.user_id == zina.id)
    assert {row.telegram_id for row in log} <= {nobody.telegram_id, None}
    assert await market.count(stall.tenant_id, Membership, Membership.user_id == zina.id) == 0
    assert (await known(stall, other)).first_name == "Boris"
    shown = await desk.get(f"/users/{zina.id}")
    assert (shown["first_name"], shown["tags"], shown["note"]) == ("", [], "")
    assert shown["erased_at"] is not None
    told = [event["action"] for event in (await desk.get(f"/users/{zina.id}/timeline"))["items"]]
    assert told[0] == "user.erased"
    assert "user.erasure_asked" in told
    assert "blocked_bot" not in told


async def test_access_ends_only_when_it_was_said_and_a_repeated_wish_changes_nothing_o1(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    path = f"/users/{anna.id}/erasure"
    assert await desk.refused(path, ends_access=False) == (409, "access_still_runs")
    first = await wish(desk, anna)
    assert (await wish(desk, anna, ends_access=False))["id"] == first["id"]
    (subscription,) = await market.rows(stall.tenant_id, Subscription, Subscription.user_id == anna.id)
    assert subscription.status == SubscriptionStatus.EXPIRED
    assert (await desk.get("/erasures", is_open="true"))["items"][0]["user_id"] == str(anna.id)
    written = await stall.texts(anna)
    await market.work()
    assert await stall.texts(anna) == written
    grant = {"plan_id": str(stall.plan_id), "days": 3, "idempotence_key": new_key()}
    assert await desk.refused(f"/users/{anna.id}/grants", **grant) == (409, "user_forgotten")
    note = await desk.ask("PUT", f"/users/{anna.id}/note", json={"note": "x"})
    assert (note.status, note.json()["code"]) == (409, "user_forgotten")


async def test_only_owner_and_manager_have_somebody_forgotten_o1(stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    for role in (Role.SUPPORT, Role.ANALYST):
        answer = await desk.ask("POST", f"/users/{anna.id}/erasure", role=role, json={"ends_access": True})
        assert (answer.status, answer.json()["code"]) == (403, "role_not_allowed")
    assert (await desk.ask("POST", f"/users/{anna.id}/erasure", role=Role.MANAGER, json={})).status == 202


async def test_who_may_be_paying_is_forgotten_once_the_gateway_has_decided_o1(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await wish(desk, anna)
    await forget(market)
    row = await state_of(market, stall, anna)
    assert (row.waits_for, row.erased_at) == (Obstacle.PAYMENT, None)
    await market.skip(minutes=61)
    await stall.poll()
    assert (await stall.payment(payment.id)).status == PaymentStatus.CANCELED
    await forget(market)
    assert (await state_of(market, stall, anna)).erased_at is not None


async def test_money_that_came_late_is_shown_and_the_team_decides_o1(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await wish(desk, anna)
    await stall.pay(payment)
    await stall.poll()
    await forget(market)
    assert (await state_of(market, stall, anna)).waits_for == Obstacle.ACCESS
    refund = {"amount_minor": payment.amount_minor, "access": "revoke", "idempotence_key": new_key(), "reason": "late"}
    await desk.post(f"/payments/{payment.id}/refunds", **refund)
    await market.work()
    await market.skip(hours=2)
    await forget(market)
    assert (await state_of(market, stall, anna)).erased_at is not None
    assert sum(row.amount_minor for row in await market.rows(stall.tenant_id, LedgerEntry)) == 0


async def test_after_thirty_days_a_person_is_forgotten_whatever_is_in_the_air_o1(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await wish(desk, anna)
    await stall.pay(payment)
    await stall.poll()
    await forget(market)
    await market.skip(days=29, hours=23, minutes=50)
    await erasures.forget_due(market.worker, market.now())
    assert (await state_of(market, stall, anna)).erased_at is None
    await market.skip(minutes=30)
    await erasures.forget_due(market.worker, market.now())
    row = await state_of(market, stall, anna)
    assert (row.erased_at is not None, row.waits_for) == (True, Obstacle.ACCESS)
    assert row.due_at - row.asked_at == timedelta(days=30)


async def test_autopay_and_its_method_are_gone_at_once_o1(market: Market, stall: Stall, desk: Desk) -> None:
    await stall.change(Plan, stall.plan_id, is_recurring=True)
    anna = await renewing(stall)
    (autopay,) = await market.rows(stall.tenant_id, Autopay)
    assert autopay.method_ref
    await wish(desk, anna)
    (autopay,) = await market.rows(stall.tenant_id, Autopay)
    assert (autopay.method_ref, autopay.status) == (None, "off")
    await forget(market)
    (autopay,) = await market.rows(stall.tenant_id, Autopay)
    assert autopay.method_title == ""


async def test_a_trial_is_taken_once_even_by_who_was_forgotten_and_comes_back_o1(
    market: Market, stall: Stall, desk: Desk
) -> None:
    trial = await stall.add_plan(stall.channel_id, price_minor=0, is_trial=True)
    anna = await stall.buyer()
    await stall.order(anna, plan_id=trial.id)
    await market.work()
    await wish(desk, anna)
    await forget(market)
    async with market.tenant(stall.tenant_id) as session:
        kept = (await session.execute(text("SELECT telegram_id FROM trial_uses"))).scalars().all()
    assert len(kept) == 1
    assert kept[0] < 0
    again = await come_back(stall, anna.telegram_id)
    assert again.id != anna.id
    with pytest.raises(PlanRefusedError) as refused:
        await stall.order(again, plan_id=trial.id)
    assert refused.value.refusal is PlanRefusal.TRIAL_USED


async def come_back(stall: Stall, telegram_id: int) -> User:
    async with stall.market.tenant(stall.tenant_id) as session:
        who = Person(telegram_id, "Anna", None, None, "ru")
        return await ensure_user(session, bot_id=stall.bot_id, person=who, now=stall.market.now())


async def test_the_application_takes_no_line_out_of_the_list_of_the_forgotten_o5(
    market: Market, stall: Stall, desk: Desk, postgres_urls: Any
) -> None:
    anna, boris = await stall.buyer(), await stall.buyer()
    await wish(desk, anna)
    connection = await asyncpg.connect(postgres_urls.app.replace("+asyncpg", ""), timeout=10)
    try:
        for statement in ("DELETE FROM erasures", f"UPDATE erasures SET user_id = '{UUID(str(boris.id))}'"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SELECT key FROM person_keys")
    finally:
        await connection.close()
    async with market.tenant(stall.tenant_id) as session:
        assert (await session.execute(select(func.count()).select_from(Erasure))).scalar_one() == 1
