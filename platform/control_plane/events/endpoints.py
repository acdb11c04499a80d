"""A stream of hints: what changed in the tenant, as it does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID, uuid4

import asyncpg
from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from control_plane.dependencies import TenantAccess, TenantDep
from control_plane.errors import documented
from control_plane.events.hub import ChangeHub, Hint, TooManyStreamsError, drain
from control_plane.schemas import Output
from lumenpay.admins import service as admins
from lumenpay.admins.errors import NotSignedInError
from lumenpay.db.changes import RESYNC
from lumenpay.errors import UnavailableError
from lumenpay.kit.logs import get_logger
from lumenpay.tenants.repository import find_role

LOOK_SECONDS = 10.0
"""How often a quiet stream is asked whether it may go on, and whether the database is still listened to."""
RETRY_MILLISECONDS = 3000
OLDEST_SECONDS = 86_400
_log = get_logger(__name__)
router = APIRouter(prefix="/tenants/{tenant_id}/events", tags=["events"])


class HintOut(Output):
    """What changed: a noun and, where it is one row, its id; `resync` means anything may have."""

    topic: str
    id: UUID | None


async def admit(access: TenantDep) -> TenantAccess:
    """Return the tenant to whoever may open a further stream.

    Raises:
        TooManyStreamsError: The session has enough of them.
        UnavailableError: The database cannot be listened to.
    """
    if access.services.changes.is_full(access.identity.session_id):
        raise TooManyStreamsError
    try:
        await access.services.changes.listen()
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise UnavailableError(retry_after_seconds=5) from error
    return access


@router.get("", response_class=EventSourceResponse, responses=documented(409))
async def stream(
    access: Annotated[TenantAccess, Depends(admit)],
    last_event_id: Annotated[str | None, Header(max_length=64)] = None,
    age_seconds: Annotated[float, Query(ge=0, le=OLDEST_SECONDS, allow_inf_nan=False)] = 0,
) -> AsyncIterator[HintOut]:
    """Send hints of what changes, as server-sent events, until the session or the membership ends.

    A hint names a noun and an id and nothing else: fetch what you show. Topics are the nouns of the audit log
    (`payment`, `subscription`, `channel`, `bot`, `plan`, …), `membership` when somebody came in, and `resync`: first of
    all after a lost connection, and whenever too much happened at once. With `age_seconds`, how long ago you asked for
    the oldest of what you show, you are told of what changed since, too.
    """
    changes: ChangeHub = access.services.changes
    first = Hint(RESYNC) if last_event_id else Hint("hello")
    with changes.open(
        tenant_id=access.tenant_id, session_id=access.identity.session_id,
        age_seconds=0 if last_event_id else age_seconds,
    ) as opened:  # fmt: skip
        yield _event(first)  # type: ignore[misc]  # an event that carries the described shape
        while True:
            hints = await drain(opened, wait_seconds=LOOK_SECONDS)
            # Asked before anything is told: a session that ended a moment ago is told nothing.
            if changes.is_ending or not await _may_go_on(access):
                return
            await _keep_listening(changes)
            for hint in hints:
                yield _event(hint)  # type: ignore[misc]  # the same


def _event(hint: Hint) -> ServerSentEvent:
    data = HintOut(topic=hint.topic, id=hint.id)
    return ServerSentEvent(data=data, event=hint.topic, id=str(uuid4()), retry=RETRY_MILLISECONDS)


async def _may_go_on(access: TenantAccess) -> bool:
    services, now = access.services, access.services.clock.now()
    try:
        await admins.authenticate_session(services.database, access.identity.session_id, now=now)
    except NotSignedInError:
        return False
    async with services.database.tenant(access.tenant_id) as session:
        return await find_role(session, access.identity.admin_id) is not None


async def _keep_listening(changes: ChangeHub) -> None:
    try:
        await changes.listen()
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        _log.warning("changes_not_heard", error=type(error).__name__)
