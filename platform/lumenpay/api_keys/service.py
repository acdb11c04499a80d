"""Use cases of API keys: made, found by their secret, given another secret, taken back."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from lumenpay.api_keys.errors import ApiKeyEndInvalidError, ApiKeyInvalidError, TooManyApiKeysError
from lumenpay.api_keys.rules import MARK, MAX_KEYS, add_checksum, is_intact, is_use_noted
from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.errors import NotFoundError
from lumenpay.kit.crypto import Secret, hash_token
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.api_keys import ApiKey
from lumenpay.models.ids import AdminId
from lumenpay.tenants.repository import get_own_tenant


async def make_key(
    session: TenantSession, *, name: str, scopes: Collection[str], expires_at: datetime | None, actor: Actor,
    now: datetime,
) -> tuple[ApiKey, Secret]:  # fmt: skip
    """Store a key and return it with its secret, which nobody can be shown again.

    Args:
        scopes: Known ones; what they include is decided by the door.

    Raises:
        ApiKeyEndInvalidError: It would end in the past.
        TooManyApiKeysError: The tenant has as many as it may.
    """
    if expires_at is not None and expires_at <= now:
        raise ApiKeyEndInvalidError(fields={"expires_at": "past"})
    await get_own_tenant(session, is_locked=True)
    count = select(func.count()).select_from(ApiKey).where(*_standing(session))
    if (await session.execute(count)).scalar_one() >= MAX_KEYS:
        raise TooManyApiKeysError
    prefix, secret = _make_secret()
    key = ApiKey(
        tenant_id=session.tenant_id, id=new_uuid7(), name=name, prefix=prefix, secret_hash=hash_token(secret.reveal()),
        scopes=sorted(set(scopes)), created_by=AdminId(actor.id) if actor.id else None, created_at=now,
        expires_at=expires_at,
    )  # fmt: skip
    session.add(key)
    await session.flush()
    details = {"name": name, "prefix": prefix, "scopes": key.scopes}
    record(session, actor=actor, action="api_key.made", subject_id=key.id, now=now, details=details)
    return key, secret


async def list_keys(session: TenantSession) -> list[ApiKey]:
    """Return the keys that were not taken back, newest first; those that have run out too."""
    newest = select(ApiKey).where(*_standing(session)).order_by(ApiKey.created_at.desc(), ApiKey.id.desc())
    return list((await session.execute(newest)).scalars())


async def rotate_key(
    session: TenantSession, key_id: UUID, *, overlap: timedelta, actor: Actor, now: datetime
) -> tuple[ApiKey, Secret]:
    """Give a key another secret and return it; the one before works for `overlap` more, one before that no more.

    Raises:
        NotFoundError: No such key of this tenant.
    """
    key = await _get_key(session, key_id)
    key.previous_hash, key.previous_until_at = key.secret_hash, now + overlap
    key.prefix, secret = _make_secret()
    key.secret_hash = hash_token(secret.reveal())
    details = {"name": key.name, "prefix": key.prefix, "overlap_seconds": int(overlap.total_seconds())}
    record(session, actor=actor, action="api_key.rotated", subject_id=key.id, now=now, details=details)
    await session.flush()
    return key, secret


async def revoke_key(session: TenantSession, key_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a key back at once, with every secret of it.

    Raises:
        NotFoundError: No such key of this tenant.
    """
    key = await _get_key(session, key_id)
    key.revoked_at = now
    record(session, actor=actor, action="api_key.revoked", subject_id=key.id, now=now, details={"name": key.name})
    await session.flush()


async def use_key(session: TenantSession, secret: str, *, now: datetime) -> ApiKey:
    """Return the key that a secret is of, and note about when it was used.

    Raises:
        ApiKeyInvalidError: None of this tenant, taken back, replaced or run out.
    """
    if not is_intact(secret):
        raise ApiKeyInvalidError
    digest = hash_token(secret)
    is_its_secret = or_(
        ApiKey.secret_hash == digest, and_(ApiKey.previous_hash == digest, ApiKey.previous_until_at > now)
    )
    is_alive = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now)
    query = select(ApiKey).where(*_standing(session), is_its_secret, is_alive)
    key = (await session.execute(query)).scalar_one_or_none()
    if key is None:
        raise ApiKeyInvalidError
    if not is_use_noted(key.last_used_at, now=now):
        key.last_used_at = now.replace(minute=0, second=0, microsecond=0)
    return key


def _make_secret() -> tuple[str, Secret]:
    """Return how a fresh secret begins, which may be shown, and the whole of it: 256 random bits and a checksum."""
    prefix = MARK + secrets.token_hex(4)
    return prefix, Secret(add_checksum(f"{prefix}_{secrets.token_urlsafe(32)}"))


def _standing(session: TenantSession) -> tuple[ColumnElement[bool], ...]:
    return ApiKey.tenant_id == session.tenant_id, ApiKey.revoked_at.is_(None)


async def _get_key(session: TenantSession, key_id: UUID) -> ApiKey:
    query = select(ApiKey).where(*_standing(session), ApiKey.id == key_id).with_for_update()
    key = (await session.execute(query)).scalar_one_or_none()
    if key is None:
        raise NotFoundError
    return key
