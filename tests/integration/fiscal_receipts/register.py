"""A stall with a cash register: settings, addresses, and what became of the receipts on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lumenpay.audit.service import SYSTEM, Actor
from lumenpay.fiscal_receipts.contacts import keep_contact
from lumenpay.fiscal_receipts.following import try_again
from lumenpay.fiscal_receipts.rules import Contact
from lumenpay.fiscal_receipts.settings import ReceiptChoices, change_choices
from lumenpay.jobs.catalogue import FollowReceipt
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.fiscal_receipts import ContactKind, FiscalReceipt, PaymentMode, PaymentSubject
from lumenpay.models.payments import Payment
from lumenpay.models.users import User
from tenants_worker.tasks import fiscal_receipts
from tests.support.market import Market
from tests.support.stall import Stall, open_stall

ALICE = Actor("admin", new_uuid7())
EMAIL = Contact(ContactKind.EMAIL, "anna@example.org")
PHONE = Contact(ContactKind.PHONE, "79001234567")
CHOICES: dict[str, Any] = {
    "is_on": True, "takes_phone": False, "vat_code": 11, "tax_system_code": 2, "subject": PaymentSubject.SERVICE,
    "mode": PaymentMode.FULL_PAYMENT,
}  # fmt: skip


@dataclass
class Register:
    market: Market
    stall: Stall

    async def decided(self, **choices: Any) -> None:
        """What the shop writes into receipts from now on."""
        async with self.market.tenant(self.stall.tenant_id) as session:
            wanted = ReceiptChoices(**(CHOICES | choices))
            await change_choices(session, self.stall.bot_id, choices=wanted, actor=SYSTEM, now=self.market.now())

    async def at_shop(self, **decided: Any) -> None:
        """How the shop's cash register behaves from now on."""
        await self.market.yookassa("PUT", f"/shops/{self.stall.shop['shop_id']}/receipts", **decided)

    async def buyer(self, contact: Contact | None = EMAIL) -> User:
        """A person who has given an address, or has not."""
        user = await self.stall.buyer()
        if contact is not None:
            await self.gives(user, contact)
        return user

    async def gives(self, user: User, contact: Contact) -> None:
        async with self.market.tenant(self.stall.tenant_id) as session:
            await keep_contact(session, user, contact, now=self.market.now())

    async def receipts(self) -> list[FiscalReceipt]:
        rows = await self.market.rows(self.stall.tenant_id, FiscalReceipt)
        return sorted(rows, key=lambda row: row.created_at)

    async def receipt(self) -> FiscalReceipt:
        [row] = await self.receipts()
        return row

    async def retry(self, receipt: FiscalReceipt) -> FiscalReceipt:
        """Somebody of the tenant has it tried again; the workers have not looked at it yet."""
        async with self.market.tenant(self.stall.tenant_id) as session:
            return await try_again(session, receipt.id, actor=ALICE, now=self.market.now())

    async def run(self, receipt: FiscalReceipt) -> None:
        await self.market.run(self.stall.tenant_id, FollowReceipt(receipt.id))

    async def later(self, **skipped: float) -> None:
        """So much later, what is due has been done."""
        await self.market.skip(**skipped)
        await fiscal_receipts.step_due(self.market.worker, self.market.now())
        await self.market.work()

    async def at_gateway(self, **wanted: str) -> list[dict[str, Any]]:
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        return list((await self.market.yookassa("GET", f"/receipts?{query}"))["receipts"])

    async def sent(self) -> int:
        """How often the gateway was asked for a receipt by itself."""
        return len((await self.market.yookassa("GET", "/requests?method=POST&path=/v3/receipts"))["requests"])

    async def finish(self, payment: Payment, status: str) -> None:
        """Have the cash register take a pending receipt, or not."""
        await self.market.yookassa("POST", f"/payments/{payment.provider_payment_id}/receipt/finish", status=status)


async def open_register(market: Market, **plan: Any) -> Register:
    register = Register(market, await open_stall(market, **plan))
    await register.at_shop(fiscalization=True, receipts_need_email=True)
    await register.decided()
    return register
