"""A person's own data, all of it and nobody else's (fault O2)."""

from __future__ import annotations

import orjson

from lumenpay.erasures.catalogue import PERSONAL
from lumenpay.models.audit import AuditEvent
from lumenpay.models.tenants import Role
from tests.integration.erasures.test_forgetting import CANARIES, enter, write_canaries
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall


async def test_everything_that_is_erased_of_a_person_is_told_to_them_o2(
    market: Market, stall: Stall, desk: Desk
) -> None:
    zina = await stall.buyer()
    await stall.bought(zina)
    await enter(stall, zina)
    await write_canaries(stall, desk, zina)
    answer = await desk.ask("POST", f"/users/{zina.id}/data")
    assert answer.status == 200
    text = answer.body.decode().lower()
    for word in (*CANARIES, str(zina.telegram_id)):
        assert word.lower() in text, word
    told = answer.json()["tables"]
    expected = "users user_tags payments subscriptions access_logs ledger_entries audit_events"
    assert set(expected.split()) <= set(told)
    by_name = {table.model.__tablename__: table for table in PERSONAL}
    for name, rows in told.items():
        hidden = {"tenant_id", *by_name[name].withheld.split()}
        assert not any(hidden & set(row) for row in rows), name
        assert all(set(row) | hidden == set(by_name[name].model.__table__.columns.keys()) for row in rows), name
    (event,) = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "user.data_told")
    assert (event.subject_id, event.actor_kind) == (zina.id, "admin")


async def test_nothing_of_another_person_is_told_o2(market: Market, stall: Stall, desk: Desk) -> None:
    zina, boris = await stall.buyer(), await stall.buyer(first_name="Boris")
    for person in (zina, boris):
        await stall.bought(person)
        await enter(stall, person)
    await write_canaries(stall, desk, zina)
    text = (await desk.ask("POST", f"/users/{boris.id}/data")).body.decode().lower()
    assert "boris" in text
    assert not any(word.lower() in text for word in (*CANARIES, str(zina.telegram_id), str(zina.id)))


async def test_only_the_owner_takes_all_of_somebodys_data_out_o2(stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    for role in (Role.MANAGER, Role.SUPPORT, Role.ANALYST):
        answer = await desk.ask("POST", f"/users/{anna.id}/data", role=role)
        assert (answer.status, orjson.loads(answer.body)["code"]) == (403, "role_not_allowed")
