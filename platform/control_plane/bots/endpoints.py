"""Bots: connect, look at, rotate, pause, delete."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from control_plane.bots.chats import find_chats
from control_plane.bots.schemas import BotOut, PaceOut, TokenIn, bot_out
from control_plane.dependencies import PageDep, TenantAccess, TenantDep
from control_plane.errors import documented
from control_plane.schemas import PageOut
from lumenpay.bots import repository, service
from lumenpay.bots.errors import BotTokenInvalidError
from lumenpay.bots.pace import read_removal_pace
from lumenpay.bots.rules import find_token
from lumenpay.jobs.catalogue import CheckBotHealth
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.crypto import Secret
from lumenpay.telegram.errors import TelegramTokenRevokedError
from lumenpay.telegram.facts import BotProfile

router = APIRouter(prefix="/tenants/{tenant_id}/bots", tags=["bots"])


@router.get("")
async def list_(access: TenantDep, page: PageDep) -> PageOut[BotOut]:
    """List the tenant's bots."""
    async with access.unit() as session:
        found = await repository.list_bots(session, page)
    chats = await find_chats(access)
    items = [bot_out(bot, chats) for bot in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.post("", status_code=201, responses=documented(409))
async def connect(body: TokenIn, access: TenantDep) -> BotOut:
    """Connect a bot by its token; a whole pasted message of BotFather is understood."""
    token, profile = await _check_token(body, access)
    async with access.unit() as session:
        bot = await service.connect_bot(
            session, ring=access.services.ring, token=token, profile=profile, actor=access.actor, now=access.now
        )
    return bot_out(bot, await find_chats(access))


@router.get("/{bot_id}")
async def get(bot_id: UUID, access: TenantDep) -> BotOut:
    """Return a bot."""
    async with access.unit() as session:
        bot = await repository.get_bot(session, bot_id)
    return bot_out(bot, await find_chats(access))


@router.get("/{bot_id}/pace")
async def get_pace(bot_id: UUID, access: TenantDep) -> PaceOut:
    """Return how many people the bot can take out in a minute by Telegram's limits, and how many wait."""
    async with access.unit() as session:
        bot = await repository.get_bot(session, bot_id)
        return PaceOut.model_validate(await read_removal_pace(session, bot.id))


@router.put("/{bot_id}/token", responses=documented(409))
async def rotate_token(bot_id: UUID, body: TokenIn, access: TenantDep) -> BotOut:
    """Replace the token by a newer one of the same bot; a bot whose token was revoked works again."""
    async with access.unit() as session:
        await repository.get_bot(session, bot_id)
    token, profile = await _check_token(body, access)
    async with access.unit() as session:
        bot = await service.rotate_token(
            session, bot_id, ring=access.services.ring, token=token, profile=profile, actor=access.actor,
            now=access.now,
        )  # fmt: skip
    return bot_out(bot, await find_chats(access))


@router.post("/{bot_id}/rotate-webhook")
async def rotate_webhook(bot_id: UUID, access: TenantDep) -> BotOut:
    """Give the bot a new webhook address and secret."""
    async with access.unit() as session:
        bot = await service.rotate_webhook(
            session, bot_id, ring=access.services.ring, actor=access.actor, now=access.now
        )
    return bot_out(bot, await find_chats(access))


@router.post("/{bot_id}/check-health", status_code=202)
async def check_health(bot_id: UUID, access: TenantDep) -> BotOut:
    """Have the webhook compared with what it should be; the answer shows in the bot a moment later."""
    async with access.unit() as session:
        bot = await repository.get_bot(session, bot_id)
        await enqueue(session, CheckBotHealth(bot.id), now=access.now, bot_id=bot.id, dedupe_key=str(bot.id))
    return bot_out(bot, await find_chats(access))


@router.post("/{bot_id}/pause")
async def pause(bot_id: UUID, access: TenantDep) -> BotOut:
    """Let the bot answer nobody; what comes meanwhile is kept."""
    async with access.unit() as session:
        bot = await service.pause_bot(session, bot_id, actor=access.actor, now=access.now)
    return bot_out(bot, await find_chats(access))


@router.post("/{bot_id}/resume")
async def resume(bot_id: UUID, access: TenantDep) -> BotOut:
    """Let the bot answer again."""
    async with access.unit() as session:
        bot = await service.resume_bot(session, bot_id, actor=access.actor, now=access.now)
    return bot_out(bot, await find_chats(access))


@router.delete("/{bot_id}", status_code=204)
async def delete(bot_id: UUID, access: TenantDep) -> None:
    """Take the bot out of service at once, clear its webhook and destroy its secrets.

    What open orders need is kept until they are closed and what was paid is handed over, within about an hour.
    """
    async with access.unit() as session:
        await service.delete_bot(session, bot_id, actor=access.actor, now=access.now)


async def _check_token(body: TokenIn, access: TenantAccess) -> tuple[Secret, BotProfile]:
    found = find_token(body.token.get_secret_value())
    if found is None:
        raise BotTokenInvalidError(fields={"token": "no_token_found"})
    token = Secret(found)
    try:
        return token, await access.services.telegram.get_me(token)
    except TelegramTokenRevokedError as error:
        raise BotTokenInvalidError(fields={"token": "refused_by_telegram"}) from error
