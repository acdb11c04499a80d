"""Subscribers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from control_plane.dependencies import PageDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import CountedPageOut, MoneyOut, Text, show_page
from control_plane.subscriptions.schemas import SubscriptionOut, autopay_out
from control_plane.timelines import Cursor, Limit, show_timeline
from control_plane.users.filters import UserFiltersDep
from control_plane.users.schemas import (
    GrantIn,
    MembershipOut,
    NoteIn,
    PaidOut,
    SourceNamesOut,
    TagsOut,
    TimelineOut,
    UserAutopayOut,
    UserChangeIn,
    UserDetailsOut,
    UserOut,
    UserRowOut,
    UserSubscriptionOut,
)
from lumenpay.access import timeline
from lumenpay.access.profile import Profile, read_profile
from lumenpay.access.resending import resend_links as resend
from lumenpay.access.whitelist import change_whitelisting
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from lumenpay.subscriptions.manual import GivenTime, grant_by_hand
from lumenpay.users import directory, labels
from lumenpay.users.directory import UserRow, UserSort
from lumenpay.users.rules import Reach, decide_reach

router = APIRouter(prefix="/tenants/{tenant_id}/users", tags=["users"])
Tag = Annotated[Text, Path(min_length=1, max_length=64)]


@router.get("")
async def list_(
    access: TenantDep, page: PageDep, filters: UserFiltersDep, sort: Annotated[UserSort, Query()] = UserSort.NEWEST
) -> CountedPageOut[UserRowOut]:
    """List subscribers, newest first unless asked otherwise; by the end of access only those whose access ends."""
    async with access.unit() as session:
        found = await directory.list_users(session, filters, page, sort=sort, now=access.now)
    return show_page(found, [_row(row) for row in found.items], page)


@router.get("/tags")
async def list_tags(access: TenantDep) -> TagsOut:
    """List the tags that anybody has, by name, two hundred at most."""
    async with access.unit() as session:
        return TagsOut(tags=await labels.list_tags_in_use(session))


@router.get("/sources")
async def list_sources(access: TenantDep) -> SourceNamesOut:
    """List by which links people came, those of most of them first, two hundred at most."""
    async with access.unit() as session:
        return SourceNamesOut(sources=await directory.list_sources_in_use(session))


@router.get("/{user_id}")
async def get(user_id: UUID, access: TenantDep) -> UserDetailsOut:
    """Return a subscriber with subscriptions, places in channels, tags and what was paid."""
    async with access.unit() as session:
        return _details(await read_profile(session, user_id))


@router.patch("/{user_id}", responses=documented(409))
async def change(user_id: UUID, body: UserChangeIn, access: TenantDep) -> UserOut:
    """Let a person be inside without paying, or not any more: who does not pay is taken out then.

    Whoever is let in counts as a subscriber of the tenant, within the limit of its plan.
    """
    async with access.unit() as session:
        user = await change_whitelisting(
            session, user_id, is_whitelisted=body.is_whitelisted, actor=access.actor, now=access.now
        )
    return _user(user)


@router.put("/{user_id}/note", responses=documented(409))
async def change_note(user_id: UUID, body: NoteIn, access: TenantDep) -> UserOut:
    """Store a note about a person, which the person never sees. With a `version`, only over the note that was read."""
    async with access.unit() as session:
        user = await labels.change_note(
            session, user_id, note=body.note, version=body.version, actor=access.actor, now=access.now
        )
    return _user(user)


@router.put("/{user_id}/tags/{tag}", responses=documented(409))
async def add_tag(user_id: UUID, tag: Tag, access: TenantDep) -> TagsOut:
    """Give a person a tag; it is stored in lower case, 32 characters at most, 20 for a person."""
    async with access.unit() as session:
        await labels.add_tag(session, user_id, tag=tag, actor=access.actor, now=access.now)
        return TagsOut(tags=await labels.list_tags(session, user_id))


@router.delete("/{user_id}/tags/{tag}", responses=documented(409))
async def remove_tag(user_id: UUID, tag: Tag, access: TenantDep) -> TagsOut:
    """Take a tag away from a person."""
    async with access.unit() as session:
        await labels.remove_tag(session, user_id, tag=tag, actor=access.actor, now=access.now)
        return TagsOut(tags=await labels.list_tags(session, user_id))


@router.get("/{user_id}/timeline")
async def list_timeline(
    user_id: UUID, access: TenantDep, cursor: Cursor = None, limit: Limit = 50
) -> TimelineOut:  # fmt: skip
    """List what happened to a person, out of every book, the latest first."""
    async with access.unit() as session:
        return show_timeline(await timeline.list_of_person(session, user_id, cursor=cursor, limit=limit))


@router.post("/{user_id}/links/resend", status_code=202, responses=documented(409))
async def resend_links(user_id: UUID, access: TenantDep) -> UserOut:
    """Have the links of a person's running subscriptions sent again."""
    async with access.unit() as session:
        return _user(await resend(session, user_id=user_id, actor=access.actor, now=access.now))


