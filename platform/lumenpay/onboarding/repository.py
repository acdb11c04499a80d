"""SQL of onboarding: how it stands with the tenant's first bot."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, func, select

from lumenpay.channels.rules import list_missing_rights
from lumenpay.db.session import TenantSession
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import Plan, PlanChannel
from lumenpay.onboarding.rules import Standing
from lumenpay.payments.terms import GIFT, IMPORT, MANUAL

CHANNELS_LOOKED_AT = 20


async def find_first_bot(session: TenantSession) -> Bot | None:
    """Return the bot that was connected first and is not deleted."""
    query = select(Bot).where(Bot.tenant_id == session.tenant_id, Bot.status != BotStatus.DELETED)
    return (await session.execute(query.order_by(Bot.id).limit(1))).scalar_one_or_none()


async def list_first_channels(session: TenantSession, bot_id: UUID) -> list[Channel]:
    """Return the bot's first channels."""
    query = select(Channel).where(Channel.tenant_id == session.tenant_id, Channel.bot_id == bot_id)
    return list((await session.execute(query.order_by(Channel.id).limit(CHANNELS_LOOKED_AT))).scalars())


async def load_standing(session: TenantSession, bot: Bot | None, *, is_email_verified: bool | None) -> Standing:
    """Return how it stands with a bot."""
    if bot is None:
        return Standing(is_email_verified)
    # What was given by hand, brought in with a list or taken as a gift went through no bot and no payment.
    is_bought = Payment.provider.not_in((MANUAL, IMPORT, GIFT))
    own = (Payment.tenant_id == session.tenant_id) & (Payment.bot_id == bot.id) & is_bought
    succeeded = own & (Payment.status == PaymentStatus.SUCCEEDED)
    found = await session.execute(
        select(exists().where(succeeded & Payment.is_test), exists().where(succeeded & ~Payment.is_test))
    )
    has_test_purchase, has_purchase = found.one()
    plans, on_sale = await _count_plans(session, bot.id)
    return Standing(
        is_email_verified=is_email_verified,
        bot_status=BotStatus(bot.status),
        health_code=bot.health_code,
        is_webhook_set=bot.webhook_set_at is not None,
        shop_status=ShopStatus(bot.shop_status),
        is_shop_test=bot.shop_is_test,
        missing_rights=tuple(_missing(channel) for channel in await list_first_channels(session, bot.id)),
        plans=plans,
        plans_on_sale=on_sale,
        has_test_purchase=has_test_purchase,
        has_purchase=has_purchase,
    )


async def _count_plans(session: TenantSession, bot_id: UUID) -> tuple[int, int]:
    channels = (PlanChannel.tenant_id == Plan.tenant_id) & (PlanChannel.plan_id == Plan.id)
    closed = exists().where(
        channels,
        Channel.tenant_id == PlanChannel.tenant_id,
        Channel.id == PlanChannel.channel_id,
        Channel.status != ChannelStatus.ACTIVE,
    )
    can_sell = Plan.is_on_sale & exists().where(channels) & ~closed
    counted = await session.execute(
        select(func.count(), func.count().filter(can_sell)).where(
            Plan.tenant_id == session.tenant_id, Plan.bot_id == bot_id, Plan.archived_at.is_(None)
        )
    )
    plans, on_sale = counted.one()
    return int(plans), int(on_sale)


def _missing(channel: Channel) -> tuple[str, ...]:
    return tuple(
        list_missing_rights(
            status=ChannelStatus(channel.status), can_invite_users=channel.can_invite_users,
            can_restrict_members=channel.can_restrict_members,
        )
    )  # fmt: skip
