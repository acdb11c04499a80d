"""Lists of payments, refunds and receipts: filters, limit and cursor, newest first."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from operator import ge, gt, le, lt
from typing import Any

from sandbox.yookassa.errors import invalid
from sandbox.yookassa.schemas import METHOD_TYPES
from sandbox.yookassa.store import Entry, Shelf, Shop

_COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {"gte": ge, "gt": gt, "lte": le, "lt": lt}
_DEFAULT_LIMIT, _LARGEST_LIMIT = 10, 100
PAYMENT_STATUSES = frozenset({"pending", "waiting_for_capture", "succeeded", "canceled"})
OTHER_STATUSES = frozenset({"pending", "succeeded", "canceled"})


def list_objects(
    shelf: Shelf,
    shop: Shop,
    query: Mapping[str, str],
    *,
    statuses: frozenset[str],
    equal: frozenset[str] = frozenset(),
    times: frozenset[str] = frozenset({"created_at"}),
) -> dict[str, Any]:
    """Return one page of the shop's objects as the gateway writes lists.

    Args:
        equal: Names of fields that the query may ask to equal a value.
        times: Names of the moments that the query may bound.

    Raises:
        ApiError: An unknown parameter, or a value out of range.
    """
    tests = [_test_for(name, value, statuses, equal, times) for name, value in query.items()]
    after = None
    if (cursor := query.get("cursor")) is not None and (after := shelf.find(shop, cursor)) is None:
        raise invalid("This cursor leads nowhere", "cursor")
    entries, next_cursor = shelf.page(
        shop, after=after, limit=_limit(query.get("limit")), wanted=lambda entry: all(test(entry) for test in tests)
    )
    answer: dict[str, Any] = {"type": "list", "items": [entry.body for entry in entries]}
    return answer | ({"next_cursor": next_cursor} if next_cursor else {})


def _limit(value: str | None) -> int:
    if value is None:
        return _DEFAULT_LIMIT
    if not value.isdecimal() or not 1 <= int(value) <= _LARGEST_LIMIT:
        raise invalid(f"limit must be an integer from 1 to {_LARGEST_LIMIT}", "limit")
    return int(value)


def _test_for(
    name: str, value: str, statuses: frozenset[str], equal: frozenset[str], times: frozenset[str]
) -> Callable[[Entry], bool]:
    if name in {"limit", "cursor"}:
        return lambda _: True
    if name == "status":
        if value not in statuses:
            raise invalid("Unknown status", "status")
        return lambda entry: bool(entry.body["status"] == value)
    if name == "payment_method" and name in equal:
        if value not in METHOD_TYPES:
            raise invalid("Unknown payment method", name)
        return lambda entry: entry.body.get("payment_method", {}).get("type") == value
    if name in equal:
        return lambda entry: entry.body.get(name) == value
    field, _, comparison = name.partition(".")
    if field not in times or comparison not in _COMPARISONS:
        raise invalid(f"Unknown parameter {name}", name)
    return _time_test(field, _COMPARISONS[comparison], _moment(value, name))


def _moment(value: str, name: str) -> datetime:
    try:
        # A plus sign of the zone that was not percent-encoded arrives as a space.
        moment = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError:
        raise invalid(f"{name} must be a moment as in ISO 8601", name) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _time_test(field: str, compare: Callable[[datetime, datetime], bool], bound: datetime) -> Callable[[Entry], bool]:
    def test(entry: Entry) -> bool:
        written = entry.body.get(field) or (field == "created_at" and entry.body.get("registered_at"))
        return bool(written) and compare(datetime.fromisoformat(str(written)), bound)

    return test
