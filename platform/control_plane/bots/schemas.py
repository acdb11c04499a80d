"""Shapes of bots and shops."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr, StringConstraints

from control_plane.schemas import Input, Moment, Output, VersionIn
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.telegram.addresses import ChatAddresses


class TokenIn(Input):
    """A bot token, or the whole message of BotFather that holds it."""

    token: Annotated[SecretStr, Field(max_length=4096)]


class ShopIn(Input):
    """A YooKassa shop's id and secret key."""

    shop_id: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{1,32}$")]
    secret_key: Annotated[SecretStr, Field(min_length=4, max_length=256)]
    version: VersionIn = None


class RefusedChatOut(Output):
    """A chat in which the bot is an administrator and that could not become a channel.

    `reason` is `limit_reached` where the tenant has as many channels as it may, and `channel_unsuitable` for a basic
    group. What is amended is tried again by adding the channel by its `chat_id`.
    """

    chat_id: int
    title: str
    reason: str


class BotOut(Output):
    """A bot; its token is never shown again.

    `stars_reconcile_at` tells when what Telegram lists of its Stars is compared next; empty before its first order in
    Stars. `chat_url` is where whoever asks opens the chat with it in a browser.
    """

    id: UUID
    username: str
    name: str
    status: BotStatus
    token_hint: str
    health_code: str
    health_changed_at: Moment | None
    webhook_set_at: Moment | None
    last_update_at: Moment | None
    shop_status: ShopStatus
    stars_reconcile_at: Moment | None
    created_at: Moment
    chat_url: str
    refused_chat: RefusedChatOut | None


class PaceOut(Output):
    """How fast a bot takes out people whose subscriptions end together.

    Telegram allows a bot about `calls_per_second`; each end takes `calls_per_end` (look, take out, look, tell), so
    `ends_per_minute` people can leave in a minute. `waiting` have not left yet, which takes `minutes_left`. Every bot
    has its own limit: nobody waits for the people of another one.
    """

    calls_per_second: int
    calls_per_end: int
    ends_per_minute: int
    waiting: int
    minutes_left: int


class ShopOut(Output):
    """The shop that a bot sells through.

    `notification_url` is to be pasted into the shop's cabinet (Integration, HTTP notifications); `first_notice_at`
    tells that it was. Payments are found without it too, only later. `recurring_refused_at` tells that the shop may not
    save payment methods: autopay is not offered until it is checked anew. `fault` tells why a rejected shop sells
    nothing: `keys_refused`, or `payments_forbidden` where the keys are right and the shop may make no payments.
    """

    shop_id: str | None
    status: ShopStatus
    is_test: bool
    secret_key_hint: str
    notification_url: str | None
    first_notice_at: Moment | None
    checked_at: Moment | None
    recurring_refused_at: Moment | None
    fault: str
    version: str


def bot_out(bot: Bot, chats: ChatAddresses) -> BotOut:
    """Return a bot as clients see it."""
    own = {"chat_url", "refused_chat"}
    same = {name: getattr(bot, name) for name in BotOut.model_fields if name not in own}
    return BotOut(**same, chat_url=chats.of_bot(bot.username), refused_chat=_refused_chat(bot))


def _refused_chat(bot: Bot) -> RefusedChatOut | None:
    if bot.refused_chat_id is None:
        return None
    return RefusedChatOut(
        chat_id=bot.refused_chat_id, title=bot.refused_chat_title or "", reason=bot.refused_chat_reason or ""
    )
