"""Staff gives money of the platform's own invoices back: once, with a reason, and whatever Stripe says is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select, update

from lumenpay.billing.refund_rules import RefundSeen
from lumenpay.billing.refunds import list_refunds, store_refund_seen
from lumenpay.billing.repository import list_owners
from lumenpay.db.session import Database
from lumenpay.jobs.catalogue import CheckBilling, Queue, RefundPlatformInvoice
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.audit import AuditEvent
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.tenants import Role
from tenants_worker.job_runner import JobRunner
from tenants_worker.tasks import billing
from tests.isolation.cast import Seeder, Side
from tests.support.asgi import AsgiClient
from tests.support.portal import STRIPE_KEY, Portal
from tests.support.pricing import put_on_sale

REASON = "Charged twice by mistake"
MOST_TRIES = 5


@dataclass
class Till:
    """A tenant that has paid once, its owner's browser, and staff's."""

    portal: Portal
    database: Database
    side: Side
    staff: AsgiClient
    owner: AsgiClient

    @property
    def place(self) -> str:
        return f"/api/v1/staff/tenants/{self.side.tenant_id}/billing"

    async def subscribe(self, **form: str) -> dict[str, Any]:
        """Pay for a plan on Stripe's page, and return the invoice as staff sees it."""
        path = f"/api/v1/tenants/{self.side.tenant_id}/billing/checkout"
        opened = await self.owner.request("POST", path, json={"plan_code": "pro"})
        data = {"number": "4242424242424242", "email": "a@lumen.test", "name": "Club Ltd", **form}
        async with (
            aiohttp.ClientSession() as http,
            http.post(opened.json()["url"], data=data, allow_redirects=False) as paid,
        ):
            assert paid.status == 303, await paid.text()
        return await self.invoice()

    async def invoice(self, by: AsgiClient | None = None) -> dict[str, Any]:
        path = f"{self.place}/invoices" if by is None else f"/api/v1/tenants/{self.side.tenant_id}/billing/invoices"
        answer = await (by or self.staff).request("GET", path)
        assert answer.status == 200, answer.body
        [found] = answer.json()["items"]
        return dict(found)

    async def refund(self, invoice_id: str, *, key: str = "key-of-one-dialog", **fields: Any) -> Any:
        body = {"stripe_invoice": invoice_id, "reason": REASON, "idempotence_key": key, **fields}
        return await self.staff.request("POST", f"{self.place}/refunds", json=body)

    async def work(self) -> None:
        """Do the jobs of the bill, those that have failed a few times more."""
        jobs = {RefundPlatformInvoice: billing.refund_invoice, CheckBilling: billing.check_billing}
        runner = JobRunner(self.portal.worker, jobs)
        for _ in range(MOST_TRIES):
            if not await self._make_due([kind.kind for kind in jobs]):
                return
            await runner.run_due(Queue.MONEY)

    async def _make_due(self, kinds: list[str]) -> bool:
        # The test's clock stands still, the database's goes on: which of them is ahead does not matter then.
        ours = (Job.tenant_id == self.side.tenant_id, Job.kind.in_(kinds), Job.status == JobStatus.READY)
        now = func.clock_timestamp()
        async with self.database.tenant(self.side.tenant_id) as session:
            found = await session.execute(update(Job).where(*ours).values(run_at=now).returning(Job.id))
            return found.first() is not None

    async def look(self) -> None:
        """Have Stripe asked how the tenant stands."""
        async with self.database.tenant(self.side.tenant_id) as session:
            await enqueue(session, CheckBilling(), now=self.portal.clock.now(), dedupe_key="test")
        await self.work()

    async def stripe(self, method: str, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {STRIPE_KEY}"}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.request(method, f"{self.portal.stripe_url}{path}", json=body or None) as answer,
        ):
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.status != 204 else None

    async def made(self) -> list[dict[str, Any]]:
        """Return the refunds that Stripe made for this tenant."""
        customer = await self.customer()
        every = (await self.stripe("GET", "/v1/refunds?limit=100"))["data"]
        return [one for one in every if one["customer"] == customer]

    async def customer(self) -> str:
        return str((await self.staff.request("GET", self.place)).json()["stripe_customer_id"])

    async def letters(self) -> list[dict[str, Any]]:
        """Return what the owner was written about money that went back, the newest first."""
        async with self.database.tenant(self.side.tenant_id) as session:
            [owner] = await list_owners(session)
        assert owner.email is not None
        return [one for one in await self.portal.letters(owner.email) if "LumenPay" in one["subject"]]

    async def actions(self) -> list[tuple[str, str]]:
        async with self.database.tenant(self.side.tenant_id) as session:
            wanted = select(AuditEvent).where(AuditEvent.action.like("billing.refund%")).order_by(AuditEvent.id)
            return [(event.action, event.actor_kind) for event in (await session.execute(wanted)).scalars()]


