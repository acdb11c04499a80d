"""Members of a channel or supergroup, their rights and how the Bot API shows them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

ADMIN_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_send_welcome_messages",
)  # fmt: skip
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
SUPERGROUP_RIGHTS = ("can_pin_messages", "can_manage_topics", "can_manage_tags")
MEMBER_PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users",
    "can_pin_messages", "can_manage_topics",
)  # fmt: skip
DEFAULT_BOT_RIGHTS = frozenset({"can_manage_chat", "can_invite_users", "can_restrict_members", "can_post_messages"})

SHORTEST_BAN_SECONDS, LONGEST_BAN_SECONDS = 30, 366 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Member:
    """The standing of one user in one chat. A value: every change makes a new one."""

    user_id: int
    status: str = "left"
    rights: frozenset[str] = field(default_factory=frozenset)
    is_member: bool = False
    until_date: int = 0
    joined_by_link: str | None = None

    @property
    def is_inside(self) -> bool:
        """True for everyone who can read the chat now."""
        return self.status in {"creator", "administrator", "member"} or (self.status == "restricted" and self.is_member)

    @property
    def is_admin(self) -> bool:
        """True for the owner and administrators."""
        return self.status in {"creator", "administrator"}

    def may(self, right: str) -> bool:
        """Whether this member holds an administrator's right."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def at(self, now: int) -> Member:
        """The standing at a time: bans and restrictions end by themselves."""
        if not self.until_date or self.until_date > now or self.status not in {"kicked", "restricted"}:
            return self
        if self.status == "restricted" and self.is_member:
            return replace(self, status="member", rights=frozenset(), until_date=0)
        return Member(self.user_id)


def ban_until(until_date: int | None, now: int) -> int:
    """When a ban ends, 0 for never: under 30 seconds or over 366 days from now is for ever."""
    if until_date is None or not SHORTEST_BAN_SECONDS <= until_date - now <= LONGEST_BAN_SECONDS:
        return 0
    return until_date


def rights_of(kind: str) -> tuple[str, ...]:
    """The administrator's rights that exist in a kind of chat."""
    return ADMIN_RIGHTS + (CHANNEL_RIGHTS if kind == "channel" else SUPERGROUP_RIGHTS)


def member_as_json(member: Member, user: dict[str, Any], kind: str, *, can_be_edited: bool = False) -> dict[str, Any]:
    """The ChatMember object of the Bot API."""
    shown: dict[str, Any] = {"status": member.status, "user": user}
    if member.status == "creator":
        shown["is_anonymous"] = False
    elif member.status == "administrator":
        shown |= {"can_be_edited": can_be_edited, "is_anonymous": "is_anonymous" in member.rights}
        shown |= {right: right in member.rights for right in rights_of(kind)}
    elif member.status == "restricted":
        shown |= {"is_member": member.is_member, "until_date": member.until_date}
        shown |= {permission: permission in member.rights for permission in MEMBER_PERMISSIONS}
    elif member.status == "kicked":
        shown["until_date"] = member.until_date
    return shown
