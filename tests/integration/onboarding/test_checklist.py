"""The checklist is what there really is, step by step, and says what to do next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import update

from lumenpay.db.session import Database
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.bots import Bot
from lumenpay.models.ids import TenantId
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.users import User
from sandbox.telegram.state.members import Member
from tests.integration.control_plane.conftest import Owner
from tests.support.portal import Portal


async def look(owner: Owner) -> dict[str, tuple[str, str]]:
    found = await owner.browser.request("GET", owner.path("/onboarding"))
    assert found.status == 200, found.body
    return read(found.json())


def read(found: dict[str, Any]) -> dict[str, tuple[str, str]]:
    steps = {step["code"]: (step["state"], step["reason"]) for step in found["steps"]}
    assert all(step["hint"] for step in found["steps"])
    return {**steps, "next": (str(found["next"]), f"{found['done']}/{found['total']}")}


async def send(owner: Owner, method: str, path: str, **body: Any) -> Any:
    answer = await owner.browser.request(method, owner.path(path), json=body or None)
    assert answer.status < 300, answer.body
    return answer.json()


async def settle(
    portal: Portal, owner: Owner, database: Database, *, bot_id: str, plan_id: str, provider: str = "yookassa"
) -> None:
    tenant_id, user_id, now = TenantId(UUID(owner.tenant_id)), new_uuid7(), portal.clock.now()
    common = {"tenant_id": tenant_id, "bot_id": bot_id, "created_at": now}
    async with database.tenant(tenant_id) as session:
        session.add(User(**common, id=user_id, telegram_id=user_id.int % 2**40, last_seen_at=now))
        await session.flush()
        session.add(
            Payment(
                **common, id=new_uuid7(), user_id=user_id, plan_id=plan_id, provider=provider,
                is_test=provider == "yookassa", status=PaymentStatus.SUCCEEDED,
                delivery_state=DeliveryState.GRANTED, amount_minor=100, list_price_minor=100, currency="RUB",
                period_unit="month", period_count=1, description="x", idempotence_key=f"{user_id}", settled_at=now,
            )
        )  # fmt: skip


async def test_each_step_is_done_when_it_really_is(portal: Portal, owner: Owner, database: Database) -> None:
    assert (await look(owner))["next"] == ("bot", "0/6")
    made = portal.new_bot()
    bot = await send(owner, "POST", "/bots", token=made.token)
    seen = await look(owner)
    assert (seen["bot"], seen["webhook"]) == (("done", "bot_connected"), ("waiting", "webhook_waiting"))
    async with database.tenant(TenantId(UUID(owner.tenant_id))) as session:
        await session.execute(update(Bot).values(webhook_set_at=portal.clock.now()))
    assert (await look(owner))["next"] == ("shop", "2/6")
    shop = portal.new_shop()
    await send(owner, "PUT", f"/bots/{bot['id']}/shop", shop_id=shop.shop_id, secret_key=shop.secret_key)
    seen = await look(owner)
    assert (seen["shop"], seen["next"]) == (("done", "shop_test"), ("channel", "3/6"))
    chat_id = portal.new_channel(made.token)
    channel = await send(owner, "POST", "/channels", bot_id=bot["id"], chat=str(chat_id))
    assert (await look(owner))["next"] == ("plan", "4/6")
    plan = await send(
        owner, "POST", "/plans", bot_id=bot["id"], channel_ids=[channel["id"]], title="Month", price_minor=100,
        period_unit="month", period_count=1,
    )  # fmt: skip
    assert (await look(owner))["next"] == ("test_purchase", "5/6")
    for provider in ("manual", "import", "gift"):
        # Given to somebody, by whom nothing was bought.
        await settle(portal, owner, database, bot_id=bot["id"], plan_id=plan["id"], provider=provider)
    assert (await look(owner))["next"] == ("test_purchase", "5/6")
    await settle(portal, owner, database, bot_id=bot["id"], plan_id=plan["id"])
    seen = await look(owner)
    assert (seen["test_purchase"], seen["next"]) == (("done", "test_purchase_done"), ("None", "6/6"))


async def test_checking_again_finds_what_was_taken_away_and_what_was_given_back(portal: Portal, owner: Owner) -> None:
    made = portal.new_bot()
    bot = await send(owner, "POST", "/bots", token=made.token)
    chat_id = portal.new_channel(made.token)
    await send(owner, "POST", "/channels", bot_id=bot["id"], chat=str(chat_id))
    bot_id = int(made.token.partition(":")[0])
    members = portal.world.channels[chat_id].members
    full = members[bot_id]
    members[bot_id] = Member(bot_id, "administrator", rights=full.rights - {"can_restrict_members"})
    # What nobody asked about is not known yet.
    assert (await look(owner))["channel"] == ("done", "channel_ready")
    found = await send(owner, "POST", "/onboarding/check")
    assert read(found)["channel"] == ("failed", "rights_missing")
    step = next(step for step in found["steps"] if step["code"] == "channel")
    assert step["missing_rights"] == ["can_restrict_members"]
    assert "«Блокировка участников»" in step["hint"]
    members[bot_id] = full
    assert read(await send(owner, "POST", "/onboarding/check"))["channel"] == ("done", "channel_ready")


async def test_checking_again_notices_refused_keys_and_a_revoked_token(portal: Portal, owner: Owner) -> None:
    made = portal.new_bot()
    bot = await send(owner, "POST", "/bots", token=made.token)
    shop = portal.new_shop()
    await send(owner, "PUT", f"/bots/{bot['id']}/shop", shop_id=shop.shop_id, secret_key=shop.secret_key)
    shop.secret_key = "test_another"
    portal.world.revoke_token(portal.world.bots[int(made.token.partition(":")[0])])
    seen = read(await send(owner, "POST", "/onboarding/check"))
    assert seen["shop"] == ("failed", "shop_keys_refused")
    assert seen["bot"] == ("failed", "token_revoked")
