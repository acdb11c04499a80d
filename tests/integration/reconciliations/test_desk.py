"""Runs and differences as people of the portal see and steer them."""

from __future__ import annotations

from lumenpay.models.audit import AuditEvent
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.payments import Payment
from lumenpay.models.tenants import Role
from tests.integration.reconciliations.runs import entry_of, reconcile
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall


async def test_a_manager_starts_a_run_watches_it_and_deals_with_what_it_found(
    market: Market, stall: Stall, desk: Desk
) -> None:
    payment = await stall.bought(await stall.buyer())
    entry_of(stall, payment).body["status"] = "canceled"
    await market.skip(minutes=1)
    body = {"bot_id": str(stall.bot_id), "days": 7}
    for role, status in ((Role.SUPPORT, 403), (Role.ANALYST, 403), (Role.MANAGER, 202)):
        assert (await desk.ask("POST", "/reconciliations", role=role, json=body)).status == status
    again = await desk.post("/reconciliations", **body)
    [running] = (await desk.get("/reconciliations"))["items"]
    assert (running["id"], running["status"]) == (again["id"], "running")
    await market.work()
    ended = await desk.get(f"/reconciliations/{running['id']}")
    assert (ended["status"], ended["open_count"]) == ("done", 1)
    [finding] = (await desk.get("/reconciliations/findings", state="open"))["items"]
    assert finding["ours"] == {"status": "succeeded", "amount": {"amount_minor": 99_000, "currency": "RUB"}}
    assert (finding["kind"], finding["gateway"]["status"]) == ("not_paid_at_gateway", "canceled")
    path = f"/reconciliations/findings/{finding['id']}/dismiss"
    assert (await desk.ask("POST", path, role=Role.SUPPORT)).status == 403
    assert (await desk.post(path))["state"] == "dismissed"
    assert await desk.refused(path) == (409, "reconciliation_finding_closed")
    assert (await stall.payment(payment.id)).quarantine_reason is None
    actions = [row.action for row in await market.rows(stall.tenant_id, AuditEvent)]
    assert (actions.count("reconciliation.started"), actions.count("reconciliation.dismissed")) == (2, 1)


async def test_without_a_working_shop_there_is_nothing_to_compare(market: Market, stall: Stall, desk: Desk) -> None:
    await market.yookassa("POST", f"/shops/{stall.shop['shop_id']}/rotate-key")
    assert (await reconcile(stall)).status == "failed"
    assert await desk.refused("/reconciliations", bot_id=str(stall.bot_id)) == (409, "shop_not_connected")
    assert not await market.rows(stall.tenant_id, Payment)


async def test_a_manager_has_the_stars_of_a_bot_compared_and_sees_whose_list_it_was(market: Market, desk: Desk) -> None:
    stall = desk.stall
    bots = (await desk.get("/bots"))["items"]
    assert [bot["stars_reconcile_at"] for bot in bots] == [None]
    body = {"bot_id": str(stall.bot_id), "provider": "stars", "days": 7}
    for role, status in ((Role.SUPPORT, 403), (Role.ANALYST, 403), (Role.MANAGER, 202)):
        assert (await desk.ask("POST", "/reconciliations", role=role, json=body)).status == status
    shop = await desk.post("/reconciliations", bot_id=str(stall.bot_id), days=7)
    stars = await desk.post("/reconciliations", **body)
    assert (shop["provider"], stars["provider"], stars["shop_id"]) == ("yookassa", "stars", "telegram")
    await market.work()
    ended = (await desk.get("/reconciliations"))["items"]
    assert {(run["provider"], run["status"]) for run in ended} == {("yookassa", "done"), ("stars", "done")}
    await stall.change(Bot, stall.bot_id, status=BotStatus.TOKEN_REVOKED)
    assert await desk.refused("/reconciliations", **body) == (409, "bot_not_active")
