"""Every SQL statement about fiscal receipts, their settings and the addresses that they go to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.errors import ReceiptNotFoundError
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.fiscal_receipts import FiscalReceipt, ReceiptContact, ReceiptSettings, ReceiptState
from lumenpay.models.payments import Payment


async def find_settings(session: TenantSession, bot_id: UUID, *, is_locked: bool = False) -> ReceiptSettings | None:
    """Return what the shop of a bot writes into receipts."""
    query = select(ReceiptSettings).where(
        ReceiptSettings.tenant_id == session.tenant_id, ReceiptSettings.bot_id == bot_id
    )
    return (await session.execute(query.with_for_update() if is_locked else query)).scalar_one_or_none()


async def find_contact_row(session: TenantSession, user_id: UUID) -> ReceiptContact | None:
    """Return where a person's receipts go."""
    query = select(ReceiptContact).where(
        ReceiptContact.tenant_id == session.tenant_id, ReceiptContact.user_id == user_id
    )
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def keep_contact_row(session: TenantSession, row: ReceiptContact) -> None:
    """Have a person's receipts go somewhere from now on."""
    values = {name: getattr(row, name) for name in ("kind", "value", "given_at")}
    await session.execute(
        insert(ReceiptContact)
        .values(tenant_id=session.tenant_id, user_id=row.user_id, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "user_id"], set_=values)
    )


async def remove_contact_row(session: TenantSession, user_id: UUID) -> bool:
    """Forget where a person's receipts go; False when nothing was known."""
    removed = await session.execute(
        delete(ReceiptContact)
        .where(ReceiptContact.tenant_id == session.tenant_id, ReceiptContact.user_id == user_id)
        .returning(ReceiptContact.user_id)
    )
    return removed.scalar_one_or_none() is not None


async def get_receipt(session: TenantSession, receipt_id: UUID, *, is_locked: bool = False) -> FiscalReceipt:
    """Return a receipt as it stands in the database now.

    Raises:
        ReceiptNotFoundError: Unknown to this tenant.
    """
    query = select(FiscalReceipt).where(
        FiscalReceipt.tenant_id == session.tenant_id, FiscalReceipt.id == receipt_id
    ).execution_options(populate_existing=True)  # fmt: skip
    found = (await session.execute(query.with_for_update() if is_locked else query)).scalar_one_or_none()
    if found is None:
        raise ReceiptNotFoundError
    return found


async def lock_with_payment(session: TenantSession, receipt_id: UUID) -> tuple[FiscalReceipt, Payment]:
    """Return a receipt and its payment, both locked, the payment first as whoever settles it does.

    Raises:
        ReceiptNotFoundError: Unknown to this tenant.
    """
    known = await get_receipt(session, receipt_id)
    query = select(Payment).where(Payment.tenant_id == session.tenant_id, Payment.id == known.payment_id)
    payment = (await session.execute(query.with_for_update().execution_options(populate_existing=True))).scalar_one()
    return await get_receipt(session, receipt_id, is_locked=True), payment


async def lock_receipt_of(session: TenantSession, payment_id: UUID, refund_id: UUID | None) -> FiscalReceipt | None:
    """Return the receipt of a payment, or of a refund of it, locked."""
    query = select(FiscalReceipt).where(
        FiscalReceipt.tenant_id == session.tenant_id,
        FiscalReceipt.payment_id == payment_id,
        FiscalReceipt.refund_id == refund_id if refund_id is not None else FiscalReceipt.refund_id.is_(None),
    )
    return (
        await session.execute(query.with_for_update().execution_options(populate_existing=True))
    ).scalar_one_or_none()


async def insert_receipt(session: TenantSession, receipt: FiscalReceipt) -> bool:
    """Store the receipt of a payment or refund; False when it has one already."""
    columns = ("id", "payment_id", "refund_id", "kind", "state", "failure", "next_step_at", "state_changed_at",
               "created_at")  # fmt: skip
    inserted = await session.execute(
        insert(FiscalReceipt)
        .values(tenant_id=session.tenant_id, **{name: getattr(receipt, name) for name in columns})
        .on_conflict_do_nothing()
        .returning(FiscalReceipt.id)
    )
    return inserted.scalar_one_or_none() is not None


async def show_on_payment(session: TenantSession, payment_id: UUID, state: ReceiptState) -> None:
    """Write the state of a payment's own receipt beside it, where lists look."""
    await session.execute(
        update(Payment)
        .where(Payment.tenant_id == session.tenant_id, Payment.id == payment_id)
        .values(receipt_state=state)
    )


async def list_receipts(
    session: TenantSession, page: PageRequest, *, state: ReceiptState | None = None, payment_id: UUID | None = None
) -> Page[FiscalReceipt]:
    """Return receipts, newest first; those of orders that nobody has paid are left out."""
    where = [FiscalReceipt.tenant_id == session.tenant_id, FiscalReceipt.state != ReceiptState.DUE]
    if state is not None:
        where.append(FiscalReceipt.state == state)
    if payment_id is not None:
        where.append(FiscalReceipt.payment_id == payment_id)
    total = (await session.execute(select(func.count()).select_from(FiscalReceipt).where(*where))).scalar_one()
    newest = (FiscalReceipt.created_at.desc(), FiscalReceipt.id.desc())
    rows = await session.execute(
        select(FiscalReceipt).where(*where).order_by(*newest).limit(page.size).offset(page.offset)
    )
    return Page(list(rows.scalars()), total)
