"""Shapes of bots and shops."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr, StringConstraints

from control_plane.schemas import Input, Moment, Output, VersionIn
from lumenpay.models.bots import Bot, BotStatus, ShopStatus


class TokenIn(Input):
    """A bot token, or the whole message of BotFather that holds it."""

    token: Annotated[SecretStr, Field(max_length=4096)]


class ShopIn(Input):
    """A YooKassa shop's id and secret key."""

    shop_id: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{1,32}$")]
    secret_key: Annotated[SecretStr, Field(min_length=4, max_length=256)]
    version: VersionIn = None


class BotOut(Output):
    """A bot; its token is never shown again.

    `stars_reconcile_at` tells when what Telegram lists of its Stars is compared next; empty before its first order in
    Stars.
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
    save payment methods: autopay is not offered until it is checked anew.
    """

    shop_id: str | None
    status: ShopStatus
    is_test: bool
    secret_key_hint: str
    notification_url: str | None
    first_notice_at: Moment | None
    checked_at: Moment | None
    recurring_refused_at: Moment | None
    version: str


def bot_out(bot: Bot) -> BotOut:
    """Return a bot as clients see it."""
    return BotOut.model_validate(bot)
