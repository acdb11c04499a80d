"""The promo code that a person brought by a link or typed: kept in the subscriber's row, tried at every price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from lumenpay.db.session import TenantSession
from lumenpay.models.plans import Plan
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.users import User
from lumenpay.payments.repository import find_open_payment
from lumenpay.plans.repository import list_for_sale
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from lumenpay.promo_codes.redemption import quote
from lumenpay.promo_codes.rules import PriceQuote, normalize_code
from tenants_worker.bot.conversation import Conversation

_LONGEST_CODE = 32


@dataclass(frozen=True, slots=True)
class PricesInHand:
    """A person's code and what it makes of the prices of the plans that it fits."""

    promo_code: PromoCode
    prices: Mapping[UUID, PriceQuote]


@dataclass(frozen=True, slots=True)
class InHand:
    """A person's code for a plan and the price that it makes; or why the code that they have does not work now."""

    code: str | None = None
    price: PriceQuote | None = None
    refusal: str = ""


def awaited_plan_id(user: User) -> str | None:
    """Return the plan for which the bot waits for a code from this person."""
    dialog = user.dialog or {}
    return str(dialog["plan_id"]) if dialog.get("waits_for") == "promo_code" and "plan_id" in dialog else None


def wait_for_code(user: User, plan: Plan) -> None:
    """Take the person's next message as a promo code for this plan; a code in hand is put aside till then."""
    stop_waiting(user)
    user.dialog = {"waits_for": "promo_code", "plan_id": str(plan.id), "in_hand": user.dialog}


def stop_waiting(user: User) -> None:
    """Wait for nothing any more; a code in hand stays."""
    if user.dialog is not None and "waits_for" in user.dialog:
        user.dialog = user.dialog.get("in_hand")


def drop_code(user: User) -> None:
    """Leave the person without a code in hand."""
    user.dialog = None


async def try_code(
    session: TenantSession, conversation: Conversation, *, user: User, plan: Plan, code: str
) -> PriceQuote:
    """Return what the plan costs with the code.

    Raises:
        PromoCodeRefusedError: The code does not work for this person and plan.
    """
    return (await _try(session, conversation, user=user, plan=plan, code=code))[1]


async def _try(
    session: TenantSession, conversation: Conversation, *, user: User, plan: Plan, code: str
) -> tuple[PromoCode, PriceQuote]:
    if len(code.strip()) > _LONGEST_CODE:
        raise PromoCodeRefusedError("unknown")
    held_by = await find_open_payment(session, user_id=user.id, plan_id=plan.id)
    return await quote(
        session, code=code, user_id=user.id, plan=plan, now=conversation.worker.clock.now(), held_by=held_by
    )


async def take_code(
    session: TenantSession, conversation: Conversation, *, user: User, plan: Plan, code: str
) -> PriceQuote:
    """Leave the person with the code in hand for this plan, and return what it costs now.

    Raises:
        PromoCodeRefusedError: The code does not work; the bot goes on waiting for one.
    """
    price = await try_code(session, conversation, user=user, plan=plan, code=code)
    user.dialog = {"promo_code": normalize_code(code), "plan_id": str(plan.id)}
    return price


async def bring_code(session: TenantSession, conversation: Conversation, *, user: User, code: str) -> str:
    """Leave the person with a code for every plan that it fits; return why not, empty when it fits one at least."""
    reasons: list[str] = []
    for plan in await list_for_sale(session, bot_id=conversation.bot.bot_id):
        try:
            await try_code(session, conversation, user=user, plan=plan, code=code)
        except PromoCodeRefusedError as error:
            reasons.append(error.reason)
        else:
            user.dialog = {"promo_code": normalize_code(code)}
            return ""
    return next((reason for reason in reasons if reason != "wrong_plan"), (reasons or ["unknown"])[0])


def give_code(user: User, code: str) -> None:
    """Leave the person with a code of their own for the next order, unless the bot waits for something or has one."""
    if user.dialog is None:
        user.dialog = {"promo_code": normalize_code(code)}


async def prices_in_hand(session: TenantSession, conversation: Conversation, *, user: User) -> PricesInHand | None:
    """Return what the code in hand makes of the list of plans; nothing where it fits none of them now."""
    dialog = user.dialog or {}
    code, only_plan_id = dialog.get("promo_code"), dialog.get("plan_id")
    promo_code: PromoCode | None = None
    prices: dict[UUID, PriceQuote] = {}
    for plan in await list_for_sale(session, bot_id=conversation.bot.bot_id) if code else ():
        if only_plan_id is not None and only_plan_id != str(plan.id):
            continue
        try:
            promo_code, prices[plan.id] = await _try(session, conversation, user=user, plan=plan, code=str(code))
        except PromoCodeRefusedError:
            continue
    return None if promo_code is None else PricesInHand(promo_code, prices)


async def quote_in_hand(session: TenantSession, conversation: Conversation, *, user: User, plan: Plan) -> InHand:
    """Return the code in hand and the price that it makes; nothing where it does not fit this plan now."""
    dialog = user.dialog or {}
    code = dialog.get("promo_code")
    if not code or dialog.get("plan_id", str(plan.id)) != str(plan.id):
        return InHand()
    try:
        price = await try_code(session, conversation, user=user, plan=plan, code=str(code))
    except PromoCodeRefusedError as error:
        return InHand(refusal=error.reason)
    return InHand(str(code), price)
