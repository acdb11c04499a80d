"""The terms of an order: what a person wishes of a plan, and what it comes to now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from lumenpay.bots.errors import ShopNotConnectedError
from lumenpay.bots.repository import get_bot
from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.drafts import ReceiptDraft, draft_receipt
from lumenpay.kit.money import Money
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.channels import ChannelStatus
from lumenpay.models.payments import PLACE_HELD_FOR, Payment
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.users import User
from lumenpay.payments.errors import OwnedForEverError, TermsChangedError
from lumenpay.payments.providers.stars.facts import (
    STARS,
    STARS_SHOP,
    XTR,
    can_renew_in_stars,
    is_invoice_renewing,
)
from lumenpay.payments.repository import renews_in_stars
from lumenpay.plans.errors import ChannelNotReadyError, PlanNotFoundError, PlanNotOnSaleError, PlanRefusedError
from lumenpay.plans.offers import decide_offer
from lumenpay.plans.repository import get_plan, list_channels_of_plan
from lumenpay.plans.sale_rules import PlanRefusal
from lumenpay.promo_codes import redemption
from lumenpay.promo_codes.rules import PriceQuote
from lumenpay.users.service import require_present

YOOKASSA = "yookassa"
FREE = "free"
MANUAL = "manual"
IMPORT = "import"
"""Access that people had elsewhere, by a list of the tenant's."""
GIFT = "gift"
"""What somebody else paid for, taken by a link."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What unused time of another plan pays for.

    Attributes:
        amount_minor: In the currency of the plan.
        turned: How long the order lasts where nothing is paid beside it, in whole minutes; else the plan's own period.
    """

    amount_minor: int
    turned: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for besides the plan itself."""

    promo_code: str | None
    consent: str
    in_stars: bool
    is_gift: bool = False
    credit: Credit | None = None


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """A plan at the price, in the currency and with the promises that an order is made on."""

    plan: Plan
    bot: Bot
    promo_code: PromoCode | None
    list_price: Money
    quote: PriceQuote
    receipt: ReceiptDraft = field(default_factory=ReceiptDraft)
    consent: str = ""
    renews_in_stars: bool = False
    is_gift: bool = False
    credit: Credit | None = None

    @property
    def credit_minor(self) -> int:
        """What is paid with unused time of another plan."""
        return 0 if self.credit is None else self.credit.amount_minor

    @property
    def saves_method(self) -> bool:
        """Whether the gateway is asked to keep the payment method."""
        return bool(self.consent) and self.quote.amount_minor > 0

    @property
    def provider(self) -> str:
        """Who takes the money."""
        if not self.quote.amount_minor:
            return FREE
        return STARS if self.list_price.currency == XTR else YOOKASSA

    @property
    def shop_id(self) -> str | None:
        """Where the money goes; nothing where none is paid."""
        return {FREE: None, STARS: STARS_SHOP}.get(self.provider, self.bot.shop_id)


def can_renew_by_itself(plan: Plan, bot: Bot) -> bool:
    """Tell whether autopay can be offered with a plan: where its owner wants it and the shop may save methods."""
    is_possible = bot.shop_status == ShopStatus.ACTIVE and bot.shop_recurring_refused_at is None
    return plan.is_recurring and plan.currency != XTR and is_possible


async def decide_terms(
    session: TenantSession, plan: Plan, *, user: User, wish: Wish, existing: Payment | None, now: datetime
) -> OrderTerms:
    """Return what the plan costs this person now, and how.

    Raises:
        TermsChangedError: It has no price in Stars any more.
        ShopNotConnectedError: There is no shop to pay through.
        PromoCodeRefusedError: The code does not work for this person and plan.
    """
    if wish.in_stars:
        terms = await _decide_terms_in_stars(session, plan)
    else:
        terms = await _decide_price(session, plan, user=user, wish=wish, existing=existing, now=now)
    if wish.is_gift:
        return replace(terms, is_gift=True)  # Paid once: whoever takes it agreed to nothing.
    if wish.consent and can_renew_by_itself(terms.plan, terms.bot) and terms.provider != STARS:
        terms = replace(terms, consent=wish.consent)
    if terms.provider == STARS and terms.promo_code is None and can_renew_in_stars(terms.plan):
        # Telegram repeats the first price for ever, so a discount is paid once; and two of one plan would both charge.
        terms = replace(terms, renews_in_stars=not await renews_in_stars(session, user_id=user.id, plan_id=plan.id))
    return terms


async def _decide_terms_in_stars(session: TenantSession, plan: Plan) -> OrderTerms:
    if plan.stars is None:
        raise TermsChangedError
    bot = await get_bot(session, plan.bot_id)
    return OrderTerms(plan, bot, None, Money(plan.stars, XTR), PriceQuote(plan.stars, 0))


async def _decide_price(
    session: TenantSession, plan: Plan, *, user: User, wish: Wish, existing: Payment | None, now: datetime
) -> OrderTerms:
    bot = await get_bot(session, plan.bot_id)
    found: PromoCode | None = None
    quote, promo_code = PriceQuote(plan.price_minor, 0), wish.promo_code
    if wish.credit is not None:
        quote = PriceQuote(0 if wish.credit.turned else max(0, plan.price_minor - wish.credit.amount_minor), 0)
    elif promo_code:
        found, quote = await redemption.quote(
            session, code=promo_code, user_id=user.id, plan=plan, now=now, is_locked=True, held_by=existing
        )
    terms = OrderTerms(plan, bot, found, Money(plan.price_minor, plan.currency), quote, credit=wish.credit)
    if terms.provider == YOOKASSA and bot.shop_status != ShopStatus.ACTIVE:
        raise ShopNotConnectedError
    amount = Money(quote.amount_minor, plan.currency)
    receipt = await draft_receipt(session, plan=plan, bot_id=bot.id, user_id=user.id, amount=amount)
    return replace(terms, receipt=receipt)


async def get_sold_plan(
    session: TenantSession, *, user: User, plan_id: UUID, now: datetime, is_gift: bool = False
) -> Plan:
    """Return a plan that this person can take now, or give away, locked where its places are counted.

    Raises:
        UserForgottenError: The person asked to be forgotten.
        PlanNotFoundError: For this person there is no such plan.
        PlanNotOnSaleError: Archived, or not on sale.
        PlanRefusedError: This person cannot take it now.
        OwnedForEverError: The person has it for ever.
        ChannelNotReadyError: Nobody could be let into a channel of the plan.
    """
    require_present(user)
    plan = await get_plan(session, plan_id)
    if plan.bot_id != user.bot_id:
        raise PlanNotOnSaleError
    offer = await decide_offer(session, user, plan, now=now, is_locked=True, is_gift=is_gift)
    if offer.refusal is None:
        channels = await list_channels_of_plan(session, plan_id)
        if not channels or any(channel.status != ChannelStatus.ACTIVE for channel in channels):
            raise ChannelNotReadyError
        return offer.plan
    if offer.refusal is PlanRefusal.LOCKED:
        raise PlanNotFoundError
    if offer.refusal is PlanRefusal.NOT_ON_SALE:
        raise PlanNotOnSaleError
    if offer.refusal is PlanRefusal.OWNED_FOR_EVER:
        raise OwnedForEverError
    raise PlanRefusedError(offer.refusal, ends_at=offer.facts.ends_at)


def has_same_terms(payment: Payment, terms: OrderTerms, *, now: datetime) -> bool:
    """Tell whether an open order is on these terms, so that it can be gone on with."""
    if terms.plan.capacity is not None and payment.created_at <= now - PLACE_HELD_FOR:
        # It keeps no place any more; a new one does.
        return False
    if payment.fixed_end_at != terms.plan.fixed_end_at:
        return False
    return (
        payment.is_gift == terms.is_gift
        and payment.amount_minor == terms.quote.amount_minor
        and payment.currency == terms.list_price.currency
        and payment.promo_code_id == (terms.promo_code.id if terms.promo_code else None)
        and (
            payment.fixed_end_at is not None
            or (payment.period_unit, payment.period_count) == count_length(terms.plan, now=now, credit=terms.credit)
        )
        and (payment.extra_days, payment.credit_minor) == (terms.quote.extra_days, terms.credit_minor)
        and payment.saves_method == terms.saves_method
        and _has_same_customer(payment, terms)
        and (payment.provider, payment.shop_id) == (terms.provider, terms.shop_id)
        and is_invoice_renewing(payment) == terms.renews_in_stars
    )


def _has_same_customer(payment: Payment, terms: OrderTerms) -> bool:
    # Where the receipt goes can be changed before paying; one that the gateway refused stays out.
    before, now = (payment.request_body or {}).get("receipt"), terms.receipt.body
    return before is None or now is None or before.get("customer") == now.get("customer")


def count_length(plan: Plan, *, now: datetime, credit: Credit | None = None) -> tuple[PeriodUnit, int]:
    """Return how long an order of the plan lasts from now."""
    if credit is not None and credit.turned is not None:
        return PeriodUnit.MINUTE, credit.turned // timedelta(minutes=1)
    if plan.fixed_end_at is None:
        return PeriodUnit(plan.period_unit), plan.period_count
    # The end itself stands in the order; this is how long it is from here, for what counts by the month.
    return PeriodUnit.MINUTE, max(1, (plan.fixed_end_at - now) // timedelta(minutes=1))
