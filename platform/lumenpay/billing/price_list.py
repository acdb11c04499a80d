"""The platform's price list, as whoever runs the platform writes it: read from a file, stored as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import Database
from lumenpay.models.billing import FREE_PLAN, PlatformPlan

Limit = Annotated[int, Field(ge=0, le=1_000_000_000)] | None


class PricedPlan(BaseModel):
    """A line of the list; a limit that is left out is none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,32}$")]
    name: Annotated[str, Field(min_length=1, max_length=64)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    stripe_price_id: Annotated[str, Field(pattern=r"^price_[A-Za-z0-9]{1,249}$")] | None = None
    price_minor: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    trial_days: Annotated[int, Field(ge=0, le=730)] = 0
    max_bots: Limit = None
    max_channels: Limit = None
    max_subscribers: Limit = None
    max_broadcasts: Limit = None
    max_members: Limit = None

    @model_validator(mode="after")
    def _check_price(self) -> Self:
        is_free = self.code == FREE_PLAN
        if is_free != (self.stripe_price_id is None) or is_free != (self.price_minor == 0):
            msg = "the free plan has no price; every other one has price_minor, and stripe_price_id"
            raise ValueError(msg)
        return self


_LIST = TypeAdapter(list[PricedPlan])


def read_price_list(text: bytes) -> list[PricedPlan]:
    """Return the plans of a JSON list.

    Raises:
        ValueError: It is no such list, or names a code or a price twice.
    """
    plans = _LIST.validate_json(text)
    prices = [plan.stripe_price_id for plan in plans]
    if len({plan.code for plan in plans}) < len(plans) or len(set(prices)) < len(prices):
        raise ValueError("a code or a price stands in the list twice")
    return plans


async def store_price_list(owner: Database, plans: Sequence[PricedPlan], *, now: datetime) -> None:
    """Make the list what is sold, in its order. What is not in it any more stays with whoever has it.

    Args:
        owner: The database with the role that owns the tables: nobody else may write prices.
    """
    async with owner.engine.begin() as connection:
        kept = [plan.code for plan in plans]
        gone = update(PlatformPlan).where(PlatformPlan.code.not_in(kept), PlatformPlan.archived_at.is_(None))
        await connection.execute(gone.values(archived_at=now))
        for position, plan in enumerate(plans):
            values = {**plan.model_dump(), "position": position, "archived_at": None}
            made = insert(PlatformPlan).values(**values, created_at=now)
            await connection.execute(made.on_conflict_do_update(index_elements=["code"], set_=values))
