"""Invite links and requests to join."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False)
class InviteLink:
    """A link into a channel. `member_limit` counts those who are inside by this link at the same time."""

    url: str
    creator_id: int
    creator: dict[str, Any]
    name: str | None = None
    expire_date: int = 0
    member_limit: int = 0
    creates_join_request: bool = False
    is_primary: bool = False
    is_revoked: bool = False

    def is_expired(self, now: int) -> bool:
        """Whether its end has passed."""
        return bool(self.expire_date) and self.expire_date <= now

    def as_json(self, pending: int = 0) -> dict[str, Any]:
        """The ChatInviteLink object of the Bot API."""
        link: dict[str, Any] = {
            "invite_link": self.url,
            "creator": self.creator,
            "creates_join_request": self.creates_join_request,
            "is_primary": self.is_primary,
            "is_revoked": self.is_revoked,
        }
        if self.name:
            link["name"] = self.name
        if self.expire_date:
            link["expire_date"] = self.expire_date
        if self.member_limit:
            link["member_limit"] = self.member_limit
        if pending:
            link["pending_join_request_count"] = pending
        return link


@dataclass(slots=True)
class JoinRequest:
    """A user who waits to be let in."""

    user_id: int
    link: InviteLink
    date: int
    told_bots: set[int] = field(default_factory=set)
    # The question to the bot that is appointed to process requests, as long as it has not been answered.
    query_id: str = ""
    query_at: float = 0.0
