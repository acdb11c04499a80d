"""Promo codes as the portal sees them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from control_plane.schemas import Currency, IdempotenceKey, Input, Moment, MomentIn, MoneyOut, Output, VersionIn
from lumenpay.models.promo_codes import DiscountKind, PromoUseStatus
from lumenpay.promo_codes.service import PromoCodeTerms

Uses = Annotated[int, Field(ge=1, le=10_000_000)]


class PromoCodeTermsIn(Input):
    """What a code gives: percent (1-100), minor units of `currency`, or days, by `discount_kind`."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{2,32}$")]
    discount_kind: DiscountKind
    discount_value: Annotated[int, Field(ge=1, le=10**12)]
    currency: Currency | None = None
    max_uses: Uses | None = None
    max_uses_per_user: Uses | None = None
    is_first_purchase_only: bool = False
    is_active: bool = True
    valid_from_at: MomentIn | None = None
    valid_until_at: MomentIn | None = None
    plan_ids: Annotated[list[UUID], Field(max_length=200)] = []  # noqa: RUF012 - pydantic copies defaults

    def terms(self) -> PromoCodeTerms:
        """Return what the use case takes."""
        return PromoCodeTerms(**{name: getattr(self, name) for name in PromoCodeTermsIn.model_fields})


class PromoCodeIn(PromoCodeTermsIn):
    """A new code of a bot."""

    bot_id: UUID


class PromoCodeChangeIn(PromoCodeTermsIn):
    """New terms of a code."""

    version: VersionIn = None


class GenerateIn(PromoCodeTermsIn):
    """Many codes of a bot on the same terms: each begins with `code` and goes on with `length` random characters.

    `idempotence_key` makes a repeated request return the codes that the first one made.
    """

    bot_id: UUID
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,16}$", description="How each of them begins.")] = ""
    length: Annotated[int, Field(ge=6, le=16)] = 8
    count: Annotated[int, Field(ge=1, le=1_000)]
    idempotence_key: IdempotenceKey


class PromoCodeOut(Output):
    """A code; `uses_count` counts reserved and paid uses, `deep_link` brings it to the bot."""

    id: UUID
    bot_id: UUID
    code: str
    discount_kind: DiscountKind
    discount_value: int
    currency: str | None
    max_uses: int | None
    max_uses_per_user: int | None
    uses_count: int
    is_first_purchase_only: bool
    is_active: bool
    valid_from_at: Moment | None
    valid_until_at: Moment | None
    plan_ids: list[UUID]
    deep_link: str
    created_at: Moment
    version: str


class GeneratedOut(Output):
    """The new codes."""

    items: list[PromoCodeOut]


class PromoCodeUseOut(Output):
    """A use of a code: by whom, for which payment, and what it took off (`discount`) or added (`extra_days`).

    A `reserved` use waits for the payer, a `released` one was given back; reserved and used ones count.
    """

    payment_id: UUID
    user_id: UUID
    first_name: str
    username: str | None
    status: PromoUseStatus
    discount: MoneyOut
    extra_days: int
    created_at: Moment