@pytest.fixture
async def till(portal: Portal, database: Database, alpha: Side, sam: AsgiClient, owner: AsgiClient) -> Till:
    await put_on_sale(portal, "pro")
    return Till(portal, database, alpha, sam, owner)


async def test_a_part_goes_back_and_then_the_rest_and_the_tenant_sees_how_much_and_why(till: Till) -> None:
    invoice = await till.subscribe()
    assert (invoice["status"], invoice["left"]) == ("paid", {"amount_minor": 1000, "currency": "USD"})
    asked = await till.refund(invoice["id"], amount_minor=300)
    assert (asked.status, asked.json()["items"][0]["refunds"][0]["state"]) == (202, "asked")
    # A second wish waits until it is known how the first one ended; the same one is the same.
    waiting = await till.refund(invoice["id"], key="key-of-another-dialog")
    assert (waiting.status, waiting.json()["code"]) == (409, "platform_refund_on_its_way")
    assert (await till.refund(invoice["id"], amount_minor=300)).status == 202
    await till.work()
    assert [one["amount"] for one in await till.made()] == [300]
    shown = await till.invoice(till.owner)
    [given] = shown["refunds"]
    assert (shown["refunded"]["amount_minor"], shown["left"]["amount_minor"]) == (300, 700)
    assert (given["state"], given["reason"], given["amount"]["amount_minor"]) == ("succeeded", REASON, 300)

    too_much = await till.refund(invoice["id"], key="key-of-third-dialog", amount_minor=701)
    assert (too_much.status, too_much.json()["fields"]) == (409, {"amount_minor": "more_than_left"})
    assert (await till.refund(invoice["id"], key="key-of-third-dialog")).status == 202
    await till.work()
    shown = await till.invoice(till.owner)
    assert (shown["refunded"]["amount_minor"], shown["left"]["amount_minor"]) == (1000, 0)
    nothing = await till.refund(invoice["id"], key="key-of-fourth-dialog")
    assert (nothing.status, nothing.json()["code"]) == (409, "platform_invoice_not_refundable")
    assert await till.actions() == [
        ("billing.refund_requested", "staff"), ("billing.refunded", "system"),
    ] * 2  # fmt: skip


async def test_the_owner_is_written_to_once_for_each_refund_when_it_has_succeeded(till: Till) -> None:
    invoice = await till.subscribe()
    await till.refund(invoice["id"], amount_minor=300)
    assert await till.letters() == []
    await till.work()
    await till.look()
    [first] = await till.letters()
    assert first["subject"] == "Мы вернули 3 $ за LumenPay"
    for part in (REASON, invoice["number"], f"/t/{till.side.tenant_id}/settings/billing"):
        assert part in first["text"]
    await till.refund(invoice["id"], key="key-of-another-dialog")
    await till.work()
    assert len(await till.letters()) == 2


async def test_the_owner_is_written_to_when_it_has_succeeded_and_once_though_older_answers_come_later(
    till: Till,
) -> None:
    invoice = await till.subscribe()
    await till.refund(invoice["id"])

    async def told(*statuses: str) -> int:
        async with till.database.tenant(till.side.tenant_id) as session:
            row = (await list_refunds(session))[0]
            for status in statuses:
                seen = RefundSeen("re_1", status, None)
                await store_refund_seen(session, row.id, seen, now=till.portal.clock.now())
        return len(await till.letters())

    assert [await told("pending"), await told("succeeded"), await told("pending", "succeeded")] == [0, 1, 1]


