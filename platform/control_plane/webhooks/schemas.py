"""Shapes of outgoing webhooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from control_plane.schemas import Input, Moment, Output, Text, refuse_unstorable
from lumenpay.models.webhooks import WebhookDeliveryStatus, WebhookDisabledBecause, WebhookEventType
from lumenpay.webhooks.addresses import LONGEST_URL
from lumenpay.webhooks.rules import LONGEST_OVERLAP

_LONGEST_OVERLAP_HOURS = LONGEST_OVERLAP // timedelta(hours=1)
Description = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=128), AfterValidator(refuse_unstorable)
]


class WebhookIn(Input):
    """Where to tell what. `url` is https, on port 443 or 8443 of a public name."""

    url: Annotated[Text, Field(min_length=1, max_length=LONGEST_URL)]
    description: Description = ""
    event_types: Annotated[list[WebhookEventType], Field(min_length=1, max_length=len(WebhookEventType))]


class WebhookChangeIn(WebhookIn):
    """The same, and whether anything is sent at all."""

    is_on: bool = True


class WebhookRotationIn(Input):
    """How long the secret of before signs beside the new one."""

    overlap_hours: Annotated[int, Field(ge=0, le=_LONGEST_OVERLAP_HOURS)] = 24


class WebhookOut(Output):
    """An endpoint.

    Nothing is sent while it has a `disabled_because`. `failing_since_at` is the first failure after the last success.
    Until `previous_until_at` the secret of before the last rotation signs too.
    """

    id: UUID
    url: str
    description: str
    event_types: list[WebhookEventType]
    disabled_because: WebhookDisabledBecause | None
    failing_since_at: Moment | None
    previous_until_at: Moment | None
    created_at: Moment


class WebhooksOut(Output):
    """The tenant's endpoints, the oldest first."""

    items: list[WebhookOut]


class ShownWebhookOut(Output):
    """An endpoint and its `secret`, which is shown this once: it checks the header `webhook-signature`."""

    webhook: WebhookOut
    secret: str


class WebhookDeliveryOut(Output):
    """How telling an endpoint of an event has gone so far: the last try, and when the next one is.

    `failure` is a code: `status` where the answer was none of 200-299, `timeout`, `no_connection`, `name_unknown`,
    `tls`, `address_forbidden` where the name leads to no public address, `broken_answer`, `disabled`, `feature_off`,
    and `not_made` where it was given up for a reason of ours.
    """

    id: UUID
    webhook_endpoint_id: UUID
    event_type: str
    status: WebhookDeliveryStatus
    attempts: int
    next_attempt_at: Moment | None
    last_attempt_at: Moment | None
    response_status: int | None
    failure: str
    duration_ms: int | None
    created_at: Moment


class WebhookTryOut(Output):
    """One call; without a `response_status` and a `failure` it is being made, or was broken off by us.

    `attempt` counts from when the delivery was made or replayed.
    """

    attempt: int
    began_at: Moment
    response_status: int | None
    failure: str
    duration_ms: int | None


class WholeWebhookDeliveryOut(WebhookDeliveryOut):
    """A delivery with what is told, under which `webhook-id`, and how the last answer begins.

    `request_headers` are those of the last try but for `webhook-signature`, which is not kept. `tries` are the last
    twenty, those of before a replay too, the oldest first.
    """

    message_id: str
    payload: dict[str, Any]
    request_headers: dict[str, str]
    response_excerpt: str
    tries: list[WebhookTryOut]


class ReplayedDeliveriesOut(Output):
    """How many deliveries are sent once more; 500 at most at once."""

    count: int
