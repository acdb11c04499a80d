"""Starting an order: price and period are fixed here and honoured later, whatever becomes of the plan."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from lumenpay.billing.limits import require_ordering
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import OpenPayment
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.money import Money
from lumenpay.kit.text import cut_utf16
from lumenpay.models.ids import BotId, UserId
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.users import User
from lumenpay.payments.agreed_terms import keep_terms_version
from lumenpay.payments.consents import record_consent
from lumenpay.payments.errors import TermsChangedError
from lumenpay.payments.providers.stars.facts import (
    STARS,
    invoice_request,
)
from lumenpay.payments.providers.yookassa.parsing import payment_request
from lumenpay.payments.repository import find_open_payment, get_payment, list_unpaid_moments
from lumenpay.payments.rules import MOST_UNPAID, decide_wait
from lumenpay.payments.terms import (
    FREE,
    Credit,
    OrderTerms,
    Wish,
    count_length,
    decide_terms,
    get_sold_plan,
    has_same_terms,
)
from lumenpay.plans.errors import PlanNotOnSaleError, PlanRefusedError
from lumenpay.plans.sale_rules import PlanRefusal
from lumenpay.plans.trials import keep_trial
from lumenpay.promo_codes import redemption
from lumenpay.promo_codes.rules import tag_offer
from lumenpay.users.repository import lock_user
from lumenpay.users.service import note_plan_seen


async def start_checkout(
    session: TenantSession, *, user: User, plan_id: UUID, promo_code: str | None, chat_message_id: int | None,
    now: datetime, shown_terms: str | None = None, consent: str = "", in_stars: bool = False, is_gift: bool = False,
    credit: Credit | None = None,
) -> Payment:  # fmt: skip
    """Return the order that a person has open for a plan, made on the first tap and the same on every further one.

    Other terms take the place of the earlier order, whose link is honoured all the same. A job makes the new link.

    Args:
        shown_terms: What `tag_offer` made of the price and the period on the button; nothing for a button without it.
        consent: The words about autopay that the person agreed to; left out where autopay cannot be had.
        in_stars: At the plan's price in Stars beside that in money. Promo codes change neither it nor a gift's price.
        credit: What unused time of another plan pays for; promo codes do not go with it.

    Raises:
        TenantSuspendedError: The tenant sells nothing now.
        LimitReachedError: The tenant has as many subscribers as it may.
        PlanNotFoundError: Unknown to this tenant.
        PlanNotOnSaleError: Archived, or not on sale.
        PlanRefusedError: This person cannot take it now, or has begun too many orders within an hour.
        OwnedForEverError: The person has it for ever.
        TermsChangedError: The order would be on other terms than the shown ones.
        ChannelNotReadyError: Nobody could be let into a channel of the plan.
        ShopNotConnectedError: There is no shop to pay through.
        PromoCodeRefusedError: The code does not work for this person and plan.
    """
    # Taps of one person come one after another: the later ones find the order and the promo code's use of the first.
    await lock_user(session, user.id)
    await require_ordering(session, user_id=user.id, now=now)
    note_plan_seen(user, now=now)
    existing = await find_open_payment(session, user_id=user.id, plan_id=plan_id)
    plan = await get_sold_plan(session, user=user, plan_id=plan_id, now=now, is_gift=is_gift)
    wish = Wish(None if is_gift else promo_code, consent, in_stars, is_gift, credit)
    terms = await decide_terms(session, plan, user=user, wish=wish, existing=existing, now=now)
    if shown_terms not in (None, tag_offer(terms.plan, terms.quote, currency=terms.list_price.currency)):
        raise TermsChangedError
    if existing is not None and has_same_terms(existing, terms, now=now):
        existing.chat_message_id = chat_message_id or existing.chat_message_id
        await _request_opening(session, existing, now=now)
        return existing
    await _require_patience(session, user, now=now)
    await _supersede(session, existing, terms, now=now)
    payment_id = await _insert(session, user=user, terms=terms, chat_message_id=chat_message_id, now=now)
    if payment_id is None:
        return await _get_winner(session, user_id=user.id, plan_id=plan_id)
    payment = await get_payment(session, payment_id)
    await _keep_terms(session, payment, user=user, terms=terms, now=now)
    await _request_opening(session, payment, now=now)
    return payment


async def _require_patience(session: TenantSession, user: User, *, now: datetime) -> None:
    unpaid = await list_unpaid_moments(session, user_id=user.id, limit=MOST_UNPAID)
    wait_until = decide_wait(unpaid, now=now)
    if wait_until is not None:
        raise PlanRefusedError(PlanRefusal.TOO_OFTEN, ends_at=wait_until)


async def _keep_terms(
    session: TenantSession, payment: Payment, *, user: User, terms: OrderTerms, now: datetime
) -> None:
    payment.terms_version = await keep_terms_version(session, bot=terms.bot, user=user, now=now)
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


async def _supersede(session: TenantSession, existing: Payment | None, terms: OrderTerms, *, now: datetime) -> None:
    if existing is None:
        return
    existing.superseded_at = now
    await session.flush()
    if terms.promo_code is not None and existing.promo_code_id == terms.promo_code.id:
        # The use moves on with the person; money that still comes for the old link takes one of its own.
        await redemption.release_use(session, existing.id)


async def _insert(
    session: TenantSession, *, user: User, terms: OrderTerms, chat_message_id: int | None, now: datetime
) -> UUID | None:
    payment_id = new_uuid7()
    plan, bot, amount = terms.plan, terms.bot, Money(terms.quote.amount_minor, terms.list_price.currency)
    description = cut_utf16(f"{plan.title} · @{bot.username}", 128)
    period_unit, period_count = count_length(plan, now=now, credit=terms.credit)
    if terms.provider == STARS:
        body = invoice_request(
            title=plan.title, description=plan.description, stars=amount.amount_minor, payment_id=str(payment_id),
            is_renewing=terms.renews_in_stars,
        )  # fmt: skip
    else:
        body = payment_request(
            amount=amount,
            description=description,
            return_url=f"https://t.me/{bot.username}",
            payment_id=str(payment_id),
            locale=user.locale,
            saves_method=terms.saves_method,
        )
        body = terms.receipt.put_into(body)
    inserted = await session.execute(
        insert(Payment)
        .values(
            tenant_id=session.tenant_id, id=payment_id, bot_id=bot.id, user_id=user.id, plan_id=plan.id,
            promo_code_id=terms.promo_code.id if terms.promo_code else None,
            provider=terms.provider, shop_id=terms.shop_id,
            status=PaymentStatus.CREATED, delivery_state=DeliveryState.NOT_PAID,
            amount_minor=amount.amount_minor, credit_minor=terms.credit_minor,
            list_price_minor=terms.list_price.amount_minor, currency=amount.currency,
            period_unit=period_unit, period_count=period_count, extra_days=terms.quote.extra_days,
            fixed_end_at=plan.fixed_end_at, source=user.last_source or None, description=description,
            idempotence_key=str(new_uuid7()),
            request_body=None if terms.provider == FREE else body,
            is_test=bot.shop_is_test and terms.provider != STARS, saves_method=terms.saves_method,
            is_gift=terms.is_gift, receipt_state=terms.receipt.state, chat_message_id=chat_message_id, created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Payment.id)
    )  # fmt: skip
    return inserted.scalar_one_or_none()


async def _request_opening(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    await enqueue(session, OpenPayment(payment.id), now=now, bot_id=BotId(payment.bot_id), dedupe_key=str(payment.id))
