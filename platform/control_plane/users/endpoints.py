"""Subscribers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from control_plane.dependencies import CreatedDep, PageDep, TenantDep
from control_plane.schemas import Input, Moment, Output, PageOut, Search
from lumenpay.access.whitelist import change_whitelisting
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.users import repository
from lumenpay.users.repository import UserFilters

router = APIRouter(prefix="/tenants/{tenant_id}/users", tags=["users"])


class UserChangeIn(Input):
    """Whether the person may be inside without paying."""

    is_whitelisted: bool


class UserOut(Output):
    """A subscriber as one bot knows them."""

    id: UUID
    bot_id: UUID
    telegram_id: int
    first_name: str
    last_name: str
    username: str | None
    locale: str
    source: str
    is_whitelisted: bool
    blocked_bot_at: Moment | None
    created_at: Moment
    last_seen_at: Moment


@router.get("")
async def list_(  # noqa: PLR0917 - query parameters
    access: TenantDep,
    page: PageDep,
    created: CreatedDep,
    bot_id: Annotated[UUID | None, Query()] = None,
    plan_id: Annotated[UUID | None, Query(description="Who has or had a subscription to this plan.")] = None,
    subscription_status: Annotated[SubscriptionStatus | None, Query()] = None,
    is_whitelisted: Annotated[bool | None, Query()] = None,
    has_blocked_bot: Annotated[bool | None, Query()] = None,
    search: Annotated[Search, Query(description="Name, @name or Telegram id.")] = None,
) -> PageOut[UserOut]:
    """List subscribers, newest first."""
    filters = UserFilters(
        bot_id=bot_id, plan_id=plan_id, subscription_status=subscription_status, is_whitelisted=is_whitelisted,
        has_blocked_bot=has_blocked_bot, search=search, created=created,
    )  # fmt: skip
    async with access.unit() as session:
        found = await repository.list_users(session, filters, page)
    return PageOut(items=[_user(row) for row in found.items], total=found.total, page=page.page, size=page.size)


@router.get("/{user_id}")
async def get(user_id: UUID, access: TenantDep) -> UserOut:
    """Return a subscriber."""
    async with access.unit() as session:
        return _user(await repository.get_user(session, user_id))


@router.patch("/{user_id}")
async def change(user_id: UUID, body: UserChangeIn, access: TenantDep) -> UserOut:
    """Let a person be inside without paying, or not any more: who does not pay is taken out then."""
    async with access.unit() as session:
        user = await change_whitelisting(
            session, user_id, is_whitelisted=body.is_whitelisted, actor=access.actor, now=access.now
        )
    return _user(user)


def _user(row: User) -> UserOut:
    return UserOut.model_validate(row)
