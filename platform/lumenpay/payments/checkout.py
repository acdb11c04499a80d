"""Starting an order: price and period are fixed here and honoured later, whatever becomes of the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from lumenpay.bots.errors import ShopNotConnectedError
from lumenpay.bots.repository import get_bot
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import OpenPayment
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.money import Money
from lumenpay.kit.text import cut_utf16
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.channels import ChannelStatus
from lumenpay.models.ids import BotId, UserId
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.users import User
from lumenpay.payments.consents import record_consent
from lumenpay.payments.errors import OwnedForEverError, TermsChangedError
from lumenpay.payments.providers.yookassa.parsing import payment_request
from lumenpay.payments.repository import find_open_payment, get_payment
from lumenpay.plans.errors import ChannelNotReadyError, PlanNotFoundError, PlanNotOnSaleError, PlanRefusedError
from lumenpay.plans.offers import decide_offer
from lumenpay.plans.repository import get_plan, list_channels_of_plan
from lumenpay.plans.sale_rules import PLACE_HELD_FOR, PlanRefusal
from lumenpay.plans.trials import keep_trial
from lumenpay.promo_codes import redemption
from lumenpay.promo_codes.rules import PriceQuote, tag_offer
from lumenpay.tenants.standing import require_selling
from lumenpay.users.repository import lock_user
from lumenpay.users.service import note_plan_seen

YOOKASSA = "yookassa"
FREE = "free"
MANUAL = "manual"
IMPORT = "import"
"""Access that people had elsewhere, by a list of the tenant's."""


@dataclass(frozen=True, slots=True)
class _Terms:
    plan: Plan
    bot: Bot
    promo_code: PromoCode | None
    quote: PriceQuote
    consent: str = ""

    @property
    def saves_method(self) -> bool:
        return bool(self.consent) and self.quote.amount_minor > 0


def can_renew_by_itself(plan: Plan, bot: Bot) -> bool:
    """Tell whether autopay can be offered with a plan: where its owner wants it and the shop may save methods."""
    return plan.is_recurring and bot.shop_status == ShopStatus.ACTIVE and bot.shop_recurring_refused_at is None


async def start_checkout(
    session: TenantSession, *, user: User, plan_id: UUID, promo_code: str | None, chat_message_id: int | None,
    now: datetime, shown_terms: str | None = None, consent: str = "",
) -> Payment:  # fmt: skip
    """Return the order that a person has open for a plan, made on the first tap and the same on every further one.

    Other terms (a promo code, a changed price) take the place of the earlier order, whose link is honoured all the same
    if somebody pays it. A job creates the payment at the gateway and gives the payer the link.

    Args:
        shown_terms: What `tag_offer` made of the price and the period on the button; nothing for a button without it.
        consent: The words about autopay that the person agreed to. Where autopay cannot be had, the order is made
            without it.

    Raises:
        TenantSuspendedError: The tenant sells nothing now.
        LimitReachedError: The tenant has as many subscribers as it may.
        PlanNotFoundError: Unknown to this tenant.
        PlanNotOnSaleError: Archived, or not on sale.
        PlanRefusedError: This person cannot take it now.
        OwnedForEverError: The person has it for ever.
        TermsChangedError: The order would be on other terms than the shown ones.
        ChannelNotReadyError: Nobody could be let into a channel of the plan.
        ShopNotConnectedError: There is no shop to pay through.
        PromoCodeRefusedError: The code does not work for this person and plan.
    """
    # Taps of one person come one after another: the later ones find the order and the promo code's use of the first.
    await lock_user(session, user.id)
    await require_selling(session, user_id=user.id)
    note_plan_seen(user, now=now)
    existing = await find_open_payment(session, user_id=user.id, plan_id=plan_id)
    terms = await _decide_terms(session, user=user, plan_id=plan_id, promo_code=promo_code, existing=existing, now=now)
    if consent and can_renew_by_itself(terms.plan, terms.bot):
        terms = replace(terms, consent=consent)
    if shown_terms is not None and shown_terms != tag_offer(terms.plan, terms.quote):
        raise TermsChangedError
    if existing is not None and _has_same_terms(existing, terms, now=now):
        existing.chat_message_id = chat_message_id or existing.chat_message_id
        await _request_opening(session, existing, now=now)
        return existing
    if existing is not None:
        await _supersede(session, existing, terms, now=now)
    payment_id = await _insert(session, user=user, terms=terms, chat_message_id=chat_message_id, now=now)
    if payment_id is None:
        return await _get_winner(session, user_id=user.id, plan_id=plan_id)
    payment = await get_payment(session, payment_id)
    await _keep_terms(session, payment, user=user, terms=terms, now=now)
    await _request_opening(session, payment, now=now)
    return payment


async def _keep_terms(session: TenantSession, payment: Payment, *, user: User, terms: _Terms, now: datetime) -> None:
    if terms.saves_method:
        record_consent(session, payment=payment, plan=terms.plan, user=user, text=terms.consent, now=now)
    if terms.promo_code is not None:
        await redemption.reserve(session, promo_code=terms.promo_code, payment=payment, now=now)
    if terms.plan.is_trial:
        await keep_trial(session, payment, telegram_id=user.telegram_id, now=now)