@router.post("/{user_id}/grants", status_code=201, responses=documented(409))
async def grant(user_id: UUID, body: GrantIn, access: TenantDep) -> SubscriptionOut:
    """Give a person access to a plan without money, and have the links sent."""
    given = GivenTime(days=body.days, until_at=body.until_at if body.days is None else None)
    async with access.unit() as session:
        row = await grant_by_hand(
            session, user_id=user_id, plan_id=body.plan_id, given=given, key=body.idempotence_key, actor=access.actor,
            now=access.now,
        )  # fmt: skip
    return SubscriptionOut.model_validate(row)


def _user(row: User) -> UserOut:
    reach = decide_reach(met_at=row.met_at, blocked_bot_at=row.blocked_bot_at)
    own = {
        "reach": reach, "note_version": labels.version_of_note(row),
        "blocked_bot_at": row.blocked_bot_at if reach is Reach.BLOCKED and row.erasure_asked_at is None else None,
        "last_seen_at": row.last_seen_at if row.met_at is not None else None,
    }  # fmt: skip
    return UserOut(**{name: getattr(row, name) for name in UserOut.model_fields if name not in own}, **own)


def _subscription(row: Subscription, plan_title: str) -> UserSubscriptionOut:
    names = [name for name in UserSubscriptionOut.model_fields if name != "plan_title"]
    return UserSubscriptionOut(**{name: getattr(row, name) for name in names}, plan_title=plan_title)


def _row(row: UserRow) -> UserRowOut:
    return UserRowOut(
        **_user(row.user).model_dump(), is_inside=row.is_inside, tags=row.tags,
        subscriptions=[_subscription(subscription, title) for subscription, title in row.subscriptions],
    )  # fmt: skip


def _details(profile: Profile) -> UserDetailsOut:
    places = [
        MembershipOut(
            channel_id=channel.id, channel_title=channel.title, wanted=membership.wanted, actual=membership.actual,
            actual_seen_at=membership.actual_seen_at, joined_at=membership.joined_at,
        )
        for membership, channel in profile.memberships
    ]  # fmt: skip
    paid = [
        PaidOut(total=MoneyOut(amount_minor=sum_.amount_minor, currency=sum_.currency), count=sum_.count)
        for sum_ in profile.paid
    ]
    return UserDetailsOut(
        **_user(profile.user).model_dump(), memberships=places, paid=paid, tags=list(profile.tags),
        changed_to=dict(profile.changed_to),
        subscriptions=[_subscription(subscription, plan.title) for subscription, plan in profile.subscriptions],
        autopays=[
            UserAutopayOut(**autopay_out(autopay, row, consent, price).model_dump(), subscription_id=row.id)
            for autopay, row, consent, price in profile.autopays
        ],
        is_inside=any(place.actual in {"inside", "admin"} for place in places),
    )  # fmt: skip
