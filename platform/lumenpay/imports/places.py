"""Whom of a list the tenant may give access: those who have some, and as many others as there is room for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from lumenpay.billing.limits import Room, find_room
from lumenpay.billing.repository import list_having_access
from lumenpay.db.session import TenantSession
from lumenpay.imports.rules import GIVING, Decision
from lumenpay.models.ids import UserId
from lumenpay.models.imports import ImportOutcome


@dataclass(slots=True)
class Places:
    """Counted down line by line, in the order of the list."""

    having: set[UserId]
    room: Room

    @property
    def are_left(self) -> bool:
        """Whether somebody without access may get some."""
        return self.room.people is None or self.room.people > 0

    def take(self, decision: Decision, user_id: UserId | None) -> Decision:
        """Return the decision, held back where it would give access to somebody new for whom there is no room.

        Args:
            user_id: Nothing for somebody whom the bot does not know.
        """
        if decision.outcome not in GIVING or user_id in self.having:
            return decision
        if not self.are_left:
            return Decision(ImportOutcome.HELD, problem=self.room.refusal)
        if self.room.people is not None:
            self.room.people -= 1
        if user_id is not None:
            self.having.add(user_id)
        return decision


async def find_places(
    session: TenantSession, user_ids: Collection[UserId], *, now: datetime, is_taken: bool = False
) -> Places:
    """Return who of these people has access, and for how many others there is room at this moment.

    Args:
        is_taken: All of them are locked, and get theirs in this transaction.
    """
    having = await list_having_access(session, user_ids)
    others = set(user_ids) - having
    return Places(having, await find_room(session, besides=others, now=now, is_taken=is_taken))
