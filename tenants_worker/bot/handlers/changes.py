"""Changing the plan of a subscription: which plans, what it costs, and the order on the terms that were shown."""

from __future__ import annotations

from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery

from lumenpay.db.session import TenantSession
from lumenpay.errors import LumenError, NotFoundError, UnavailableError
from lumenpay.fiscal_receipts.contacts import find_question
from lumenpay.kit.money import Money
from lumenpay.messages.callbacks import read_ids
from lumenpay.models.users import User
from lumenpay.payments.errors import TermsChangedError
from lumenpay.subscriptions.change_tags import read_moment
from lumenpay.subscriptions.changing import Change, Pressed, quote_change, start_change
from lumenpay.subscriptions.errors import PlanChangeRefusedError, SubscriptionNotFoundError
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.handlers.pauses import get_own
from tenants_worker.bot.keyboards import (
    ChangeAndRenewCallback,
    ChangeCallback,
    ListChangesCallback,
    QuoteChangeCallback,
)
from tenants_worker.bot.receipt_contacts import wait_for_contact
from tenants_worker.bot.views import changes as views
from tenants_worker.bot.views import plans as plan_views
from tenants_worker.bot.views import receipts as receipt_views

router = Router(name="changes")


@router.callback_query(ListChangesCallback.filter())
async def list_plans(query: CallbackQuery, callback_data: ListChangesCallback, conversation: Conversation) -> None:
    """Show which plans a subscription can be changed to."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        subscription = await get_own(session, user, callback_data.subscription_id)
        view = await views.plans(session, user, subscription, now=conversation.worker.clock.now())
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(QuoteChangeCallback.filter())
async def show_quote(query: CallbackQuery, callback_data: QuoteChangeCallback, conversation: Conversation) -> None:
    """Show what a change costs now, what is kept, and until when it lasts."""
    subscription_id, plan_id = _read(callback_data.ids)
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        view = await _quote(session, conversation, user, subscription_id, plan_id)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(ChangeCallback.filter())
@router.callback_query(ChangeAndRenewCallback.filter())
async def change_plan(
    query: CallbackQuery, callback_data: ChangeCallback | ChangeAndRenewCallback, conversation: Conversation
) -> None:
    """Open the order of a change on the shown terms; where they hold no more, show the fresh ones."""
    await conversation.acknowledge(query)
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        change, view = await _look_again(session, conversation, user, callback_data)
    message_id = await conversation.show(query, view)
    if change is None:
        return
    agrees = isinstance(callback_data, ChangeAndRenewCallback)
    pressed = Pressed(change.at, callback_data.tag, views.consent_of(user, change) if agrees else "")
    link = await _open_order(conversation, query, change, pressed, message_id=message_id)
    if link is not None:
        await conversation.show(query, link)


async def _look_again(
    session: TenantSession, conversation: Conversation, user: User,
    callback_data: ChangeCallback | ChangeAndRenewCallback,
) -> tuple[Change | None, View]:  # fmt: skip
    """Return the shown change while it still holds, and what the person sees next."""
    subscription_id, plan_id = _read(callback_data.ids)
    try:
        change = await _find_shown(session, conversation, user, subscription_id, plan_id, tag=callback_data.tag)
    except TermsChangedError:
        return None, await _quote(session, conversation, user, subscription_id, plan_id, is_new=True)
    except PlanChangeRefusedError as error:
        subscription = await get_own(session, user, subscription_id)
        return None, await views.refused(session, user, subscription, reason=error.reason)
    amount = Money(change.quote.amount_minor, change.plan.currency)
    if settings := await find_question(session, user, amount=amount):
        # Whoever has given the address presses the button once more.
        wait_for_contact(user)
        return None, await receipt_views.question(session, user, takes_phone=settings.takes_phone)
    return change, await plan_views.preparing(session, user, change.plan, amount_minor=amount.amount_minor)


async def _open_order(
    conversation: Conversation, query: CallbackQuery, change: Change, pressed: Pressed, *, message_id: int
) -> View | None:
    """Return what to show now; nothing where a job will show the rest."""
    try:
        async with conversation.unit() as session:
            user = await conversation.load_user(session, query.from_user)
            payment = await start_change(
                session, user=user, subscription_id=change.old.id, plan_id=change.plan.id, pressed=pressed,
                chat_message_id=message_id, now=conversation.worker.clock.now(),
            )  # fmt: skip
            is_linked = payment.confirmation_url is not None
            return await plan_views.payment_link(session, user, change.plan, payment) if is_linked else None
    except LumenError as error:
        if isinstance(error, NotFoundError | UnavailableError):
            raise
        async with conversation.unit() as session:
            user = await conversation.load_user(session, query.from_user)
            reason = error.reason if isinstance(error, PlanChangeRefusedError) else ""
            return await views.refused(session, user, change.old, reason=reason)


async def _find_shown(
    session: TenantSession, conversation: Conversation, user: User, subscription_id: UUID, plan_id: UUID, *, tag: str
) -> Change:
    at, now = read_moment(tag), conversation.worker.clock.now()
    if at is None or at > now:
        raise TermsChangedError
    change = await quote_change(session, user, subscription_id=subscription_id, plan_id=plan_id, at=at, now=now)
    if change.tag != tag:
        raise TermsChangedError
    return change


async def _quote(
    session: TenantSession, conversation: Conversation, user: User, subscription_id: UUID, plan_id: UUID, *,
    is_new: bool = False,
) -> View:  # fmt: skip
    now = conversation.worker.clock.now()
    try:
        change = await quote_change(
            session, user, subscription_id=subscription_id, plan_id=plan_id, at=now.replace(microsecond=0), now=now
        )
    except PlanChangeRefusedError as error:
        subscription = await get_own(session, user, subscription_id)
        return await views.refused(session, user, subscription, reason=error.reason)
    return await views.asked(session, user, change, now=now, is_new=is_new)


def _read(ids: str) -> tuple[UUID, UUID]:
    found = read_ids(ids)
    if found is None:
        raise SubscriptionNotFoundError
    return found
