"""What can go wrong with requests to the gateway and with its notifications."""

from typing import ClassVar

from sandbox.fault_book import FaultBook


class GatewayFaults(FaultBook):
    """Faults of requests and notifications of shops."""

    OWNER: ClassVar[str] = "shop_id"
    REQUEST_EFFECTS: ClassVar[frozenset[str]] = frozenset({
        "rate_limit", "latency", "status", "html_body", "drop_before", "drop_after", "notify_before_answer",
    })  # fmt: skip
