"""Channels: rights, invite links, join requests, removal."""

from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError

from tests.contract.telegram_sandbox.actors import Hook, Sandbox, until

DAY = 24 * 3600


@pytest.fixture
async def place(sandbox: Sandbox):
    bot = await sandbox.bot()
    return bot, await sandbox.channel(bot)


async def test_a_limited_link_counts_who_is_inside_now_and_works_again_after_leaving(sandbox: Sandbox, place):
    bot, channel_id = place
    first, second = await sandbox.user("First"), await sandbox.user("Second")
    link = await bot.create_chat_invite_link(channel_id, member_limit=1, name="one place")
    assert await sandbox.join(first, link.invite_link) == "joined"
    assert await sandbox.join(second, link.invite_link) == "full"
    await sandbox.control("DELETE", f"/channels/{channel_id}/members/{first}")
    assert await sandbox.join(second, link.invite_link) == "joined"
    assert await sandbox.join(second, link.invite_link) == "already_member"
    await bot.revoke_chat_invite_link(channel_id, link.invite_link)
    assert await sandbox.join(first, link.invite_link) == "revoked"


async def test_a_join_by_link_tells_the_bot_which_link(sandbox: Sandbox, hook: Hook, place):
    bot, channel_id = place
    user_id = await sandbox.user()
    await bot.set_webhook(hook.url, allowed_updates=["chat_member"], drop_pending_updates=True)
    link = await bot.create_chat_invite_link(channel_id, member_limit=1)
    await sandbox.join(user_id, link.invite_link)
    await until(lambda: hook.of_kind("chat_member"))
    change = hook.of_kind("chat_member")[0]
    assert (change["invite_link"]["invite_link"], change["from"]["id"]) == (link.invite_link, user_id)


async def test_a_link_ends_at_its_date(sandbox: Sandbox, place):
    bot, channel_id = place
    now = sandbox.world.clock.unix()
    link = await bot.create_chat_invite_link(channel_id, expire_date=now + 60)
    await sandbox.control("POST", "/clock", advance_seconds=61)
    assert await sandbox.join(await sandbox.user(), link.invite_link) == "expired"
    assert await sandbox.join(await sandbox.user(), "https://t.me/+nowhere") == "invalid"


@pytest.mark.parametrize(
    ("terms", "complaint"),
    [
        ({"member_limit": 1, "creates_join_request": True}, "member limit can't be specified"),
        ({"name": "a" * 33}, "longer than 32 characters"),
    ],
)
async def test_links_that_telegram_refuses_are_refused(place, terms, complaint):
    bot, channel_id = place
    with pytest.raises(TelegramBadRequest, match=complaint):
        await bot.create_chat_invite_link(channel_id, **terms)


async def test_a_join_request_waits_for_the_bot(sandbox: Sandbox, hook: Hook, place):
    bot, channel_id = place
    payer, stranger = await sandbox.user("Payer"), await sandbox.user("Stranger")
    await bot.set_webhook(hook.url, allowed_updates=["chat_join_request", "chat_member"], drop_pending_updates=True)
    link = (await bot.create_chat_invite_link(channel_id, creates_join_request=True)).invite_link
    for user_id in (payer, stranger):
        assert await sandbox.join(user_id, link) == "requested"
    await until(lambda: len(hook.of_kind("chat_join_request")) == 2)
    assert {one["from"]["id"] for one in hook.of_kind("chat_join_request")} == {payer, stranger}
    await bot.send_message(payer, "You may come in.")

    assert await bot.approve_chat_join_request(channel_id, payer)
    assert await bot.decline_chat_join_request(channel_id, stranger)
    await until(lambda: hook.of_kind("chat_member"))
    change = hook.of_kind("chat_member")[0]
    assert (change["new_chat_member"]["user"]["id"], change["via_join_request"]) == (payer, True)
    assert (await bot.get_chat_member(channel_id, payer)).status == "member"
    assert (await bot.get_chat_member(channel_id, stranger)).status == "left"
    with pytest.raises(TelegramBadRequest, match="USER_ALREADY_PARTICIPANT"):
        await bot.approve_chat_join_request(channel_id, payer)
    with pytest.raises(TelegramBadRequest, match="HIDE_REQUESTER_MISSING"):
        await bot.decline_chat_join_request(channel_id, stranger)
    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
        await bot.send_message(stranger, "too late")


@pytest.mark.parametrize(("seconds", "is_forever"), [(10, True), (60, False), (367 * DAY, True)])
async def test_a_ban_under_30_seconds_or_over_366_days_is_for_ever(sandbox: Sandbox, place, seconds, is_forever):
    bot, channel_id = place
    user_id = await sandbox.user()
    await sandbox.control("POST", f"/channels/{channel_id}/members", user_id=user_id)
    link = (await bot.create_chat_invite_link(channel_id)).invite_link
    await bot.ban_chat_member(channel_id, user_id, until_date=sandbox.world.clock.unix() + seconds)
    assert await sandbox.join(user_id, link) == "banned"
    await sandbox.control("POST", "/clock", advance_seconds=seconds + 1)
    assert await sandbox.join(user_id, link) == ("banned" if is_forever else "joined")
    await bot.unban_chat_member(channel_id, user_id, only_if_banned=True)
    assert await sandbox.join(user_id, link) == ("joined" if is_forever else "already_member")


async def test_unban_removes_a_member_without_a_ban(sandbox: Sandbox, place):
    bot, channel_id = place
    user_id = await sandbox.user()
    await sandbox.control("POST", f"/channels/{channel_id}/members", user_id=user_id)
    link = (await bot.create_chat_invite_link(channel_id)).invite_link
    await bot.unban_chat_member(channel_id, user_id, only_if_banned=True)
    assert (await bot.get_chat_member(channel_id, user_id)).status == "member"
    await bot.unban_chat_member(channel_id, user_id)
    assert (await bot.get_chat_member(channel_id, user_id)).status == "left"
    assert await bot.unban_chat_member(channel_id, user_id)
    assert await sandbox.join(user_id, link) == "joined"


