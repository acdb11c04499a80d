"""What the ingress counts. The count of the histogram of seconds is the number of accepted events."""

from prometheus_client import Counter, Histogram

REFUSED = Counter("lumenpay_ingress_refused_total", "Requests answered with an error", ["kind", "status"])
BATCH_SIZE = Histogram(
    "lumenpay_ingress_batch_size", "Updates stored by one statement", buckets=(1, 2, 5, 10, 50, 200, 500)
)
_ACCEPTED_SECONDS = Histogram(
    "lumenpay_ingress_accepted_seconds",
    "From the request's first line to the commit, of events that were stored",
    ["kind"],
    buckets=(0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SECONDS = {kind: _ACCEPTED_SECONDS.labels(kind) for kind in ("telegram", "yookassa", "stripe")}
