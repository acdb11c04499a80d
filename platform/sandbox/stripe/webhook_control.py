"""The control API's part about webhooks: deliveries, events sent again, forged bodies, secrets that are rolled."""

from copy import deepcopy
from typing import Any

import orjson
from aiohttp import web

from sandbox.stripe.control import find_account, read_fields
from sandbox.stripe.errors import invalid
from sandbox.stripe.http import GATEWAY, json_answer
from sandbox.stripe.store import new_id


def add_webhook_control_routes(app: web.Application) -> None:
    """Add everything about webhooks under /sandbox."""
    one = "/sandbox/accounts/{account_id}"
    app.add_routes(
        [
            web.get("/sandbox/deliveries", list_deliveries),
            web.post(one + "/events/{event_id}/send", send_again),
            web.post(one + "/webhook-endpoints/{endpoint_id}/roll", roll_secret),
        ]
    )


async def list_deliveries(request: web.Request) -> web.Response:
    """Answer with what was sent and how it went, oldest first; `account_id`, `event` and `status` filter."""
    log = [delivery.body() for delivery in request.app[GATEWAY].deliverer.log]
    wanted = [one for one in log if all(str(one.get(name)) == value for name, value in request.query.items())]
    return json_answer({"deliveries": wanted})


async def send_again(request: web.Request) -> web.Response:
    """Send an event again: as it is, several times (`count`), with forged fields (`object`), or signed with `secret`."""
    gateway, account, asked = request.app[GATEWAY], find_account(request), await read_fields(request)
    event = deepcopy(account.get("event", request.match_info["event_id"]))
    count = asked.get("count", 1)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 1000:
        raise invalid("count is a whole number from 1 to 1000", param="count")
    event["data"]["object"] = _override(event["data"]["object"], asked.get("object") or {})
    payload = orjson.dumps(event, option=orjson.OPT_INDENT_2)
    endpoints = account.oldest_first("webhook_endpoint", status="enabled")
    sent = [
        gateway.deliverer.announce_forged(
            account, endpoint, event, payload, secret=asked.get("secret"), url=asked.get("url")
        )
        for endpoint in endpoints
        for _ in range(count)
    ]
    return json_answer({"deliveries": [delivery.delivery_id for delivery in sent]}, 202)


async def roll_secret(request: web.Request) -> web.Response:
    """Give an endpoint a new secret; the old one signs too for `expires_in_seconds`."""
    gateway, account, asked = request.app[GATEWAY], find_account(request), await read_fields(request)
    endpoint = account.get("webhook_endpoint", request.match_info["endpoint_id"])
    hidden = account.hidden[endpoint["id"]]
    hidden["old_secret"] = hidden["secret"]
    hidden["old_secret_ends_at"] = gateway.clock.timestamp() + float(asked.get("expires_in_seconds", 0))
    hidden["secret"] = new_id("whsec_", 32)
    return json_answer({"id": endpoint["id"], "secret": hidden["secret"]})


def _override(original: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(original)
    for name, value in changes.items():
        inner = merged.get(name)
        merged[name] = _override(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged
