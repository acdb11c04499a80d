"""Comparing what Telegram lists of a bot's Stars with our payments, page by page; and the tick that begins it daily.

As over a shop, no network call is made inside a transaction, and a killed run goes on at the page where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.bots.errors import BotNotFoundError
from lumenpay.bots.repository import find_any_bot
from lumenpay.db.dispatch import list_due_star_reconciliations
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import ReconcileStars
from lumenpay.jobs.errors import JobPostponed
from lumenpay.kit.crypto import SealBrokenError, Secret
from lumenpay.models.reconciliations import Reconciliation, ReconciliationStage, ReconciliationStatus
from lumenpay.reconciliations import service, star_walking, walking
from lumenpay.reconciliations.star_listing import find_start
from lumenpay.reconciliations.star_rules import decide_since
from lumenpay.telegram import stars
from lumenpay.telegram.errors import TelegramRejectedError, TelegramTokenRevokedError
from lumenpay.telegram.stars import MOST_LISTED, StarTransaction
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.reconciling import walk_run
from tenants_worker.tasks.sweeping import sweep

DUE_LIMIT = 500
_PROBLEMS: Final[dict[type[Exception], str]] = {
    TelegramTokenRevokedError: "keys_refused",
    TelegramRejectedError: "refused_by_the_gateway",
    BotNotFoundError: "keys_gone",
    SealBrokenError: "keys_do_not_open",
}
"""What ends a run for good; while Telegram is away, or asks to slow down, the job comes back."""


async def reconcile_stars(ctx: JobContext, job: ReconcileStars) -> None:
    """Do the next pages of a run; what is left when the time is over goes on in a further job."""
    await walk_run(ctx, job, do_page=_do_page, problems=_PROBLEMS, give_up=_give_up)


async def _do_page(ctx: JobContext, run: Reconciliation) -> None:
    if run.stage == ReconciliationStage.GATEWAY:
        await _do_listed_page(ctx, run)
    else:
        await _do_own_page(ctx, run)


async def _do_listed_page(ctx: JobContext, run: Reconciliation) -> None:
    token, since = await _open_bot(ctx, run)
    try:
        offset = int(run.cursor) if run.cursor else await _find_start(ctx, token, since=since)
        listed = await stars.list_transactions(ctx.worker.telegram, token, offset=offset)
    except TelegramTokenRevokedError as error:
        if not await _note_refused(ctx, run, token):
            raise JobPostponed("the token was replaced", retry_after_seconds=0) from error
        raise
    # The list goes on where a page is full, whatever of it is too old to matter.
    next_offset = offset + len(listed) if len(listed) >= MOST_LISTED else None
    page = [one for one in listed if one.at >= since]
    ours = await _take_over(ctx, run, page)
    async with ctx.unit() as session:
        await star_walking.finish_listed_page(
            session, run, page=page, ours=ours, next_offset=next_offset, now=ctx.worker.clock.now()
        )


async def _note_refused(ctx: JobContext, run: Reconciliation, token: Secret) -> bool:
    """Take the bot out of service; False where it was a former token that Telegram refused."""
    async with ctx.unit() as session:
        try:
            return await bots.mark_token_revoked(
                session, run.bot_id, token_hint=token.hint(), now=ctx.worker.clock.now()
            )
        except BotNotFoundError:
            # Deleted, and keeping its token for open orders: there is nothing to take out of service.
            return True


async def _take_over(ctx: JobContext, run: Reconciliation, page: Sequence[StarTransaction]) -> int:
    """Do what has to be done about a page, in its order; return how many of it are ours or carry our mark."""
    async with ctx.unit() as session:
        pairs = await star_walking.match_page(session, page)
    for transaction, payment in pairs:
        if star_walking.is_alike(transaction, payment):
            continue
        async with ctx.unit() as session:
            await star_walking.take_over(session, run, transaction, now=ctx.worker.clock.now())
    return len(pairs)


async def _find_start(ctx: JobContext, token: Secret, *, since: datetime) -> int:
    async def read_moment(position: int) -> datetime | None:
        found = await stars.list_transactions(ctx.worker.telegram, token, offset=position, limit=1)
        return found[0].at if found else None

    return await find_start(read_moment, since=since)


async def _do_own_page(ctx: JobContext, run: Reconciliation) -> None:
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        page, unlisted = await star_walking.list_unlisted(session, run)
    for payment in unlisted:
        async with ctx.unit() as session:
            await walking.show_unlisted(session, run, payment_id=payment.id, now=now)
    async with ctx.unit() as session:
        await walking.finish_own_page(session, run, page=page, alike=(), now=now)


async def _open_bot(ctx: JobContext, run: Reconciliation) -> tuple[Secret, datetime]:
    """Return the bot's token, and since when what it takes is ours."""
    async with ctx.unit() as session:
        bot = await find_any_bot(session, run.bot_id)
    if bot is None or bot.token_sealed is None:
        raise BotNotFoundError
    since = decide_since(from_at=run.from_at, connected_at=bot.created_at)
    return bot_secrets.open_token(ctx.worker.ring, bot), since


async def _give_up(ctx: JobContext, run: Reconciliation, error: Exception) -> None:
    now = ctx.worker.clock.now()
    problem = next(text for kind, text in _PROBLEMS.items() if isinstance(error, kind))
    async with ctx.unit() as session:
        await service.close_run(session, run.id, status=ReconciliationStatus.FAILED, problem=problem, now=now)


async def start_due(ctx: WorkerContext, now: datetime) -> None:
    """Start the daily run over every bot's Stars whose moment has come; each is taken once, whoever sees it."""

    async def start(session: TenantSession, bot_id: UUID) -> None:
        await service.start_daily_stars(session, bot_id, now=now)

    await sweep(ctx, await list_due_star_reconciliations(ctx.database, now=now, limit=DUE_LIMIT), start)
