"""The YooKassa shop of a bot."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from control_plane.bots.schemas import ShopIn, ShopOut
from control_plane.dependencies import TenantAccess, TenantDep
from control_plane.errors import documented
from lumenpay.bots import repository, service
from lumenpay.bots.errors import ShopKeysInvalidError, ShopKeysRefusedError
from lumenpay.bots.secrets import open_shop
from lumenpay.db.versions import require_version
from lumenpay.kit.crypto import Secret
from lumenpay.models.bots import Bot
from lumenpay.payments import shops
from lumenpay.payments.errors import GatewayCredentialsError, GatewayForbiddenError, GatewayRefusedError

router = APIRouter(prefix="/tenants/{tenant_id}/bots/{bot_id}/shop", tags=["shops"])


@router.get("")
async def get(bot_id: UUID, access: TenantDep) -> ShopOut:
    """Return the shop, with the address for its notifications."""
    async with access.unit() as session:
        return _shop(await repository.get_bot(session, bot_id), access)


@router.put("", responses=documented(409))
async def connect(bot_id: UUID, body: ShopIn, access: TenantDep) -> ShopOut:
    """Connect a shop by id and secret key, which are tried out first; test and live shops are told apart.

    Orders that are open in the shop before it are looked after until they are closed: a payment link lives for an hour.
    With a `version`, only in place of the shop that was read.
    """
    async with access.unit() as session:
        require_version(service.version_of_shop(await repository.get_bot(session, bot_id)), body.version)
    secret_key = Secret(body.secret_key.get_secret_value().strip())
    try:
        is_test = await access.services.yookassa.check_keys(shop_id=body.shop_id, secret_key=secret_key)
    except (GatewayCredentialsError, GatewayForbiddenError, GatewayRefusedError) as error:
        raise ShopKeysInvalidError(fields={"secret_key": "refused_by_yookassa"}) from error
    async with access.unit() as session:
        bot = await shops.connect_shop(
            session, bot_id, ring=access.services.ring, shop_id=body.shop_id, secret_key=secret_key,
            is_test=is_test, version=body.version, actor=access.actor, now=access.now,
        )  # fmt: skip
    return _shop(bot, access)


@router.post("/check", responses=documented(409))
async def check(bot_id: UUID, access: TenantDep) -> ShopOut:
    """Ask the gateway now whether it still accepts the stored keys; a shop that it refused before sells again."""
    async with access.unit() as session:
        asked = await repository.get_bot(session, bot_id)
        shop = open_shop(access.services.ring, asked)
    try:
        is_test = await access.services.yookassa.check_keys(shop_id=shop.shop_id, secret_key=shop.secret_key)
    except (GatewayCredentialsError, GatewayForbiddenError, GatewayRefusedError) as error:
        async with access.unit() as session:
            await service.record_shop_check(session, asked, is_test=None, actor=access.actor, now=access.now)
        raise ShopKeysRefusedError from error
    async with access.unit() as session:
        bot = await service.record_shop_check(session, asked, is_test=is_test, actor=access.actor, now=access.now)
    return _shop(bot, access)


@router.delete("", status_code=204)
async def disconnect(bot_id: UUID, access: TenantDep) -> None:
    """Stop selling at once, and forget the shop's keys as soon as no order of it is open, within about an hour."""
    async with access.unit() as session:
        await shops.disconnect_shop(session, bot_id, ring=access.services.ring, actor=access.actor, now=access.now)


def _shop(bot: Bot, access: TenantAccess) -> ShopOut:
    url = None
    if bot.shop_sealed is not None and bot.shop_id is not None:
        key = open_shop(access.services.ring, bot).notice_key.reveal()
        url = f"{access.services.settings.public_url}/webhooks/yookassa/{key}"
    return ShopOut(
        shop_id=bot.shop_id, status=bot.shop_status, is_test=bot.shop_is_test, secret_key_hint=bot.shop_key_hint,
        notification_url=url, first_notice_at=bot.shop_notice_at, checked_at=bot.shop_checked_at,
        recurring_refused_at=bot.shop_recurring_refused_at, fault=bot.shop_fault,
        version=service.version_of_shop(bot),
    )  # fmt: skip
