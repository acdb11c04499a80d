"""Broadcasts from the portal: written, counted, looked at in Telegram, sent, followed, and sent again in part."""

from __future__ import annotations

from typing import Any

from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.accounts import AdminIdentity
from lumenpay.models.audit import AuditEvent
from lumenpay.models.bots import Bot
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.tenants import Role
from tests.support.desk import Desk, desk, new_key
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.stall import Stall

__all__ = ["desk"]
PHOTO = {"medium_kind": "photo", "medium": "https://example.org/spring.jpg"}


def written(stall: Stall, **values: Any) -> dict[str, Any]:
    return {
        "bot_id": str(stall.bot_id), "title": "Spring", "text": "<b>Hello, {name}!</b>", "idempotence_key": new_key(),
        **values,
    }  # fmt: skip


async def test_the_whole_way_from_a_draft_to_the_last_reader(
    market: Market, stall: Stall, desk: Desk, mailing: Mailing
) -> None:
    anna, boris = await mailing.readers(2, source="vk")
    await mailing.readers(1, source="ads")
    code: PromoCode = await stall.promo("SPRING")
    buttons = [
        {"row": 0, "text": "Read", "url": "https://example.org"},
        {"row": 0, "text": "Buy", "plan_id": str(stall.plan_id)},
        {"row": 4, "text": "-50 %", "promo_code_id": str(code.id)},
    ]
    body = written(stall, query="source=vk&page=2", buttons=buttons, plan_fallback="nothing", **PHOTO)
    made, again = await desk.post("/broadcasts", **body), await desk.post("/broadcasts", **body)
    assert (made["id"], made["status"], made["max_length"]) == (again["id"], "draft", 1024)
    assert (made["plan_fallback"], made["repeats"], made["trigger"]) == ("nothing", None, None)
    assert await desk.refused("/broadcasts", **{**body, "text": "Other"}) == (409, "idempotence_key_reused")
    path = f"/broadcasts/{made['id']}"
    figures = await desk.get(f"/broadcasts/audience/{stall.bot_id}", query="source=vk")
    assert figures == {"reached": 2, "blocked": 0, "opted_out": 0}
    assert (await desk.ask("POST", f"{path}/send", json={})).json()["code"] == "broadcast_not_tested"
    tested = await desk.post(f"{path}/test", user_id=str(anna.id))
    # Telegram has the photo now: it is not fetched again for each reader.
    assert (tested["tested_at"] is not None, tested["medium"].startswith("AgAD")) == (True, True)
    sent = await desk.post(f"{path}/send", version=tested["version"])
    assert (sent["status"], sent["total_count"]) == ("running", None)
    await mailing.work()
    done = await desk.get(path)
    figures = ("status", "total_count", "left_count", "sent_count", "uncertain_count", "seconds_left")
    assert [done[name] for name in figures] == ["finished", 2, 0, 2, 0, None]
    message = market.world.private_chat(stall.telegram_bot_id, boris.telegram_id).book.messages
    (last,) = [one for one in message.values() if one.from_bot]
    assert (last.text, last.is_caption, last.content["photo"][0]["file_id"]) == (
        f"Hello, {boris.first_name}!", True, tested["medium"]
    )  # fmt: skip
    keyboard = [[button.get("url", "way out") for button in row] for row in last.reply_markup["inline_keyboard"]]
    start = f"https://t.me/{(await market.rows(stall.tenant_id, Bot))[0].username}?start="
    assert keyboard == [
        ["https://example.org", f"{start}plan_{stall.plan_id}"], [f"{start}promo_SPRING"], ["way out"],
    ]  # fmt: skip
    people = await desk.get(f"{path}/recipients", state="sent", size=1)
    rest = await desk.get(f"{path}/recipients", after=people["next_cursor"])
    assert {one["user_id"] for one in people["items"] + rest["items"]} == {str(anna.id), str(boris.id)}
    assert (await desk.get("/broadcasts", status="finished"))["total"] == 1
    assert (await desk.get("/broadcasts", status="draft"))["total"] == 0
    actions = [row.action for row in await market.rows(stall.tenant_id, AuditEvent)]
    assert [actions.count(f"broadcast.{name}") for name in ("created", "started", "finished")] == [1, 1, 1]


