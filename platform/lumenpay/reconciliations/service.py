"""Starting runs on demand and daily, and what people see and do about what was found."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, literal, update

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.bots.errors import BotNotActiveError, ShopNotConnectedError
from lumenpay.bots.repository import get_bot
from lumenpay.db.changes import announce
from lumenpay.db.counting import list_page
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import ReconcilePayments, ReconcileStars
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.daily import is_daily_moment, next_daily_moment
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.models.ids import AdminId, BotId
from lumenpay.models.reconciliations import (
    FindingState,
    Reconciliation,
    ReconciliationFinding,
    ReconciliationStage,
    ReconciliationStatus,
)
from lumenpay.payments.providers.stars.facts import STARS, STARS_SHOP
from lumenpay.payments.terms import YOOKASSA
from lumenpay.reconciliations import repository
from lumenpay.reconciliations.errors import FindingClosedError, FindingNotFoundError
from lumenpay.reconciliations.rules import decide_from, sources_of

TOPIC = "reconciliation"
F = ReconciliationFinding


async def start_run(
    session: TenantSession, bot_id: UUID, *, days: int | None, actor: Actor, now: datetime
) -> Reconciliation:
    """Have the shop of a bot compared with the gateway's list; one run at a time: another wish joins the running one.

    Args:
        days: How far back; nothing for as far as a daily run looks.

    Raises:
        BotNotFoundError: Unknown to this tenant, or deleted.
        ShopNotConnectedError: There is no shop that works.
    """
    bot = await get_bot(session, bot_id, is_locked=True)
    if bot.shop_status != ShopStatus.ACTIVE or bot.shop_id is None:
        raise ShopNotConnectedError
    return await _begin(session, bot, shop_id=bot.shop_id, days=days, actor=actor, now=now)


async def start_star_run(
    session: TenantSession, bot_id: UUID, *, days: int | None, actor: Actor, now: datetime
) -> Reconciliation:
    """Have the Stars of a bot compared with Telegram's list; one run at a time, as over a shop.

    Args:
        days: How far back; nothing for as far as a daily run looks.

    Raises:
        BotNotFoundError: Unknown to this tenant, or deleted.
        BotNotActiveError: Telegram does not accept its token any more.
    """
    bot = await get_bot(session, bot_id, is_locked=True)
    if bot.status == BotStatus.TOKEN_REVOKED:
        raise BotNotActiveError
    return await _begin(session, bot, shop_id=STARS_SHOP, days=days, actor=actor, now=now)


async def start_daily(session: TenantSession, bot_id: UUID, *, now: datetime) -> bool:
    """Start the daily run over a shop whose moment has come, and store when it comes again; each moment counts once."""
    bot = await session.get(Bot, (session.tenant_id, bot_id), with_for_update=True, populate_existing=True)
    if bot is None or bot.reconcile_at > now:
        return False
    due_at, bot.reconcile_at = bot.reconcile_at, next_daily_moment(bot_id, after=now)
    if bot.status == BotStatus.DELETED or bot.shop_status != ShopStatus.ACTIVE or bot.shop_id is None:
        return False
    if not is_daily_moment(bot_id, due_at):
        # Due for the first time, together with many others: it waits for its own moment.
        return False
    await _open_run(session, bot, shop_id=bot.shop_id, days=None, actor=SYSTEM, now=now)
    return True


async def start_daily_stars(session: TenantSession, bot_id: UUID, *, now: datetime) -> bool:
    """Start the daily run over a bot's Stars whose moment has come; each moment counts once.

    A bot that never had an order in Stars, or was deleted, is not due again before its next one.
    """
    bot = await session.get(Bot, (session.tenant_id, bot_id), with_for_update=True, populate_existing=True)
    if bot is None or bot.stars_reconcile_at is None or bot.stars_reconcile_at > now:
        return False
    due_at, bot.stars_reconcile_at = bot.stars_reconcile_at, next_daily_moment(bot_id, after=now)
    if bot.status == BotStatus.DELETED or not await repository.has_star_orders(session, bot_id):
        bot.stars_reconcile_at = None
        return False
    if bot.status == BotStatus.TOKEN_REVOKED or not is_daily_moment(bot_id, due_at):
        return False
    await _open_run(session, bot, shop_id=STARS_SHOP, days=None, actor=SYSTEM, now=now)
    return True


async def _open_run(
    session: TenantSession, bot: Bot, *, shop_id: str, days: int | None, actor: Actor, now: datetime
) -> Reconciliation:
    provider = STARS if shop_id == STARS_SHOP else YOOKASSA
    run = await repository.find_running(session, bot.id, provider=provider)
    if run is None:
        last_until_at = await repository.find_last_end(session, bot_id=bot.id, shop_id=shop_id)
        # Whoever starts one holds the lock of the bot's row, so that no second one is stored meanwhile.
        run = Reconciliation(
            tenant_id=session.tenant_id, id=new_uuid7(), bot_id=bot.id, provider=provider, shop_id=shop_id,
            status=ReconciliationStatus.RUNNING, stage=ReconciliationStage.GATEWAY,
            from_at=decide_from(now=now, last_until_at=last_until_at, days=days), until_at=now,
            requested_by=AdminId(actor.id) if actor.id else None, created_at=now,
        )  # fmt: skip
        session.add(run)
        await session.flush()
    # Also for one that goes on: should its job be dead, it has one again.
    job = ReconcileStars(run.id) if provider == STARS else ReconcilePayments(run.id)
    await enqueue(session, job, now=now, bot_id=BotId(bot.id), dedupe_key=str(run.id))
    announce(session, TOPIC, run.id)
    return run


async def _begin(
    session: TenantSession, bot: Bot, *, shop_id: str, days: int | None, actor: Actor, now: datetime
) -> Reconciliation:
    run = await _open_run(session, bot, shop_id=shop_id, days=days, actor=actor, now=now)
    if actor != SYSTEM:
        details = {"bot_id": str(run.bot_id), "shop_id": run.shop_id, "days": days}
        record(session, actor=actor, action="reconciliation.started", subject_id=run.id, now=now, details=details)
    return run


async def list_runs(
    session: TenantSession, page: PageRequest, *, bot_id: UUID | None = None
) -> CountedPage[Reconciliation]:
    """Return the runs, newest first.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    where: list[ColumnElement[bool]] = [Reconciliation.tenant_id == session.tenant_id]
    if bot_id is not None:
        where.append(Reconciliation.bot_id == bot_id)
    order = (Reconciliation.created_at.desc(), Reconciliation.id.desc())
    return await list_page(session, Reconciliation, where, page, order=order, is_narrowed=bot_id is not None)


