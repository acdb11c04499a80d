"""The shops of a bot as its orders see them: an order belongs to the shop that it was made in, whatever comes after."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.audit.service import Actor
from lumenpay.bots import secrets
from lumenpay.bots import service as bots
from lumenpay.bots.errors import ShopNotConnectedError
from lumenpay.bots.repository import find_any_bot
from lumenpay.bots.secrets import ShopSecrets
from lumenpay.db.session import TenantSession
from lumenpay.kit.crypto import KeyRing, SealBrokenError, Secret
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.models.payments import Payment
from lumenpay.payments import repository
from lumenpay.payments.terms import YOOKASSA


async def connect_shop(
    session: TenantSession, bot_id: UUID, *, ring: KeyRing, shop_id: str, secret_key: Secret, is_test: bool,
    version: str | None = None, actor: Actor, now: datetime,
) -> Bot:  # fmt: skip
    """Have the bot sell through a shop whose keys the gateway accepted.

    Orders that are open in the shop before it are looked after with that one's keys until they are closed; orders of
    this shop about which nothing could be learnt any more are asked for again.

    Args:
        version: Of the shop that was read before; without one, whichever is there is replaced.

    Raises:
        BotNotFoundError: Unknown to this tenant.
        ChangedMeanwhileError: The bot sells through another shop, or with another key, by now.
    """
    bot = await bots.connect_shop(
        session, bot_id, ring=ring, shop_id=shop_id, secret_key=secret_key, is_test=is_test,
        shops_in_use=await repository.list_shops_in_use(session, bot_id=bot_id, now=now), version=version,
        actor=actor, now=now,
    )  # fmt: skip
    await repository.resume_checks(session, bot_id=bot_id, shop_id=shop_id, now=now)
    return bot


async def disconnect_shop(session: TenantSession, bot_id: UUID, *, ring: KeyRing, actor: Actor, now: datetime) -> None:
    """Stop selling; the shop's keys are forgotten as soon as no order of it is open.

    Raises:
        BotNotFoundError: Unknown to this tenant.
    """
    in_use = await repository.list_shops_in_use(session, bot_id=bot_id, now=now)
    await bots.disconnect_shop(session, bot_id, ring=ring, shops_in_use=in_use, actor=actor, now=now)


async def forget_shops(session: TenantSession, bot_id: UUID, *, ring: KeyRing, now: datetime) -> bool:
    """Destroy the keys of former shops whose orders are closed; False while others are still needed. Safe to repeat."""
    bot = await find_any_bot(session, bot_id, is_locked=True)
    if bot is None or bot.status == BotStatus.DELETED:
        return True
    in_use = await repository.list_shops_in_use(session, bot_id=bot_id, now=now)
    return not secrets.keep_former_shops(ring, bot, in_use)


async def open_shop_of(session: TenantSession, payment: Payment, *, ring: KeyRing) -> ShopSecrets:
    """Return the keys of the shop that an order was made in, also when the bot sells through another one now.

    Raises:
        ShopNotConnectedError: They are gone.
        SealBrokenError: They do not open.
    """
    bot = await find_any_bot(session, payment.bot_id)
    if bot is None or payment.shop_id is None:
        raise ShopNotConnectedError
    return secrets.open_shop_by_id(ring, bot, payment.shop_id)


async def find_gone_shop(session: TenantSession, payment: Payment, *, ring: KeyRing) -> str | None:
    """Return the shop that took a payment where its keys are gone; None where the gateway can be asked, or is none.

    The same shop has to be connected again before anything of the payment can be asked of the gateway from here.
    """
    if payment.provider != YOOKASSA:
        return None
    try:
        await open_shop_of(session, payment, ring=ring)
    except ShopNotConnectedError:
        return payment.shop_id
    except SealBrokenError:
        # They are there: what is wrong with them is another trouble, which the first use of them names.
        return None
    return None


async def find_shop_to_sell(session: TenantSession, payment: Payment, *, ring: KeyRing) -> ShopSecrets | None:
    """Return the keys to open a new order at the gateway with; nothing when its shop does not sell any more."""
    bot = await find_any_bot(session, payment.bot_id)
    is_selling = bot is not None and bot.status != BotStatus.DELETED and bot.shop_status == ShopStatus.ACTIVE
    if bot is None or not is_selling or bot.shop_id != payment.shop_id:
        return None
    return secrets.open_shop(ring, bot)
