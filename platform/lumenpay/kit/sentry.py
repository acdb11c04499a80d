"""Sentry without secrets: no local variables, no request bodies, every envelope scrubbed."""

from __future__ import annotations

from typing import Any, cast

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.fastapi import FastApiIntegration

from lumenpay.kit.redaction import redact_fields


def _scrub(event: Any, _hint: dict[str, Any]) -> Any:  # noqa: ANN401 - the SDK's own loose type
    return redact_fields(cast("dict[str, Any]", event))


def configure_sentry(dsn: str, *, environment: str, release: str) -> None:
    """Report unexpected errors to `dsn`; an empty one turns reporting off."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release,
        include_local_variables=False,
        send_default_pii=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
        before_send=_scrub,
        before_send_transaction=_scrub,
        auto_enabling_integrations=False,
        integrations=[FastApiIntegration(), CeleryIntegration(monitor_beat_tasks=False)],
    )
