"""Argon2 in a thread, a few at a time: a hash costs a tenth of a second and tens of megabytes."""

from __future__ import annotations

import asyncio
from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

_room = asyncio.Semaphore(2)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@lru_cache(maxsize=1)
def _hash_of_nobody() -> str:
    return _hasher().hash("a password that no account has")


async def hash_password(password: str) -> str:
    """Return the hash to be stored."""
    async with _room:
        return await asyncio.to_thread(_hasher().hash, password)


async def is_password_right(password: str, stored_hash: str | None) -> bool:
    """Tell whether the password belongs to the hash; without one the same time is spent on nothing."""
    async with _room:
        is_right = await asyncio.to_thread(_hasher().verify, password, stored_hash or _hash_of_nobody())
    return is_right and stored_hash is not None
