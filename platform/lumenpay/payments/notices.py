"""What gateways reported: the list, and another look at what was set aside."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, literal, update

from lumenpay.audit.service import Actor, record
from lumenpay.db.counting import list_page
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import CheckNotice
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.inbox import InboxStatus, PaymentNotice
from lumenpay.payments.errors import NoticeNotFoundError


async def list_notices(
    session: TenantSession, page: PageRequest, *, status: InboxStatus | None = None, bot_id: UUID | None = None
) -> CountedPage[PaymentNotice]:
    """Return notices, newest first.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    where: list[ColumnElement[bool]] = [PaymentNotice.tenant_id == session.tenant_id]
    if status is not None:
        # Said in the statement itself, so that the index of those alone is used.
        where.append(PaymentNotice.status == literal(status.value, literal_execute=True))
    if bot_id is not None:
        where.append(PaymentNotice.bot_id == bot_id)
    is_narrowed, order = len(where) > 1, (PaymentNotice.received_at.desc(), PaymentNotice.id.desc())
    return await list_page(session, PaymentNotice, where, page, order=order, is_narrowed=is_narrowed)


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
