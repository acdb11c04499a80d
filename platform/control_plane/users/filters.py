"""What narrows the list of subscribers, as query parameters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from control_plane.schemas import MomentIn, Search, Text
from lumenpay.db.narrowing import Span
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.users.narrowing import Movement, MovementKind, UserFilters, UserState
from lumenpay.users.rules import clean_tag

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)


def read_user_filters(  # noqa: PLR0917 - query parameters
    bot_id: Annotated[UUID | None, Query()] = None,
    plan_id: Annotated[
        UUID | None,
        Query(
            description="Who has or had a subscription to this plan; with `subscription_status`, `state` or "
            "`expiring_within_days`: whose subscription to this plan has the status, puts them there, or ends."
        ),
    ] = None,
    channel_id: Annotated[UUID | None, Query(description="Who is inside this channel, or should be.")] = None,
    subscription_status: Annotated[SubscriptionStatus | None, Query()] = None,
    state: Annotated[UserState | None, Query(description="Access now, access that is over, or never any.")] = None,
    expiring_within_days: Annotated[int | None, Query(ge=1, le=366)] = None,
    tag: Annotated[Text | None, Query(max_length=32)] = None,
    source: Annotated[Text | None, Query(max_length=64, description="Payload of the first /start.")] = None,
    has_source: Annotated[bool | None, Query(description="False: who came by no link.")] = None,
    locale: Annotated[Literal["ru", "en"] | None, Query(description="Language of the bot's texts for them.")] = None,
    is_whitelisted: Annotated[bool | None, Query()] = None,
    has_blocked_bot: Annotated[bool | None, Query()] = None,
    has_started_bot: Annotated[
        bool | None, Query(description="False: who stands on an imported list and has not started the bot yet.")
    ] = None,
    is_inside: Annotated[bool | None, Query(description="Is in a channel; with `channel_id`, in that one.")] = None,
    search: Annotated[Search, Query(description="Name, @name or Telegram id.")] = None,
    created_from: Annotated[MomentIn | None, Query(description="Made at this moment or later.")] = None,
    created_until: Annotated[MomentIn | None, Query(description="Made before this moment.")] = None,
    movement: Annotated[
        MovementKind | None,
        Query(
            description="Whom a figure of the dashboard counts: whose first access began, who lapsed, or who held it "
            "at the end, for nothing or paying."
        ),
    ] = None,
    moved_from: Annotated[MomentIn | None, Query(description="With `movement`: at this moment or later.")] = None,
    moved_until: Annotated[MomentIn | None, Query(description="With `movement`: before this moment.")] = None,
    is_test: Annotated[bool, Query(description="With `movement`: by test payments.")] = False,  # noqa: FBT002 - a query parameter
) -> UserFilters:
    """Return which subscribers are asked for."""
    moved = None
    if movement is not None:
        moved = Movement(movement, moved_from or _FIRST, moved_until or _LAST, is_test)
    return UserFilters(
        bot_id=bot_id, plan_id=plan_id, channel_id=channel_id, subscription_status=subscription_status, state=state,
        expiring_within_days=expiring_within_days, tag=clean_tag(tag) if tag is not None else None, source=source,
        has_source=has_source, locale=locale, is_whitelisted=is_whitelisted, has_blocked_bot=has_blocked_bot,
        has_started_bot=has_started_bot, is_inside=is_inside, search=search or None,
        created=Span(created_from, created_until), movement=moved,
    )  # fmt: skip


UserFiltersDep = Annotated[UserFilters, Depends(read_user_filters)]