async def list_findings(
    session: TenantSession, page: PageRequest, *, state: FindingState | None = None,
    reconciliation_id: UUID | None = None, payment_id: UUID | None = None,
) -> CountedPage[ReconciliationFinding]:  # fmt: skip
    """Return differences, newest first.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    where: list[ColumnElement[bool]] = [F.tenant_id == session.tenant_id]
    if state is not None:
        where.append(F.state == literal(state.value, literal_execute=True))
    if reconciliation_id is not None:
        where.append(F.reconciliation_id == reconciliation_id)
    if payment_id is not None:
        where.append(F.payment_id == payment_id)
    order = (F.found_at.desc(), F.id.desc())
    return await list_page(session, F, where, page, order=order, is_narrowed=len(where) > 1)


async def dismiss_finding(
    session: TenantSession, finding_id: UUID, *, actor: Actor, now: datetime
) -> ReconciliationFinding:
    """Store that a human has dealt with a difference; later runs do not show it again.

    Raises:
        FindingNotFoundError: Unknown to this tenant.
        FindingClosedError: It does not wait for anybody.
    """
    closed = await session.execute(
        update(F)
        .where(F.tenant_id == session.tenant_id, F.id == finding_id, F.state == FindingState.OPEN)
        .values(state=FindingState.DISMISSED, closed_at=now, closed_by=AdminId(actor.id) if actor.id else None)
        .execution_options(synchronize_session=False)
    )
    finding = await session.get(F, (session.tenant_id, finding_id), populate_existing=True)
    if finding is None:
        raise FindingNotFoundError
    if not isinstance(closed, CursorResult) or closed.rowcount != 1:
        raise FindingClosedError
    if finding.payment_id is not None:
        await repository.forget_reasons(session, [finding.payment_id])
    details = {"kind": finding.kind, "subject": finding.subject}
    record(session, actor=actor, action="reconciliation.dismissed", subject_id=finding.id, now=now, details=details)
    return finding


async def close_run(
    session: TenantSession, run_id: UUID, *, status: ReconciliationStatus, problem: str = "", now: datetime
) -> bool:
    """Store that a run is over and what it found; False when it was over before. Quiet when nothing was wrong."""
    counts = await repository.count_findings(session, run_id)
    repaired, still_open = counts.get(FindingState.REPAIRED, 0), counts.get(FindingState.OPEN, 0)
    result = await session.execute(
        update(Reconciliation)
        .where(
            Reconciliation.tenant_id == session.tenant_id,
            Reconciliation.id == run_id,
            Reconciliation.status.in_(sources_of(status)),
        )
        .values(
            status=status, problem=problem[:64], finished_at=now, repaired_count=repaired, open_count=still_open,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        return False
    await repository.drop_sightings(session, run_id)
    announce(session, TOPIC, run_id)
    if repaired or still_open or problem:
        details = {"repaired": repaired, "open": still_open, "problem": problem}
        action = f"reconciliation.{'failed' if problem else 'found'}"
        record(session, actor=SYSTEM, action=action, subject_id=run_id, now=now, details=details)
    return True
