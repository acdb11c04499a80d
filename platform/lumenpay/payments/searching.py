"""Looking for payments by their numbers and by who paid them, the way subscribers are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Subquery, Uuid, any_, bindparam, or_, select, union

from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import COSTLY_COUNT_CAP
from lumenpay.models.payments import Payment
from lumenpay.users.narrowing import select_named


@dataclass(frozen=True, slots=True)
class Search:
    """What a text means for payments: each way has an index of its own."""

    is_numbered: ColumnElement[bool]
    """The gateway's id begins with it, or our own id is it."""
    is_of_payers: ColumnElement[bool] | None = None
    """Somebody paid whose name, @name or Telegram id has it; nothing when there is nobody."""
    is_cut: bool = False
    """Whether more people have it than are looked at."""

    def either(self) -> ColumnElement[bool]:
        """Return the condition that one of the ways leads to a payment."""
        return self.is_numbered if self.is_of_payers is None else or_(self.is_numbered, self.is_of_payers)

    def apart(self) -> Sequence[ColumnElement[bool]]:
        """Return conditions that have the same payments as `either`, and none of them twice."""
        if self.is_of_payers is None:
            return [self.is_numbered]
        return [self.is_numbered, self.is_of_payers & self.is_numbered.is_not(True)]


def search_numbers(text: str) -> Search | None:
    """Return what a text means for the numbers of payments alone; nothing for an empty one."""
    text = text.strip().lower()
    if not text:
        return None
    # `^@` tells nothing of what it compares, so it may use the index behind the wall; LIKE may not.
    begins = Payment.provider_payment_id.op("^@", is_comparison=True)(text)
    own_id = _read_id(text)
    return Search(begins if own_id is None else or_(begins, Payment.id == own_id))


async def search_payments(session: TenantSession, text: str, *, is_whole: bool) -> Search | None:
    """Return what a text means for payments; nothing for an empty one.

    Args:
        is_whole: Look at everybody who has the text, however long it takes, and not only at the newest people.
    """
    search = search_numbers(text)
    if search is None:
        return None
    # Asked for first: a list of ids leads into an index of payments, a query does not.
    query = select_named(text, limit=COSTLY_COUNT_CAP + 1)
    found = list((await session.execute(query)).scalars())
    if not found:
        return search
    is_cut = len(found) > COSTLY_COUNT_CAP
    if is_cut and is_whole:
        return Search(search.is_numbered, Payment.user_id.in_(select_named(text, limit=None)))
    ids = bindparam("payers", found[:COSTLY_COUNT_CAP], ARRAY(Uuid()), unique=True)
    return Search(search.is_numbered, Payment.user_id == any_(ids), is_cut)


def select_first(where: Sequence[ColumnElement[bool]], search: Search, *, order: Sequence[Any], cap: int) -> Subquery:
    """Return a subquery with the payments that a search leads to, by `id` and `created_at`.

    All that the payers made are in it, and of those found by number the first in the order, one more than `cap`. Asked
    for together and in order, few payments of long ago would be looked for among all.
    """
    columns = (Payment.id, Payment.created_at)
    numbered = select(*columns).where(*where, search.is_numbered).order_by(*order).limit(cap + 1).subquery()
    ways: list[Select[*tuple[Any, ...]]] = [select(numbered.c.id, numbered.c.created_at)]
    if search.is_of_payers is not None:
        ways.append(select(*columns).where(*where, search.is_of_payers))
    return union(*ways).subquery()


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
