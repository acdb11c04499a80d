"""What the timeline tells of invitations: that somebody came by one, what it brought, and that it was taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func

from lumenpay.access.timeline_books import read_book
from lumenpay.models.referrals import Referral, ReferralState
from lumenpay.models.users import User


def of_invitations(tenant_id: UUID, user_id: UUID) -> list[Select[Any]]:
    """Return what tells of a person who was invited, and of a person who invites."""
    row = Referral
    own = and_(row.tenant_id == tenant_id, row.inviter_id == user_id)
    came = and_(row.tenant_id == tenant_id, row.invited_id == user_id)
    given = {"kind": row.reward_kind, "value": row.reward_value, "reason": func.nullif(row.reason, "")}
    books = [
        (_told(row.created_at, "invited", other=row.invited_id), own, row.invited_id),
        (_told(row.rewarded_at, "rewarded", other=row.invited_id, **given),
         and_(own, row.rewarded_at.is_not(None)), row.invited_id),
        (_told(row.taken_back_at, "taken_back", other=row.invited_id, **given),
         and_(own, row.taken_back_at.is_not(None)), row.invited_id),
        (_told(row.bought_at, "passed", other=row.invited_id, **given),
         and_(own, row.state == ReferralState.PASSED, row.bought_at.is_not(None)), row.invited_id),
        (_told(row.created_at, "came_invited", other=row.inviter_id), came, row.inviter_id),
    ]  # fmt: skip
    return [
        told.join(User, and_(User.tenant_id == row.tenant_id, User.id == other)).where(mine)
        for told, mine, other in books
    ]


def _told(at: Any, action: str, *, other: Any, **details: Any) -> Select[Any]:  # noqa: ANN401 - columns
    # The other person gives the row its id: two of one referral can stand on one page.
    return read_book(
        at, "referrals", other, action, user_id=other, name=func.nullif(User.first_name, ""), **details
    ).select_from(Referral)  # fmt: skip
