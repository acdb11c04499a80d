"""Hints of what changed: gathered in the transaction that changes it, told with its commit, in ids only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import event, text

from lumenpay.db.session import TenantSession, TenantSyncSession

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CHANNEL: Final = "lumenpay_changes"
MOST_AT_ONCE: Final = 20
"""A transaction that changes more than this tells only that much has changed."""
RESYNC: Final = "resync"
"""The topic that means: look at everything again."""
_TELL = text(
    "SELECT pg_notify(:channel, hint) FROM unnest(CAST(:hints AS text[])) WITH ORDINALITY t (hint, at) ORDER BY at"
)


def announce(session: TenantSession, topic: str, row_id: UUID | None) -> None:
    """Have those who watch the tenant told, once the transaction is committed, that a row changed.

    Args:
        topic: The noun, as in `payment`.
    """
    session.info.setdefault("changes", {})[topic, row_id] = None


def hint_of(tenant_id: UUID, topic: str, row_id: UUID | None) -> str:
    """Return what is said on `CHANNEL` of a row that changed, for a statement that says it by itself."""
    return f"{tenant_id} {topic} {row_id or '-'}"


@event.listens_for(TenantSyncSession, "before_commit")
def _tell(session: Session) -> None:
    changes = session.info.pop("changes", None)
    if not changes:
        return
    told = list(changes) if len(changes) <= MOST_AT_ONCE else [(RESYNC, None)]
    hints = [hint_of(session.info["tenant_id"], topic, row_id) for topic, row_id in told]
    session.execute(_TELL, {"channel": CHANNEL, "hints": hints})
