"""A file from the owner's disk goes straight to their chat with the bot, and only Telegram's id of it stays."""

from __future__ import annotations

from typing import Any

import pytest

from control_plane.broadcasts import uploading
from control_plane.edge import MAX_FILE_BYTES, Receive, Scope, Send
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.accounts import AdminIdentity
from lumenpay.models.audit import AuditEvent
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.tenants import Role
from lumenpay.models.users import User
from tests.support.asgi import Answer
from tests.support.desk import Desk, desk, new_key
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.stall import Stall

__all__ = ["desk"]
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\x01" * 5_000
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0" + b"\x02" * 3_000_000
PDF = b"%PDF-1.7\n" + b"\x03" * 2_000
BYTES = {"content-type": "application/octet-stream"}


@pytest.fixture
async def owner(market: Market, desk: Desk, mailing: Mailing) -> User:
    """Whose Telegram is linked, and who has started the bot."""
    (owner,) = await mailing.readers(1)
    identity = AdminIdentity(
        id=new_uuid7(), admin_id=desk.people[Role.OWNER], provider="telegram", subject=str(owner.telegram_id),
        created_at=market.now(),
    )  # fmt: skip
    async with unscoped_session(market.worker.database) as session:
        session.add(identity)
    return owner


async def upload(desk: Desk, kind: str, content: bytes, *, name: str = "", **request: Any) -> Answer:
    path, headers = f"/broadcasts/media/{desk.stall.bot_id}", BYTES | request.pop("headers", {})
    query = {"kind": kind, "name": name}
    return await desk.ask("POST", path, content=content, query=query, headers=headers, **request)


def received(stall: Stall, user: User) -> list[Any]:
    chat = stall.market.world.private_chat(stall.telegram_bot_id, user.telegram_id)
    return [message for message in chat.book.messages.values() if message.from_bot]


async def test_a_file_arrives_in_ones_own_chat_and_is_sent_to_others_by_its_id(
    market: Market, stall: Stall, desk: Desk, mailing: Mailing, owner: User
) -> None:
    for kind, content in (("photo", JPEG), ("video", MP4), ("document", PDF)):
        answer = await upload(desk, kind, content, chunks=5, headers={"content-length": str(len(content))})
        assert (answer.status, answer.json()["medium_kind"]) == (200, kind)
        message = received(stall, owner)[-1]
        sent = message.content[kind][-1] if kind == "photo" else message.content[kind]
        assert (sent["file_id"], sent["file_size"]) == (answer.json()["medium"], len(content))
        body = {"bot_id": str(stall.bot_id), "title": "Spring", "text": "Look!", "idempotence_key": new_key()}
        made = await desk.post("/broadcasts", **body, **answer.json())
        tested = await desk.post(f"/broadcasts/{made['id']}/test", user_id=None)
        assert (tested["tested_at"] is not None, tested["medium"]) == (True, answer.json()["medium"])
    events = [row for row in await market.rows(stall.tenant_id, AuditEvent) if row.action == "broadcast.medium_sent"]
    assert [row.details["kind"] for row in events] == ["photo", "video", "document"]
    assert {row.actor_id for row in events} == {desk.people[Role.OWNER]}


async def test_a_document_is_called_as_it_is_and_nothing_of_a_path_is_left_j9(
    market: Market, stall: Stall, desk: Desk, owner: User
) -> None:
    await upload(desk, "document", PDF, name="../../etc/Прайс\u202e.exe")
    calls = list(market.world.recorder.calls(bot_id=None, method="sendDocument", after=0))
    assert [call.parameters["document"].name for call in calls] == ["Прайс.pdf"]
    assert calls[0].parameters["document"].content_type == "application/pdf"
    assert received(stall, owner)[-1].content["document"]["file_size"] == len(PDF)


@pytest.mark.parametrize(
    ("kind", "content", "why"),
    [
        ("photo", b"<svg onload='alert(1)'/>" * 9, "not_a_photo"), ("photo", PDF, "not_a_photo"),
        ("photo", JPEG + b"\0" * 10_000_000, "too_large"), ("video", JPEG, "not_a_video"),
        ("document", b"MZ\x90\0" * 99, "not_a_document"), ("document", b"<!doctype html>" * 9, "not_a_document"),
        ("video", b"", "empty"),
    ],
)  # fmt: skip
async def test_what_a_file_is_not_it_is_not_sent_as_j9(
    stall: Stall, desk: Desk, owner: User, kind: str, content: bytes, why: str
) -> None:
    answer = await upload(desk, kind, content, name="photo.jpg")
    assert (answer.status, answer.json()["code"], answer.json()["fields"]) == (422, "medium_refused", {"file": why})
    assert received(stall, owner) == []


