"""Events of the platform's Stripe account: signed, known once, and only a reason to ask Stripe itself."""

from __future__ import annotations

from collections.abc import Iterable

import asyncpg

from lumenpay.billing.stripe_events import EventFault, EventRefusedError, read_event
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.clock import Clock
from lumenpay.kit.crypto import Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.logs import get_logger

STRIPE_PATH = "/webhooks/stripe"
SIGNATURE_HEADER = b"stripe-signature"
STATUS_OF_FAULT = {EventFault.SIGNATURE: 401, EventFault.SHAPE: 400, EventFault.FOREIGN: 400}
_INGEST = "SELECT ingest_stripe_event($1, $2, $3, $4, $5)"
_log = get_logger(__name__)


class StripeDoor:
    """Takes events; without a secret there is no door."""

    def __init__(self, *, webhook_secret: Secret, is_live: bool, clock: Clock, doorbell: Doorbell) -> None:
        """Take what events are signed with, and whether our key moves real money."""
        self._secret, self._is_live = webhook_secret, is_live
        self._clock, self._doorbell = clock, doorbell

    @property
    def is_open(self) -> bool:
        """Whether the address exists at all."""
        return bool(self._secret.reveal())

    async def store(
        self, pool: asyncpg.Pool[asyncpg.Record], body: bytes, headers: Iterable[tuple[bytes, bytes]]
    ) -> None:  # fmt: skip
        """Return once the event is committed, with a job to ask Stripe about its customer.

        Raises:
            EventRefusedError: It is not signed by Stripe for us, or is no event of ours.
        """
        signature = next((value for name, value in headers if name == SIGNATURE_HEADER), b"")
        try:
            facts = read_event(body, signature, secret=self._secret, is_live=self._is_live)
        except EventRefusedError as error:
            _log.warning("stripe_event_refused", fault=error.fault.value)
            raise
        async with pool.acquire(timeout=3) as connection:
            await connection.execute(_INGEST, facts.id, facts.type, facts.customer_id, new_uuid7(), self._clock.now())
        await self._doorbell.ring((Queue.MONEY,))
