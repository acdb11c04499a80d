"""Broadcasts from the portal: written, counted, looked at in Telegram, sent, followed, and sent again in part."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.accounts import AdminIdentity
from lumenpay.models.audit import AuditEvent
from lumenpay.models.bots import Bot
from lumenpay.models.broadcasts import BroadcastTrigger
from lumenpay.models.plans import Audience, Plan
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.tenants import Role
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.tasks import broadcasts
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


async def test_three_drafts_call_people_back_with_codes_that_the_owner_chose(
    market: Market, stall: Stall, desk: Desk
) -> None:
    small, large = await stall.promo("BACK10", discount_value=10), await stall.promo("BACK30", discount_value=30)
    calls = [
        {"after_days": 1, "promo_code_id": None}, {"after_days": 7, "promo_code_id": str(small.id)},
        {"after_days": 30, "promo_code_id": str(large.id)},
    ]  # fmt: skip
    body = {"bot_id": str(stall.bot_id), "calls": calls, "idempotence_key": new_key()}
    made, again = await desk.post("/broadcasts/for-expired", **body), await desk.post("/broadcasts/for-expired", **body)
    drafts = made["items"]
    assert [one["id"] for one in drafts] == [one["id"] for one in again["items"]]
    assert [(one["trigger"], one["delay_minutes"] // 1440, one["category"]) for one in drafts] == [
        ("expired", days, "offers") for days in (1, 7, 30)
    ]
    assert [one["status"] for one in drafts] == ["draft"] * 3
    assert [[button["text"] for button in one["buttons"]] for one in drafts] == [
        ["Вернуться: Club, 30 days"],
        ["Вернуться: −10 %"],
        ["Вернуться: −30 %"],
    ]
    assert [one["buttons"][0]["plan_id"] for one in drafts] == [str(stall.plan_id), None, None]
    assert [one["buttons"][0]["promo_code_id"] for one in drafts[1:]] == [str(small.id), str(large.id)]
    assert [one["title"].partition(": ")[2] for one in drafts] == ["через 1 день", "через 7 дней", "через 30 дней"]
    assert ["1 день" in drafts[0]["text"], "7 дней" in drafts[1]["text"], "30 дней" in drafts[2]["text"]] == [True] * 3
    for days in (7, 9):
        wrong = {**body, "calls": [{"after_days": days}, calls[1]], "idempotence_key": new_key()}
        answer = await desk.ask("POST", "/broadcasts/for-expired", json=wrong)
        assert (answer.status, answer.json()["fields"]) == (422, {"calls.1.after_days": "not_later"})
    assert len((await desk.get("/broadcasts"))["items"]) == 3


async def test_a_draft_for_those_who_left_leads_to_a_plan_that_they_can_buy_and_else_to_the_bot(
    market: Market, stall: Stall, desk: Desk
) -> None:
    async def write() -> tuple[str, list[tuple[str | None, str]]]:
        body = {"bot_id": str(stall.bot_id), "calls": [{"after_days": 3}], "idempotence_key": new_key()}
        (only,) = (await desk.post("/broadcasts/for-expired", **body))["items"]
        return only["text"], [(button["plan_id"], button["text"]) for button in only["buttons"]]

    await stall.change(Plan, stall.plan_id, is_trial=True)
    text, buttons = await write()
    assert ("/start" in text, buttons) == (True, [])
    channel = await stall.add_channel()
    await stall.add_plan(channel.id, position=1, is_hidden=True)
    await stall.add_plan(channel.id, position=2, audience=Audience.NEW)
    await stall.add_plan(channel.id, position=3, sale_ends_at=market.now() - timedelta(days=1))
    lapsed = await stall.add_plan(channel.id, position=4, audience=Audience.LAPSED)
    await stall.change(Plan, lapsed.id, title="Again")
    text, buttons = await write()
    assert ("/start" in text, "/buy" in text, buttons) == (False, False, [(str(lapsed.id), "Вернуться: Again")])
    for_all = await stall.add_plan(channel.id, position=5)
    await stall.change(Plan, for_all.id, title="For all")
    text, buttons = await write()
    assert ("/buy" in text, buttons) == (True, [(str(for_all.id), "Вернуться: For all")])


async def test_one_that_goes_by_itself_says_when_it_last_reached_anybody(
    market: Market, stall: Stall, desk: Desk, mailing: Mailing
) -> None:
    path = f"/broadcasts/{await mailing.started('Welcome!', trigger=BroadcastTrigger.WELCOME)}"
    await mailing.work()
    assert (await desk.get(path))["last_sent_at"] is None
    await mailing.readers(1)
    await market.skip(minutes=2)
    before = market.now()
    await broadcasts.take_due_steps(market.worker, market.now())
    await mailing.work()
    after = market.now()
    await market.skip(hours=3)
    (shown,) = (await desk.get("/broadcasts"))["items"]
    assert (shown["status"], shown["sent_count"]) == ("running", 1)
    assert before <= datetime.fromisoformat(shown["last_sent_at"]) <= after


async def test_drafts_for_those_who_left_are_in_the_language_of_the_tenant(
    market: Market, stall: Stall, desk: Desk
) -> None:
    async with market.tenant(stall.tenant_id) as session:
        (await get_own_tenant(session)).locale = "en"
    body = {"bot_id": str(stall.bot_id), "calls": [{"after_days": 3}], "idempotence_key": new_key()}
    (only,) = (await desk.post("/broadcasts/for-expired", **body))["items"]
    assert (only["title"], only["delay_minutes"]) == ("To those who left: after 3 days", 3 * 1440)
    assert ("ended 3 days ago" in only["text"], only["buttons"][0]["text"]) == (True, "Come back: Club, 30 days")