async def test_the_owner_and_administrators_cannot_be_removed(sandbox: Sandbox, place):
    bot, channel_id = place
    admin = await sandbox.user("Admin")
    await sandbox.control("PUT", f"/channels/{channel_id}/admins/{admin}")
    owner_id = sandbox.world.channels[channel_id].owner_id
    for remove in (bot.ban_chat_member, bot.unban_chat_member):
        with pytest.raises(TelegramBadRequest, match="user is an administrator of the chat"):
            await remove(channel_id, admin)
        with pytest.raises(TelegramBadRequest, match="can't remove chat owner"):
            await remove(channel_id, owner_id)
    assert {one.user.id for one in await bot.get_chat_administrators(channel_id)} == {admin, owner_id, bot.id}


async def test_each_right_is_needed_for_its_methods(sandbox: Sandbox, place):
    bot, channel_id = place
    user_id, path = await sandbox.user(), f"/channels/{channel_id}/admins/{bot.id}"
    await sandbox.control("PUT", path, can_restrict_members=False)
    await bot.create_chat_invite_link(channel_id)
    with pytest.raises(TelegramBadRequest, match="not enough rights to restrict"):
        await bot.ban_chat_member(channel_id, user_id)
    await sandbox.control("PUT", path, rights=["can_restrict_members"])
    await bot.ban_chat_member(channel_id, user_id)
    with pytest.raises(TelegramBadRequest, match="not enough rights to manage chat invite link"):
        await bot.create_chat_invite_link(channel_id)
    own = await bot.get_chat_member(channel_id, bot.id)
    assert (own.status, own.can_restrict_members, own.can_invite_users) == ("administrator", True, False)


async def test_a_bot_that_is_put_out_is_told_and_shut_out(sandbox: Sandbox, hook: Hook, place):
    bot, channel_id = place
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    await sandbox.control("DELETE", f"/channels/{channel_id}/members/{bot.id}")
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the channel chat"):
        await bot.create_chat_invite_link(channel_id)
    await sandbox.control("PUT", f"/channels/{channel_id}/admins/{bot.id}")
    await bot.create_chat_invite_link(channel_id)
    await bot.leave_chat(channel_id)
    with pytest.raises(TelegramForbiddenError, match="bot is not a member of the channel chat"):
        await bot.get_chat(channel_id)
    await until(lambda: len(hook.of_kind("my_chat_member")) == 3)
    statuses = [one["new_chat_member"]["status"] for one in hook.of_kind("my_chat_member")]
    assert statuses == ["kicked", "administrator", "left"]


async def test_a_channel_is_unknown_to_a_bot_that_was_never_inside(sandbox: Sandbox, place):
    _, channel_id = place
    other = await sandbox.bot("beta_bot")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await other.get_chat(channel_id)


async def test_a_restriction_is_for_supergroups_and_ends_by_itself(sandbox: Sandbox, place):
    bot, channel_id = place
    user_id, group_id = await sandbox.user(), await sandbox.channel(bot, type="supergroup")
    for chat_id in (channel_id, group_id):
        await sandbox.control("POST", f"/channels/{chat_id}/members", user_id=user_id)
    until_date = sandbox.world.clock.unix() + 60
    permissions = {"can_send_messages": False}
    with pytest.raises(TelegramBadRequest, match="only for supergroups"):
        await bot.restrict_chat_member(channel_id, user_id, permissions)
    await bot.restrict_chat_member(group_id, user_id, permissions, until_date=until_date)
    limited = await bot.get_chat_member(group_id, user_id)
    assert (limited.status, limited.is_member, limited.can_send_messages) == ("restricted", True, False)
    await sandbox.control("POST", "/clock", advance_seconds=61)
    assert (await bot.get_chat_member(group_id, user_id)).status == "member"
    assert await bot.get_chat_member_count(group_id) == 3


async def test_a_replaced_primary_link_leads_nowhere(sandbox: Sandbox, place):
    bot, channel_id = place
    old = await bot.export_chat_invite_link(channel_id)
    new = await bot.export_chat_invite_link(channel_id)
    assert (await bot.get_chat(channel_id)).invite_link == new
    assert await sandbox.join(await sandbox.user(), old) == "revoked"
    shown = await sandbox.control("GET", f"/channels/{channel_id}")
    assert [link["is_revoked"] for link in shown["links"]] == [True, False]


async def test_a_member_adds_people_to_a_supergroup_and_only_administrators_to_a_channel(
    sandbox: Sandbox, hook: Hook
) -> None:
    bot = await sandbox.bot()
    await bot.set_webhook(hook.url, allowed_updates=["chat_member"])
    for kind, is_possible in (("supergroup", True), ("channel", False)):
        channel_id = await sandbox.channel(bot, type=kind)
        member, guest = await sandbox.user(), await sandbox.user()
        await sandbox.control("POST", f"/channels/{channel_id}/members", user_id=member)
        added = {"user_id": guest, "by_user_id": member}
        await sandbox.control(
            "POST", f"/channels/{channel_id}/members", status=201 if is_possible else 403, **added
        )  # fmt: skip
        if is_possible:
            await until(lambda: len(hook.of_kind("chat_member")) >= 2)
            # Updates of different people come side by side.
            told = [(one["from"]["id"], one["new_chat_member"]["user"]["id"]) for one in hook.of_kind("chat_member")]
            assert (member, guest) in told
