"""What gateways reported: the list, and another look at what was set aside."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import CheckNotice
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.inbox import InboxStatus, PaymentNotice
from lumenpay.payments.errors import NoticeNotFoundError


async def list_notices(
    session: TenantSession, page: PageRequest, *, status: InboxStatus | None = None, bot_id: UUID | None = None
) -> Page[PaymentNotice]:
    """Return notices, newest first."""
    where: list[ColumnElement[bool]] = [PaymentNotice.tenant_id == session.tenant_id]
    if status is not None:
        where.append(PaymentNotice.status == status)
    if bot_id is not None:
        where.append(PaymentNotice.bot_id == bot_id)
    total = (await session.execute(select(func.count()).select_from(PaymentNotice).where(*where))).scalar_one()
    rows = await session.execute(
        select(PaymentNotice)
        .where(*where)
        .order_by(PaymentNotice.received_at.desc(), PaymentNotice.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    return Page(list(rows.scalars()), total)


async def check_notice_again(session: TenantSession, notice_id: UUID, *, actor: Actor, now: datetime) -> PaymentNotice:
    """Have the gateway asked once more about a notice that was set aside.

    Raises:
        NoticeNotFoundError: No notice of this tenant that was set aside.
    """
    notice = (
        await session.execute(
            update(PaymentNotice)
            .where(
                PaymentNotice.tenant_id == session.tenant_id,
                PaymentNotice.id == notice_id,
                PaymentNotice.status == InboxStatus.QUARANTINED,
            )
            .values(status=InboxStatus.NEW)
            .returning(PaymentNotice)
        )
    ).scalar_one_or_none()
    if notice is None:
        raise NoticeNotFoundError
    await enqueue(session, CheckNotice(notice.id), now=now, bot_id=notice.bot_id, dedupe_key=str(notice.id))
    record(session, actor=actor, action="payment_notice.check_requested", subject_id=notice.id, now=now)
    return notice