async def test_an_answer_that_is_lost_on_its_way_gives_the_money_back_once(till: Till) -> None:
    invoice = await till.subscribe()
    match = {"path": "/v1/refunds", "method": "POST", "count": 2}
    await till.stripe("POST", "/sandbox/faults", match=match, effect={"kind": "drop_after"})
    assert (await till.refund(invoice["id"], amount_minor=400)).status == 202
    await till.work()
    await till.stripe("DELETE", "/sandbox/faults")
    assert [one["amount"] for one in await till.made()] == [400]
    assert (await till.invoice())["refunds"][0]["state"] == "succeeded"


async def test_what_stripe_refuses_is_shown_in_its_word_and_can_be_asked_for_again(till: Till) -> None:
    invoice = await till.subscribe()
    match, effect = {"path": "/v1/refunds", "method": "POST", "count": 1}, {
        "kind": "status", "status": 400, "code": "charge_disputed", "type": "invalid_request_error",
    }  # fmt: skip
    await till.stripe("POST", "/sandbox/faults", match=match, effect=effect)
    assert (await till.refund(invoice["id"])).status == 202
    await till.work()
    [refused] = (await till.invoice())["refunds"]
    assert (refused["state"], refused["failure"], await till.made()) == ("refused", "charge_disputed", [])
    assert (await till.refund(invoice["id"], key="key-of-another-dialog")).status == 202
    await till.work()
    shown = await till.invoice()
    assert [one["state"] for one in shown["refunds"]] == ["succeeded", "refused"]
    assert ("billing.refund_failed", "system") in await till.actions()
    assert len(await till.letters()) == 1


async def test_money_that_the_bank_sends_back_is_at_the_platform_again(till: Till) -> None:
    invoice = await till.subscribe()
    await till.refund(invoice["id"])
    await till.work()
    [made], [account] = await till.made(), (await till.stripe("GET", "/sandbox/accounts"))["accounts"]
    await till.stripe("POST", f"/sandbox/accounts/{account['account_id']}/refunds/{made['id']}/fail")
    await till.look()
    shown = await till.invoice(till.owner)
    assert (shown["refunds"][0]["state"], shown["refunds"][0]["failure"]) == ("failed", "lost_or_stolen_card")
    assert (shown["refunded"]["amount_minor"], shown["left"]["amount_minor"]) == (0, 1000)


async def test_money_goes_back_only_by_the_hand_of_who_has_just_proved_who_they_are(till: Till) -> None:
    invoice = await till.subscribe()
    before = till.portal.clock.now()
    till.portal.clock.advance(minutes=11)
    refused = await till.refund(invoice["id"])
    till.portal.clock.set(before)
    assert (refused.json()["code"], await till.actions()) == ("reauth_required", [])


async def test_an_invoice_of_another_tenant_is_not_found(till: Till, seeder: Seeder) -> None:
    invoice = await till.subscribe()
    beta = await seeder.side("beta", {Role.OWNER: "Charlie"}, shop_id="777")
    other = Till(till.portal, till.database, beta, till.staff, till.portal.browser(beta.owner.token))
    never = await other.refund(invoice["id"])
    assert (never.status, never.json()["code"]) == (409, "never_billed")
    await other.subscribe()
    refused = await other.refund(invoice["id"])
    assert (refused.status, refused.json()["code"]) == (404, "platform_invoice_not_found")


@pytest.mark.parametrize(("kind", "value"), [("eu_vat", "DE123456789"), ("ru_inn", "7701234567")])
async def test_a_tax_id_typed_at_checkout_stands_on_the_invoice(till: Till, kind: str, value: str) -> None:
    invoice = await till.subscribe(tax_id_type=kind, tax_id=value)
    assert (invoice["name"], invoice["tax_ids"]) == ("Club Ltd", [{"type": kind, "value": value}])
    shown = (await till.owner.request("GET", f"/api/v1/tenants/{till.side.tenant_id}/billing/invoices")).json()
    assert (shown["name"], shown["tax_ids"]) == ("Club Ltd", [{"type": kind, "value": value}])
