"""What a change in the middle of a period costs: the unused time is given back, the rest of the new is billed.

To the second, as Stripe does it unless told otherwise; amounts are in minor units and round half away from zero.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.stripe.store import Body


@dataclass(frozen=True, slots=True)
class Proration:
    """One line of a change: money back (below zero) or money due, for an item as it was or as it is."""

    item: Body
    amount: int
    description: str
    start: int
    end: int


def share_of(amount: int, *, left: int, whole: int) -> int:
    """Return the part of an amount for the seconds that are left of the whole."""
    return (2 * amount * left + whole) // (2 * whole) if whole > 0 else 0


def prorate(before: list[Body], after: list[Body], *, now: int, product_names: dict[str, str]) -> list[Proration]:
    """Return the lines for items that were changed, added or removed within the running period.

    Args:
        before: Items as they were; an unchanged one gives no lines.
        now: Unix seconds within the period.
        product_names: By product id.
    """
    new_by_id = {item["id"]: item for item in after}
    old_by_id = {item["id"]: item for item in before}
    day = datetime.fromtimestamp(now, UTC).strftime("%d %b %Y")
    lines: list[Proration] = []
    for old in before:
        if not is_same(old, new_by_id.get(old["id"])):
            text = f"Unused time on {_count(old)}{product_names[old['price']['product']]} after {day}"
            lines.append(_part(old, -1, text, now))
    for new in after:
        if not is_same(new, old_by_id.get(new["id"])):
            text = f"Remaining time on {_count(new)}{product_names[new['price']['product']]} after {day}"
            lines.append(_part(new, 1, text, now))
    return lines


def is_same(one: Body, other: Body | None) -> bool:
    """Tell whether two states of an item cost the same."""
    return other is not None and (one["price"]["id"], one["quantity"]) == (other["price"]["id"], other["quantity"])


def _part(item: Body, sign: int, description: str, now: int) -> Proration:
    start, end = item["current_period_start"], item["current_period_end"]
    amount = share_of(item["price"]["unit_amount"] * item["quantity"], left=end - now, whole=end - start)
    return Proration(item, sign * amount, description, now, end)


def _count(item: Body) -> str:
    return f"{item['quantity']} × " if item["quantity"] != 1 else ""
