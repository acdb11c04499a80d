"""The official client library understands every answer of the stand-in."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from yookassa import Configuration, Payment, Refund  # noqa: TID251 - the client itself is the test's subject
from yookassa.domain.exceptions import BadRequestError, NotFoundError, UnauthorizedError

pytestmark = pytest.mark.asyncio
SETTINGS = ("api_url", "account_id", "secret_key")


@contextmanager
def configured(url, shop) -> Iterator[None]:
    before = {name: getattr(Configuration, name, None) for name in SETTINGS}
    Configuration.configure(shop["shop_id"], shop["secret_key"], api_url=f"{url}/v3")
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(Configuration, name, value)


async def test_payment_is_created_found_captured_listed_and_refunded(sandbox, shop, order_of):
    with configured(sandbox.url, shop):
        created = await asyncio.to_thread(Payment.create, order_of(capture=False), "key-1")
        await sandbox.pay(created.id)
        found = await asyncio.to_thread(Payment.find_one, created.id)
        assert (found.status, found.paid) == ("waiting_for_capture", True)
        captured = await asyncio.to_thread(Payment.capture, created.id)
        assert captured.status == "succeeded"
        listed = await asyncio.to_thread(Payment.list, {"limit": 5, "status": "succeeded"})
        assert [payment.id for payment in listed.items] == [created.id]
        asked = {"payment_id": created.id, "amount": {"value": "100.00", "currency": "RUB"}}
        refund = await asyncio.to_thread(Refund.create, asked)
        assert (refund.status, str(refund.amount.value)) == ("succeeded", "100.00")


async def test_refusals_become_the_exceptions_of_the_client(sandbox, shop, order_of):
    with configured(sandbox.url, shop):
        with pytest.raises(NotFoundError):
            await asyncio.to_thread(Payment.find_one, "00000000-0000-0000-0000-000000000000")
        with pytest.raises(BadRequestError):
            await asyncio.to_thread(Payment.create, order_of(confirmation=None))
    with configured(sandbox.url, shop | {"secret_key": "test_wrong"}), pytest.raises(UnauthorizedError):
        await asyncio.to_thread(Payment.find_one, "x" * 36)
