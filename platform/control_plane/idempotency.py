"""`Idempotency-Key`: a request that changes something is carried out once, and answered the same every time.

The edge sees the key and the bytes; who asks is known later, and claims the request then (`claim_once`). The answer is
stored before it is sent, so that one lost on the way can be asked for again.
"""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.exc import SQLAlchemyError

from control_plane.permissions import SHOWS_SECRETS
from lumenpay.db.session import Database, TenantSession
from lumenpay.idempotence import service
from lumenpay.idempotence.errors import IdempotencyKeyInvalidError
from lumenpay.idempotence.service import Claim, StoredAnswer
from lumenpay.kit.logs import get_logger
from lumenpay.models.ids import TenantId

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from control_plane.edge import App, Message, Receive, Scope, Send

HEADER = b"idempotency-key"
_STATE = "once"
_log = get_logger(__name__)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(slots=True)
class Once:
    """A request with a key: what it is, and where it was claimed once that is known."""

    key: str
    request_hash: bytes
    database: Database | None = None
    tenant_id: TenantId | None = None
    claim: Claim | None = None
    keeps_body: bool = True

    async def finish(self, messages: list[Message]) -> None:
        """Store what was answered, or forget a request that was refused or has failed without a trace."""
        if self.claim is None or self.database is None or self.tenant_id is None:
            return
        status = int(messages[0]["status"]) if messages else HTTPStatus.INTERNAL_SERVER_ERROR
        body = b"".join(message.get("body", b"") for message in messages[1:])
        async with self.database.tenant(self.tenant_id) as session:
            if status < HTTPStatus.BAD_REQUEST:
                kept = body if self.keeps_body else None
                await service.keep_answer(session, self.claim, status=status, body=kept)
            else:
                is_refused = status < HTTPStatus.INTERNAL_SERVER_ERROR
                await service.let_go(session, self.claim, is_refused=is_refused)


class AnsweredBeforeError(Exception):
    """Not a failure: the request came before, and this is what it was answered."""

    def __init__(self, answer: StoredAnswer) -> None:
        """Keep the answer."""
        super().__init__()
        self.answer = answer


async def answer_once(app: App, scope: Scope, receive: Receive, send: Send, *, key: bytes, body: bytes) -> None:
    """Have the application answer a request with a key; nothing is sent before it is stored."""
    once = Once(key.decode("latin-1"), _digest(scope, body))
    scope.setdefault("state", {})[_STATE] = once
    messages: list[Message] = []

    async def gather(message: Message) -> None:
        messages.append(message)

    try:
        await app(scope, receive, gather)
    finally:
        try:
            await once.finish(messages)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            # Sent again, it is told that it was carried out: that stands with what it changed.
            _log.warning("answer_not_kept", error=type(error).__name__)
        for message in messages:
            await send(message)


def _digest(scope: Scope, body: bytes) -> bytes:
    parts = (scope["method"].encode(), scope["path"].encode(), scope["query_string"], body)
    return sha256(b"\n".join(sha256(part).digest() for part in parts)).digest()


async def claim_once(
    request: Request, database: Database, tenant_id: TenantId, *, operation: str, caller_id: UUID, now: datetime
) -> Claim | None:
    """Return the right to carry the request out, if it has a key.

    Raises:
        AnsweredBeforeError: It came before; here is the answer.
        IdempotencyKeyInvalidError: The key is none.
        IdempotenceKeyReusedError: It came with another request.
        RequestRunningError: It is being carried out.
        AnswerNotKeptError: It has had its effect, and its answer is not there to be given again.
    """
    once: Once | None = getattr(request.state, _STATE, None)
    if once is None:
        return None
    if not _KEY.fullmatch(once.key):
        raise IdempotencyKeyInvalidError
    async with database.tenant(tenant_id) as session:
        found = await service.claim_request(
            session, caller_id=caller_id, key=once.key, request_hash=once.request_hash, now=now
        )
    if isinstance(found, StoredAnswer):
        raise AnsweredBeforeError(found)
    once.database, once.tenant_id, once.claim = database, tenant_id, found
    once.keeps_body = operation not in SHOWS_SECRETS
    return found


@asynccontextmanager
async def noting_effect(session: TenantSession, claim: Claim | None) -> AsyncIterator[TenantSession]:
    """Have what the block changes and the mark that it did stand or fall together."""
    yield session
    if claim is not None:
        await service.note_effect(session, claim)


async def answer_before(_request: Request, error: Exception) -> Response:
    """Give the stored answer once more."""
    assert isinstance(error, AnsweredBeforeError)  # noqa: S101 - registered for it
    headers: dict[str, Any] = {"Idempotency-Replayed": "true"}
    has_body = error.answer.status != HTTPStatus.NO_CONTENT
    return Response(
        error.answer.body if has_body else None, status_code=error.answer.status, headers=headers,
        media_type="application/json" if has_body else None,
    )  # fmt: skip