async def _get_winner(session: TenantSession, *, user_id: UserId, plan_id: UUID) -> Payment:
    # Another tap of the same person came first.
    winner = await find_open_payment(session, user_id=user_id, plan_id=plan_id)
    if winner is None:
        raise PlanNotOnSaleError
    return winner


async def _supersede(session: TenantSession, existing: Payment, terms: _Terms, *, now: datetime) -> None:
    existing.superseded_at = now
    await session.flush()
    if terms.promo_code is not None and existing.promo_code_id == terms.promo_code.id:
        # The use moves on with the person; money that still comes for the old link takes one of its own.
        await redemption.release_use(session, existing.id)


async def _decide_terms(
    session: TenantSession, *, user: User, plan_id: UUID, promo_code: str | None, existing: Payment | None,
    now: datetime,
) -> _Terms:  # fmt: skip
    plan = await _get_sold_plan(session, user=user, plan_id=plan_id, now=now)
    channels = await list_channels_of_plan(session, plan_id)
    if not channels or any(channel.status != ChannelStatus.ACTIVE for channel in channels):
        raise ChannelNotReadyError
    bot = await get_bot(session, plan.bot_id)
    found: PromoCode | None = None
    quote = PriceQuote(plan.price_minor, 0)
    if promo_code:
        found, quote = await redemption.quote(
            session, code=promo_code, user_id=user.id, plan=plan, now=now, is_locked=True, held_by=existing
        )
    if quote.amount_minor > 0 and bot.shop_status != ShopStatus.ACTIVE:
        raise ShopNotConnectedError
    return _Terms(plan, bot, found, quote)


async def _get_sold_plan(session: TenantSession, *, user: User, plan_id: UUID, now: datetime) -> Plan:
    plan = await get_plan(session, plan_id)
    if plan.bot_id != user.bot_id:
        raise PlanNotOnSaleError
    offer = await decide_offer(session, user, plan, now=now, is_locked=True)
    if offer.refusal is None:
        return offer.plan
    if offer.refusal is PlanRefusal.LOCKED:
        raise PlanNotFoundError
    if offer.refusal is PlanRefusal.NOT_ON_SALE:
        raise PlanNotOnSaleError
    if offer.refusal is PlanRefusal.OWNED_FOR_EVER:
        raise OwnedForEverError
    raise PlanRefusedError(offer.refusal, ends_at=offer.facts.ends_at)


def _has_same_terms(payment: Payment, terms: _Terms, *, now: datetime) -> bool:
    if terms.plan.capacity is not None and payment.created_at <= now - PLACE_HELD_FOR:
        # It keeps no place any more; a new one does.
        return False
    if payment.fixed_end_at != terms.plan.fixed_end_at:
        return False
    return (
        payment.amount_minor == terms.quote.amount_minor
        and payment.currency == terms.plan.currency
        and payment.promo_code_id == (terms.promo_code.id if terms.promo_code else None)
        and (
            payment.fixed_end_at is not None
            or (payment.period_unit, payment.period_count) == _length(terms.plan, now=now)
        )
        and payment.extra_days == terms.quote.extra_days
        and payment.saves_method == terms.saves_method
        and (payment.provider == FREE or payment.shop_id == terms.bot.shop_id)
    )


def _length(plan: Plan, *, now: datetime) -> tuple[PeriodUnit, int]:
    if plan.fixed_end_at is None:
        return PeriodUnit(plan.period_unit), plan.period_count
    # The end itself stands in the order; this is how long it is from here, for what counts by the month.
    return PeriodUnit.MINUTE, max(1, (plan.fixed_end_at - now) // timedelta(minutes=1))


async def _insert(
    session: TenantSession, *, user: User, terms: _Terms, chat_message_id: int | None, now: datetime
) -> UUID | None:
    payment_id = new_uuid7()
    plan, bot, amount = terms.plan, terms.bot, Money(terms.quote.amount_minor, terms.plan.currency)
    description = cut_utf16(f"{plan.title} · @{bot.username}", 128)
    is_free = amount.amount_minor == 0
    period_unit, period_count = _length(plan, now=now)
    body = payment_request(
        amount=amount,
        description=description,
        return_url=f"https://t.me/{bot.username}",
        payment_id=str(payment_id),
        locale=user.locale,
        saves_method=terms.saves_method,
    )
    inserted = await session.execute(
        insert(Payment)
        .values(
            tenant_id=session.tenant_id, id=payment_id, bot_id=bot.id, user_id=user.id, plan_id=plan.id,
            promo_code_id=terms.promo_code.id if terms.promo_code else None,
            provider=FREE if is_free else YOOKASSA, shop_id=None if is_free else bot.shop_id,
            status=PaymentStatus.CREATED, delivery_state=DeliveryState.NOT_PAID,
            amount_minor=amount.amount_minor, list_price_minor=plan.price_minor, currency=plan.currency,
            period_unit=period_unit, period_count=period_count, extra_days=terms.quote.extra_days,
            fixed_end_at=plan.fixed_end_at, description=description, idempotence_key=str(new_uuid7()),
            request_body=None if is_free else body, is_test=bot.shop_is_test, saves_method=terms.saves_method,
            chat_message_id=chat_message_id, created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Payment.id)
    )  # fmt: skip
    return inserted.scalar_one_or_none()


async def _request_opening(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    await enqueue(session, OpenPayment(payment.id), now=now, bot_id=BotId(payment.bot_id), dedupe_key=str(payment.id))