async def test_the_edge_takes_no_more_than_telegram_and_only_bytes_of_known_length_j9_k6(
    stall: Stall, desk: Desk, owner: User
) -> None:
    refused = [
        await upload(desk, "document", PDF, headers={"content-length": str(MAX_FILE_BYTES + 1)}, chunks=2),
        await upload(desk, "document", PDF, chunks=3),
        await upload(desk, "document", PDF, headers={"content-type": "multipart/form-data; boundary=x"}),
        await upload(desk, "document", PDF, headers={"origin": "https://evil.example"}),
    ]
    found = [(answer.status, answer.json()["code"]) for answer in refused]
    assert found == [(413, "too_large"), (411, "length_required"), (415, "bytes_only"), (403, "cross_site_request")]
    # Nowhere else do bytes get past it.
    answer = await desk.ask("POST", f"/broadcasts/media/{stall.bot_id}/more", content=PDF, headers=BYTES)
    assert (answer.status, answer.json()["code"]) == (415, "json_only")
    assert received(stall, owner) == []


async def test_whose_chat_with_the_bot_is_missing_is_told_so_before_the_file_goes_out(
    market: Market, stall: Stall, desk: Desk, mailing: Mailing
) -> None:
    assert (await upload(desk, "photo", JPEG)).json()["code"] == "test_reader_missing"
    stranger = market.world.add_user(first_name="Alice")
    identity = AdminIdentity(
        id=new_uuid7(), admin_id=desk.people[Role.OWNER], provider="telegram", subject=str(stranger.id),
        created_at=market.now(),
    )  # fmt: skip
    async with unscoped_session(market.worker.database) as session:
        session.add(identity)
    answer = await upload(desk, "photo", JPEG)
    assert (answer.status, answer.json()["code"]) == (409, "test_reader_missing")
    assert list(market.world.recorder.calls(bot_id=None, method="sendPhoto", after=0)) == []


async def test_what_telegram_says_of_a_file_is_passed_on(market: Market, stall: Stall, desk: Desk, owner: User) -> None:
    refusal = "Bad Request: PHOTO_INVALID_DIMENSIONS"
    market.world.faults.add(
        {"match": {"method": "sendphoto", "count": 1}, "effect": {"kind": "status", "status": 400,
         "description": refusal}}
    )  # fmt: skip
    answer = (await upload(desk, "photo", JPEG)).json()
    assert (answer["code"], answer["fields"]["telegram"]) == ("broadcast_refused", refusal)
    market.world.faults.add(
        {"match": {"method": "sendphoto", "count": 1}, "effect": {"kind": "rate", "retry_after": 7}}
    )
    assert (await upload(desk, "photo", JPEG)).status == 503
    market.world.faults.add(
        {"match": {"count": 1}, "effect": {"kind": "status", "status": 401, "description": "Unauthorized"}}
    )
    assert (await upload(desk, "photo", JPEG)).json()["code"] == "telegram_token_revoked"
    (bot,) = await market.rows(stall.tenant_id, Bot)
    assert bot.status != BotStatus.ACTIVE
    assert received(stall, owner) == []


async def test_a_file_is_not_tried_again_by_itself_when_telegram_asks_to_wait(
    market: Market, stall: Stall, desk: Desk, owner: User
) -> None:
    slow_down = {"kind": "rate", "retry_after": 2}
    market.world.faults.add({"match": {"method": "sendphoto", "count": 1}, "effect": slow_down})
    answer = await upload(desk, "photo", JPEG)
    assert (answer.status, answer.json()["code"]) == (503, "telegram_retry_later")
    assert received(stall, owner) == []


async def test_of_who_goes_away_in_the_middle_nothing_stays(stall: Stall, desk: Desk, owner: User) -> None:
    async def losing(scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def receive_some() -> Any:
            nonlocal taken
            taken += 1
            return {"type": "http.disconnect"} if taken > 3 else await receive()

        await desk.app(scope, receive_some, send)

    lost = Desk(desk.stall, losing, desk.people)  # type: ignore[arg-type]  # an application all the same
    answer = await upload(lost, "video", MP4, chunks=9, headers={"content-length": str(len(MP4))})
    assert answer.status == 503
    assert received(stall, owner) == []
    assert not uploading._going


async def test_one_process_takes_only_so_many_files_at_once_k6(
    stall: Stall, desk: Desk, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "MOST_AT_ONCE", 0)
    answer = await upload(desk, "photo", JPEG)
    assert (answer.status, answer.json()["code"], answer.header("retry-after")) == (503, "uploads_busy", "30")
    assert received(stall, owner) == []
