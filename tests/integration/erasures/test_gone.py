"""Who counts as long gone: whoever has anything left is not touched, however long they were not seen (13.5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessAction, AccessLog, ActualPlace, Membership, WantedPlace
from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.fiscal_receipts import FiscalReceipt, ReceiptKind, ReceiptState
from lumenpay.models.gifts import Gift, GiftStatus
from lumenpay.models.imports import Import, ImportKind, ImportOutcome, ImportRow, ImportStatus
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.promo_codes import DiscountKind
from lumenpay.models.referrals import Referral, ReferralState
from lumenpay.models.refunds import AccessAfterRefund, Refund, RefundOrigin, RefundStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from sandbox.telegram.state.members import Member
from tests.support.desk import Desk, new_key
from tests.support.gone import DAYS_GONE, count_gone, forgotten, former, look, switch_on
from tests.support.market import Market
from tests.support.stall import Stall

Change = Callable[[Stall, User], Awaitable[None]]
LONG_AGO = timedelta(days=DAYS_GONE)


def person(**values: object) -> Change:
    async def change(stall: Stall, user: User) -> None:
        now = stall.market.now()
        await stall.change(User, user.id, **{name: now if value is ... else value for name, value in values.items()})

    return change


def own(model: type, **values: object) -> Change:
    """Change the row of the person; `...` stands for this moment."""

    async def change(stall: Stall, user: User) -> None:
        [row] = await stall.market.rows(stall.tenant_id, model, model.user_id == user.id)  # type: ignore[attr-defined]  # each has it
        now = stall.market.now()
        await stall.change(model, row.id, **{name: now if value is ... else value for name, value in values.items()})

    return change


async def add(stall: Stall, *rows: object) -> None:
    for row in rows:
        async with stall.market.tenant(stall.tenant_id) as session:
            session.add(row)


async def order_of(stall: Stall, user: User) -> Payment:
    [payment] = await stall.market.rows(stall.tenant_id, Payment, Payment.user_id == user.id)
    assert isinstance(payment, Payment)
    return payment


def refund(**values: object) -> Change:
    async def change(stall: Stall, user: User) -> None:
        payment, now = await order_of(stall, user), stall.market.now()
        moments = {name: now if value is ... else value for name, value in values.items()}
        terms = {"created_at": now - LONG_AGO, "access": AccessAfterRefund.KEEP, "origin": RefundOrigin.PORTAL}
        await add(
            stall,
            Refund(
                tenant_id=stall.tenant_id, id=new_uuid7(), payment_id=payment.id, amount_minor=100, currency="RUB",
                **(terms | moments),
            ),
        )  # fmt: skip

    return change


async def await_receipt(stall: Stall, user: User) -> None:
    payment, then = await order_of(stall, user), stall.market.now() - LONG_AGO
    await add(
        stall,
        FiscalReceipt(
            tenant_id=stall.tenant_id, id=new_uuid7(), payment_id=payment.id, kind=ReceiptKind.PAYMENT,
            state=ReceiptState.PENDING, idempotence_key=new_key(), state_changed_at=then, created_at=then,
        ),
    )  # fmt: skip


def autopay(status: AutopayStatus, *, shop_id: str = "telegram") -> Change:
    async def change(stall: Stall, user: User) -> None:
        payment, then = await order_of(stall, user), stall.market.now() - LONG_AGO
        [held] = await stall.market.rows(stall.tenant_id, Subscription, Subscription.user_id == user.id)
        await add(
            stall,
            Autopay(
                tenant_id=stall.tenant_id, subscription_id=held.id, bot_id=stall.bot_id, user_id=user.id,
                consent_payment_id=payment.id, status=status, method_title="", shop_id=shop_id, created_at=then,
            ),
        )  # fmt: skip

    return change


def gift(status: GiftStatus) -> Change:
    async def change(stall: Stall, user: User) -> None:
        payment, now = await order_of(stall, user), stall.market.now()
        await add(
            stall,
            Gift(
                tenant_id=stall.tenant_id, id=new_uuid7(), bot_id=stall.bot_id, plan_id=stall.plan_id,
                payment_id=payment.id, giver_id=user.id, status=status, expires_at=now, created_at=now - LONG_AGO,
            ),
        )  # fmt: skip

    return change


def referral(state: ReferralState, *, is_inviter: bool) -> Change:
    async def change(stall: Stall, user: User) -> None:
        other = await stall.buyer(first_name="Other")
        invited, inviter = (other, user) if is_inviter else (user, other)
        await add(
            stall,
            Referral(
                tenant_id=stall.tenant_id, invited_id=invited.id, inviter_id=inviter.id, bot_id=stall.bot_id,
                state=state, created_at=stall.market.now() - LONG_AGO,
            ),
        )  # fmt: skip

    return change


def code(*, days: int | None) -> Change:
    async def change(stall: Stall, user: User) -> None:
        until = None if days is None else stall.market.now() + timedelta(days=days)
        kind = {"discount_kind": DiscountKind.PERCENT, "discount_value": 10}
        await stall.promo("BACK", user_id=user.id, valid_until_at=until, **kind)

    return change


def listed(outcome: ImportOutcome) -> Change:
    async def change(stall: Stall, user: User) -> None:
        now, import_id = stall.market.now(), new_uuid7()
        await add(
            stall,
            Import(
                tenant_id=stall.tenant_id, id=import_id, bot_id=stall.bot_id, plan_id=stall.plan_id,
                kind=ImportKind.CSV, file_name="a.csv", file_digest="0" * 64, grace_days=0, idempotence_key=new_key(),
                status=ImportStatus.DONE, created_at=now,
            ),
            ImportRow(
                tenant_id=stall.tenant_id, import_id=import_id, line=1, outcome=outcome, is_done=True, user_id=user.id
            ),
        )  # fmt: skip

    return change


async def pass_a_door(stall: Stall, user: User) -> None:
    row = AccessLog(
        tenant_id=stall.tenant_id, id=new_uuid7(), action=AccessAction.LEFT, user_id=user.id,
        channel_id=stall.channel_id, telegram_id=user.telegram_id, created_at=stall.market.now(),
    )  # fmt: skip
    await add(stall, row)


async def be_banned(stall: Stall, user: User) -> None:
    channel = stall.market.world.channels[stall.chat_id]
    channel.members[user.telegram_id] = Member(user.telegram_id, "kicked")


HELD_UNTIL = {"paused_until_at": ...}
TIES: dict[str, Change] = {
    "may be inside without paying": person(is_whitelisted=True),
    "wrote to the bot": person(last_seen_at=...),
    "first came of late": person(met_at=...),
    "saw a plan of late": person(plan_seen_at=...),
    "has a lifetime": own(Subscription, status=SubscriptionStatus.ACTIVE, ends_at=None, access_ends_at=None),
    "paused": own(Subscription, status=SubscriptionStatus.PAUSED, **HELD_UNTIL),
    "ended of late": own(Subscription, expired_at=...),
    "renews by itself": autopay(AutopayStatus.ON, shop_id="1"),
    "renews in Stars": autopay(AutopayStatus.ON),
    "is inside": own(Membership, actual=ActualPlace.INSIDE),
    "is an admin of the channel": own(Membership, actual=ActualPlace.ADMIN, wanted=WantedPlace.UNMANAGED),
    "is inside, as another bot knows": own(Membership, actual=ActualPlace.INSIDE, user_id=None),
    "should be inside": own(Membership, wanted=WantedPlace.INSIDE),
    "may have been inside before the bot": own(
        Membership, wanted=WantedPlace.UNMANAGED, actual=ActualPlace.UNKNOWN
    ),
    "came in of late": own(Membership, joined_at=...),
    "passed a door of late": pass_a_door,
    "has an open order": own(Payment, status=PaymentStatus.PENDING),
    "has an order set aside": own(Payment, status=PaymentStatus.QUARANTINED),
    "paid and got nothing": own(Payment, delivery_state=DeliveryState.PAID),
    "ordered of late": own(Payment, created_at=...),
    "paid of late": own(Payment, settled_at=...),
    "a refund is on its way": refund(status=RefundStatus.PENDING),
    "a refund is set aside": refund(status=RefundStatus.QUARANTINED),
    "was refunded of late": refund(status=RefundStatus.SUCCEEDED, settled_at=...),
    "a receipt is being made": await_receipt,
    "a gift waits": gift(GiftStatus.WAITING),
    "earns a reward": referral(ReferralState.BOUGHT, is_inviter=True),
    "earns a reward for another": referral(ReferralState.BOUGHT, is_inviter=False),
    "has an offer that is good for a while": code(days=3),
    "is promised access by a list": listed(ImportOutcome.HELD),
}  # fmt: skip
NO_TIES: dict[str, Change] = {
    "blocked the bot": person(blocked_bot_at=...),
    "has a note": person(note="CanaryNote"),
    "renewed by itself once": autopay(AutopayStatus.OFF),
    "left a channel that is not ours to mind": own(
        Membership, wanted=WantedPlace.UNMANAGED, actual=ActualPlace.OUTSIDE
    ),
    "was looked for of late": own(Membership, actual_seen_at=...),
    "did not pay": own(Payment, status=PaymentStatus.CANCELED, delivery_state=DeliveryState.NOT_PAID),
    "was refunded long ago": refund(status=RefundStatus.SUCCEEDED),
    "gave a gift that nobody took": gift(GiftStatus.EXPIRED),
    "invited somebody who never bought": referral(ReferralState.INVITED, is_inviter=True),
    "left a code unused that has no end": code(days=None),
    "has an offer that is over": code(days=-3),
    "stands in a list": listed(ImportOutcome.ALREADY),
}  # fmt: skip


@pytest.mark.parametrize("tie", TIES.values(), ids=TIES.keys())
async def test_whoever_has_something_left_is_not_forgotten(market: Market, stall: Stall, desk: Desk, tie: Change):
    await switch_on(desk)
    anna = await former(stall)
    await market.skip(days=DAYS_GONE)
    assert await count_gone(desk) == 1
    await tie(stall, anna)
    assert await count_gone(desk) == 0
    await look(market)
    assert await forgotten(market, stall) == set()
    assert (await market.get(stall.tenant_id, User, anna.id)).erasure_asked_at is None


@pytest.mark.parametrize("change", NO_TIES.values(), ids=NO_TIES.keys())
async def test_what_is_over_or_not_their_doing_keeps_nobody(market: Market, stall: Stall, desk: Desk, change: Change):
    await switch_on(desk)
    anna = await former(stall)
    await market.skip(days=DAYS_GONE)
    await change(stall, anna)
    assert await count_gone(desk) == 1
    await look(market)
    assert await forgotten(market, stall) == {anna.id}


async def test_whom_somebody_banned_is_forgotten_and_stays_banned(market: Market, stall: Stall, desk: Desk):
    await switch_on(desk)
    anna = await former(stall)
    await be_banned(stall, anna)
    await market.skip(days=DAYS_GONE)
    await look(market)
    assert await forgotten(market, stall) == {anna.id}
    # The ban is Telegram's, and stands there under the account's own id.
    assert await stall.member_status(anna.telegram_id) == "kicked"
