"""Channels and supergroups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.state.links import InviteLink, JoinRequest
from sandbox.telegram.state.members import Member
from sandbox.telegram.state.messages import MessageBook


@dataclass(slots=True, eq=False)
class Channel:
    """A channel or supergroup with its members, links, requests and posts."""

    id: int
    title: str
    kind: str
    owner_id: int
    username: str | None = None
    # Every link asks for approval, whatever it says; Telegram is said to do so to people removed earlier.
    is_approval_forced: bool = False
    # The bot that is appointed to process join requests: it is asked, and has ten seconds to answer.
    guard_bot_id: int | None = None
    members: dict[int, Member] = field(default_factory=dict)
    # Users who were ever inside: a bot among them is told that it was removed, another that the chat is unknown.
    known: set[int] = field(default_factory=set)
    links: dict[str, InviteLink] = field(default_factory=dict)
    requests: dict[int, JoinRequest] = field(default_factory=dict)
    book: MessageBook = field(default_factory=MessageBook)
    last_message_id: int = 0

    def member(self, user_id: int, now: int) -> Member:
        """The user's standing now; `left` for a stranger."""
        member = self.members.get(user_id)
        return Member(user_id) if member is None else member.at(now)

    def inside(self, now: int) -> list[Member]:
        """Everyone who is in the chat now."""
        return [one for one in (member.at(now) for member in self.members.values()) if one.is_inside]

    def joined_by(self, link: InviteLink, now: int) -> int:
        """How many are inside by this link now."""
        return sum(1 for member in self.inside(now) if member.joined_by_link == link.url)

    def pending_by(self, link: InviteLink) -> int:
        """How many wait to be let in by this link."""
        return sum(1 for request in self.requests.values() if request.link is link)

    def request_asked_by(self, query_id: str) -> JoinRequest | None:
        """The pending request about which the appointed bot was asked with this query."""
        return next((request for request in self.requests.values() if request.query_id == query_id), None)

    def as_chat(self) -> dict[str, Any]:
        """The Chat object of the Bot API."""
        chat: dict[str, Any] = {"id": self.id, "type": self.kind, "title": self.title}
        if self.username is not None:
            chat["username"] = self.username
        return chat
