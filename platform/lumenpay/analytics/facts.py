"""What happened on one local day, as plain values: the same whether it was added up before or is computed now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lumenpay.models.promo_codes import PersonalKind

NO_CODE = UUID(int=0)
"""The promo code of payments without one."""


@dataclass(frozen=True, slots=True)
class PeopleFact:
    """People of one cohort who got and lost access on one day."""

    day: date
    cohort: date
    began: int
    returned: int
    churned_voluntary: int
    churned_failed_payment: int
    churned_not_renewed: int

    @property
    def churned(self) -> int:
        """People who had no access any more at the end of the day."""
        return self.churned_voluntary + self.churned_failed_payment + self.churned_not_renewed

    @property
    def change(self) -> int:
        """What the day did to the number of people with access."""
        return self.began + self.returned - self.churned


@dataclass(frozen=True, slots=True)
class MoneyFact:
    """What one cohort paid on one day in one currency, and how that moved the monthly recurring revenue."""

    day: date
    cohort: date
    currency: str
    revenue_minor: int = 0
    """What was paid, before anything went back."""
    refunded_minor: int = 0
    """What went back on this day, whenever it had been paid."""
    payments: int = 0
    first_payers: int = 0
    mrr_new_minor: int = 0
    mrr_expansion_minor: int = 0
    mrr_contraction_minor: int = 0
    mrr_churned_minor: int = 0
    mrr_reactivated_minor: int = 0
    mrr_people_gained: int = 0
    mrr_people_lost: int = 0

    @property
    def net_minor(self) -> int:
        """What was paid less what went back: below zero where more went back than came in."""
        return self.revenue_minor - self.refunded_minor

    @property
    def mrr_change_minor(self) -> int:
        """What the day did to the monthly recurring revenue."""
        grown = self.mrr_new_minor + self.mrr_expansion_minor + self.mrr_reactivated_minor
        return grown + self.mrr_contraction_minor + self.mrr_churned_minor


@dataclass(frozen=True, slots=True)
class CodeName:
    """A promo code of the tenant; `personal` tells what one that is good for one person only was made for."""

    code: str
    personal: PersonalKind | None = None


@dataclass(frozen=True, slots=True)
class SourceFact:
    """What was paid on one day by people of one source with one promo code."""

    day: date
    currency: str
    source: str
    promo_code_id: UUID
    revenue_minor: int
    refunded_minor: int
    payments: int
    first_payers: int


@dataclass(frozen=True, slots=True)
class FunnelFact:
    """How many of those who started on one day got how far."""

    started_on: date
    started: int
    saw_plan: int
    checked_out: int
    paid: int
    joined: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything of some days, of either real or test payments."""

    people: tuple[PeopleFact, ...] = ()
    money: tuple[MoneyFact, ...] = ()
    sources: tuple[SourceFact, ...] = ()
    funnel: tuple[FunnelFact, ...] = ()
