"""Shapes of the drafts that call people back whose access has ended."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from control_plane.broadcasts.schemas import BroadcastOut
from control_plane.schemas import IdempotenceKey, Input, Output
from lumenpay.broadcasts.calling_back import MAX_CALLS


class BroadcastCallIn(Input):
    """One message to people whose access ended so many days ago.

    Its button holds the promo code; without one it leads to the first plan that they can buy, where there is any.
    """

    after_days: Annotated[int, Field(ge=1, le=90)]
    promo_code_id: UUID | None = None


class BroadcastCallsIn(Input):
    """Messages that call people back, each later than the one before; a repeated `idempotence_key` writes no more."""

    bot_id: UUID
    calls: Annotated[list[BroadcastCallIn], Field(min_length=1, max_length=MAX_CALLS)]
    idempotence_key: IdempotenceKey


class BroadcastDraftsOut(Output):
    """Drafts that were written together."""

    items: list[BroadcastOut]
