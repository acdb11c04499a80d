"""What the ingress counts."""

from prometheus_client import Counter, Histogram

ACCEPTED = Counter("lumenpay_ingress_accepted_total", "Events stored and acknowledged", ["kind"])
REFUSED = Counter("lumenpay_ingress_refused_total", "Requests answered with an error", ["kind", "status"])
BATCH_SIZE = Histogram(
    "lumenpay_ingress_batch_size", "Updates stored by one statement", buckets=(1, 2, 5, 10, 50, 200, 500)
)
