"""Webhook endpoints and the list of events."""

from typing import Any
from urllib.parse import urlsplit

from sandbox.stripe.errors import invalid
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.listing import page_of
from sandbox.stripe.parameters import api_version, merge_metadata
from sandbox.stripe.store import Account, Body, new_id

CREATE_FIELDS = frozenset({"url", "enabled_events", "description", "metadata", "api_version"})
UPDATE_FIELDS = frozenset({"url", "enabled_events", "description", "metadata", "disabled"})
_MOST_ENDPOINTS = 16
_EVENT_LIFE_SECONDS = 30 * 86_400


def create_endpoint(gateway: Gateway, account: Account, params: dict[str, Any], *, secret: str = "") -> Body:
    """Make an endpoint; only this answer has its secret."""
    _check_url(params["url"])
    if not params["enabled_events"]:
        raise invalid("`enabled_events` must name at least one event.", param="enabled_events")
    if params.get("api_version", api_version()) != api_version():
        raise invalid(f"This sandbox plays {api_version()} only.", param="api_version")
    if len(account.objects.get("webhook_endpoint", {})) >= _MOST_ENDPOINTS:
        raise invalid(f"You have reached the maximum of {_MOST_ENDPOINTS} test webhook endpoints.")
    body: Body = {
        "id": new_id("we_1"), "object": "webhook_endpoint", "api_version": params.get("api_version"),
        "application": None, "created": gateway.now(), "description": params.get("description") or None,
        "enabled_events": params["enabled_events"], "livemode": False,
        "metadata": merge_metadata({}, params.get("metadata")), "status": "enabled", "url": params["url"],
    }  # fmt: skip
    secret = secret or new_id("whsec_", 32)
    account.put(body, secret=secret, old_secret=None, old_secret_ends_at=0.0)
    return body | {"secret": secret}


def update_endpoint(gateway: Gateway, account: Account, endpoint_id: str, params: dict[str, Any]) -> Body:
    """Change an endpoint, or switch it off and on."""
    del gateway
    body = account.get("webhook_endpoint", endpoint_id, param="webhook_endpoint", status=404)
    if "url" in params:
        _check_url(params["url"])
    body["metadata"] = merge_metadata(body["metadata"], params.pop("metadata", None))
    if "disabled" in params:
        body["status"] = "disabled" if params.pop("disabled") else "enabled"
    for name, value in params.items():
        body[name] = None if value == "" else value
    return body


def delete_endpoint(gateway: Gateway, account: Account, endpoint_id: str) -> Body:
    """Delete an endpoint: nothing is sent to it any more."""
    del gateway
    account.get("webhook_endpoint", endpoint_id, param="webhook_endpoint", status=404)
    account.remove("webhook_endpoint", endpoint_id)
    return {"id": endpoint_id, "object": "webhook_endpoint", "deleted": True}


def list_events(gateway: Gateway, account: Account, params: dict[str, Any]) -> Body:
    """Return the events of the last 30 days."""
    oldest = gateway.now() - _EVENT_LIFE_SECONDS
    types = params.get("types") or ([params["type"]] if "type" in params else [])
    delivered = params.get("delivery_success")

    def wanted(event: Body) -> bool:
        return (
            event["created"] >= oldest
            and (not types or any(_matches(event["type"], one) for one in types))
            and (delivered is None or (event["pending_webhooks"] == 0) == delivered)
        )

    return page_of(account, "event", "/v1/events", params, wanted)


def _matches(event_type: str, asked: str) -> bool:
    return event_type.startswith(asked[:-1]) if asked.endswith(".*") else event_type == asked


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise invalid(
            "Invalid URL: An explicit scheme (such as https) must be provided.", code="url_invalid", param="url"
        )
