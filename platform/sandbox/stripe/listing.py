"""Lists: newest first, page by page along the ids, and filtered by moments and values."""

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.stripe.errors import invalid
from sandbox.stripe.store import Account, Body, list_of

_DEFAULT, _MOST = 10, 100


def page_of(
    account: Account, kind: str, url: str, params: dict[str, Any], wanted: Callable[[Body], bool] | None = None
) -> Body:
    """Return a page of the account's objects of a kind.

    Args:
        wanted: Which objects belong to the list; deleted ones never do.

    Raises:
        ApiError: The cursor leads nowhere, or the limit is out of bounds.
    """
    return page(
        (body for body in account.newest_first(kind) if not body.get("deleted") and (wanted is None or wanted(body))),
        url,
        params,
        cursor_exists=lambda object_id: account.get(kind, object_id) is not None,
    )


def page(bodies: Iterable[Body], url: str, params: dict[str, Any], *, cursor_exists: Callable[[str], bool]) -> Body:
    """Return a page of objects that are already in order."""
    limit = params.get("limit", _DEFAULT)
    if not 1 <= limit <= _MOST:
        edge = f"less than or equal to {_MOST}" if limit > _MOST else "greater than or equal to 1"
        raise invalid(f"This value must be {edge}.", param="limit", code="parameter_invalid_integer")
    after, before = params.get("starting_after"), params.get("ending_before")
    if after is not None and before is not None:
        raise invalid("You cannot parameterize both `starting_after` and `ending_before`.")
    created = params.get("created")
    found = [body for body in bodies if created is None or _in_time(body["created"], created)]
    for cursor in (after, before):
        if cursor is not None:
            cursor_exists(cursor)
    positions = {body["id"]: index for index, body in enumerate(found)}
    if before is not None:
        newer = found[: positions.get(before, 0)]
        return list_of(newer[-limit:], url, has_more=len(newer) > limit)
    start = 0 if after is None else positions.get(after, len(found)) + 1
    return list_of(found[start : start + limit], url, has_more=len(found) > start + limit)


def _in_time(moment: int, asked: int | dict[str, int]) -> bool:
    if isinstance(asked, int):
        return moment == asked
    checks = {
        "gt": lambda edge: moment > edge,
        "gte": lambda edge: moment >= edge,
        "lt": lambda edge: moment < edge,
        "lte": lambda edge: moment <= edge,
    }
    return all(checks[name](edge) for name, edge in asked.items())


def equal(params: dict[str, Any], *names: str) -> Callable[[Body], bool]:
    """Return the test that an object has the values that these parameters ask for."""
    asked = {name: params[name] for name in names if name in params}
    return lambda body: all(body.get(name) == value for name, value in asked.items())
