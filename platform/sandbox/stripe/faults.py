"""What can go wrong with requests to Stripe and with what it delivers.

Of requests: rate_limit (429), latency (`seconds` before anything is done), slow (`seconds` while the idempotency key is
taken), status (`status`, `code`, `message`; `after: true` does the work first), html_body, drop_before, drop_after,
deliver_before_answer (events reach the endpoints before the caller gets its answer). Of deliveries: duplicate (`copies`),
reorder (held back until the next one, `hold_seconds` at most) and never.
"""

from typing import ClassVar

from sandbox.fault_book import FaultBook


class StripeFaults(FaultBook):
    """Faults of requests and deliveries of accounts."""

    OWNER: ClassVar[str] = "account_id"
    REQUEST_EFFECTS: ClassVar[frozenset[str]] = frozenset({
        "rate_limit", "latency", "slow", "status", "html_body", "drop_before", "drop_after", "deliver_before_answer",
    })  # fmt: skip