async def test_a_test_goes_to_the_linked_account_and_what_telegram_refuses_is_said(
    market: Market, stall: Stall, desk: Desk, mailing: Mailing
) -> None:
    (owner,) = await mailing.readers(1)
    made = await desk.post("/broadcasts", **written(stall))
    path = f"/broadcasts/{made['id']}/test"
    assert (await desk.ask("POST", path, json={})).json()["code"] == "test_reader_missing"
    async with unscoped_session(market.worker.database) as session:
        session.add(
            AdminIdentity(
                id=new_uuid7(), admin_id=desk.people[Role.OWNER], provider="telegram", subject=str(owner.telegram_id),
                created_at=market.now(),
            )
        )  # fmt: skip
    assert (await desk.ask("POST", path, json={})).json()["tested_at"] is not None
    assert len(mailing.arrived(owner)) == 1
    market.world.faults.add(
        {"match": {"method": "sendmessage", "count": 1},
         "effect": {"kind": "status", "status": 400, "description": "Bad Request: can't parse entities"}}
    )  # fmt: skip
    answer = (await desk.ask("POST", path, json={})).json()
    assert (answer["code"], answer["fields"]) == (
        "broadcast_refused", {"telegram": "Bad Request: can't parse entities"}
    )  # fmt: skip
    market.world.private_chat(stall.telegram_bot_id, owner.telegram_id).is_blocked = True
    assert (await desk.ask("POST", path, json={})).json()["code"] == "test_reader_missing"


async def test_what_cannot_be_sent_is_not_stored(stall: Stall, desk: Desk) -> None:
    button = {"row": 0, "text": "Go"}
    for values, field in (
        ({"text": "<b>Hello"}, "text"),
        ({"text": "x" * 1025, **PHOTO}, "text"),
        ({"medium_kind": "photo"}, "medium"),
        ({"medium_kind": "video", "medium": "http://example.org/a.mp4"}, "medium"),
        ({"buttons": [button]}, "buttons.0"),
        ({"buttons": [{**button, "url": "javascript:alert(1)"}]}, "buttons.0.url"),
        ({"buttons": [{**button, "plan_id": new_key()}]}, "buttons.0.plan_id"),
        ({"buttons": [{**button, "promo_code_id": new_key()}]}, "buttons.0.promo_code_id"),
        ({"buttons": [{**button, "url": "https://example.org"}] * 5}, "buttons"),
        ({"from_hour": 20, "until_hour": 9}, "until_hour"),
        ({"query": f"bot_id={new_key()}"}, "query"),
        ({"repeats": "daily", "trigger": "welcome"}, "repeats"),
    ):
        answer = await desk.ask("POST", "/broadcasts", json=written(stall, **values))
        assert (answer.status, list(answer.json()["fields"])) == (422, [field]), values
    assert (await desk.get("/broadcasts"))["total"] == 0
    preview = {"bot_id": str(stall.bot_id), "locale": "en", "text": "Hi, {name}!", "buttons": [], "name": ""}
    shown = await desk.post("/broadcasts/preview", **preview)
    assert (shown["html"], shown["buttons"], shown["max_length"]) == ("Hi, friend!", [["🔕 No more of these"]], 4096)
    named = {**preview, "text": "{plan}, {paid_until}", "plan": "Club"}
    assert (await desk.post("/broadcasts/preview", **named))["html"] == "Club, forever"
    nameless = {**named, "plan": "", "plan_fallback": "No plan", "paid_until_fallback": "nothing"}
    assert (await desk.post("/broadcasts/preview", **nameless))["html"] == "No plan, nothing"


async def test_support_looks_and_does_not_send_and_an_edit_over_another_one_is_refused(
    stall: Stall, desk: Desk, mailing: Mailing
) -> None:
    made = await desk.post("/broadcasts", **written(stall))
    path, change = f"/broadcasts/{made['id']}", {"title": "Spring", "text": "Hello"}
    assert (await desk.ask("GET", path, role=Role.SUPPORT)).status == 200
    assert (await desk.ask("POST", f"{path}/send", role=Role.SUPPORT, json={})).status == 403
    changed = (await desk.ask("PUT", path, json={**change, "version": made["version"]})).json()
    refused = await desk.ask("PUT", path, json={**change, "text": "Bye", "version": made["version"]})
    assert (refused.status, refused.json()["code"]) == (409, "changed_meanwhile")
    (reader,) = await mailing.readers(1)
    await desk.post(f"{path}/test", user_id=str(reader.id))
    stale = await desk.ask("POST", f"{path}/send", json={"version": made["version"]})
    assert (stale.status, stale.json()["code"]) == (409, "changed_meanwhile")
    assert (await desk.ask("POST", f"{path}/send", json={"version": changed["version"]})).status == 200
    assert (await desk.ask("DELETE", path)).json()["code"] == "broadcast_state"
    other = await desk.post("/broadcasts", **written(stall))
    assert (await desk.ask("DELETE", f"/broadcasts/{other['id']}")).status == 204
    assert (await desk.ask("GET", f"/broadcasts/{other['id']}")).status == 404
