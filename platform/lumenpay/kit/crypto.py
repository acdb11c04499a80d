"""Secrets: a value that cannot be printed, the Fernet key ring, keyed hashes and random keys.

A Fernet token says nothing about where it belongs, so the sealed text carries its place
(tenant, column, row) and the key ring refuses to open it anywhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

MASK = "••••"


class Secret:
    """A secret text whose repr, str, format and JSON are `••••`; `reveal()` is the only way to the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Keep the value out of sight."""
        self._value = value

    def reveal(self) -> str:
        """Return the value, at the edge where it is used."""
        return self._value

    def hint(self) -> str:
        """Return what may be shown to its owner: the mask and the last four characters of a long value."""
        return MASK + (self._value[-4:] if len(self._value) >= 16 else "")  # noqa: PLR2004 - a short one would be guessable

    def __repr__(self) -> str:
        """Show only the mask."""
        return MASK

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        """Show only the mask."""
        return MASK

    def __eq__(self, other: object) -> bool:
        """Compare in constant time."""
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        """Hash by value, so that secrets can key a cache."""
        return hash(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        """Refuse to be pickled: a secret leaves the process only sealed."""
        msg = "a Secret cannot be pickled"
        raise TypeError(msg)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs; it opens nowhere else."""

    tenant_id: UUID
    column: str
    row_id: UUID


@dataclass(frozen=True, slots=True)
class Sealed:
    """A ciphertext and the id of the key that made it."""

    ciphertext: str
    key_id: str


class SealBrokenError(Exception):
    """The ciphertext does not open: wrong key, damaged, or moved from another row."""


class KeyRing:
    """Fernet keys, newest first: the first one seals, each of them opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take base64 Fernet keys, newest first.

        Raises:
            ValueError: No key at all, or one that is no Fernet key.
        """
        if not keys:
            msg = "at least one secret key is needed"
            raise ValueError(msg)
        fernets = [Fernet(key) for key in keys]
        self._fernet = MultiFernet(fernets)
        self.key_ids = [hashlib.sha256(b"lumenpay key id" + key.encode()).hexdigest()[:12] for key in keys]
        self._by_id = dict(zip(self.key_ids, fernets, strict=True))
        self._hash_keys = [hashlib.sha256(b"lumenpay lookup" + key.encode()).digest() for key in keys]
        self.signing_keys = [hashlib.sha256(b"lumenpay signing" + key.encode()).digest() for key in keys]

    def seal(self, secret: Secret, place: Place) -> Sealed:
        """Return the secret as a ciphertext of the newest key that opens only at `place`."""
        text = json.dumps([str(place.tenant_id), place.column, str(place.row_id), secret.reveal()])
        return Sealed(self._fernet.encrypt(text.encode()).decode(), self.key_ids[0])

    def unseal(self, ciphertext: str, place: Place, *, key_id: str | None = None) -> Secret:
        """Return the secret that was sealed at `place`.

        Args:
            key_id: Try this key of the ring alone; the others may be gone tomorrow.

        Raises:
            SealBrokenError: Wrong key, damaged, or sealed for another place.
        """
        try:
            fernet = self._fernet if key_id is None else self._by_id[key_id]
            tenant_id, column, row_id, value = json.loads(fernet.decrypt(ciphertext.encode()))
        except (InvalidToken, KeyError, ValueError) as error:
            msg = f"cannot open {place.column}"
            raise SealBrokenError(msg) from error
        if (tenant_id, column, row_id) != (str(place.tenant_id), place.column, str(place.row_id)):
            msg = f"{place.column} was sealed for another place"
            raise SealBrokenError(msg)
        return Secret(str(value))

    def lookup_hash(self, value: str) -> bytes:
        """Return the keyed hash (32 bytes, newest key) under which a random key is stored."""
        return self.lookup_hashes(value)[0]

    def lookup_hashes(self, value: str) -> list[bytes]:
        """Return the keyed hash under each key, newest first: a row may still carry an older one."""
        return [hmac.digest(key, value.encode("utf-8", "surrogatepass"), "sha256") for key in self._hash_keys]


def new_url_key() -> str:
    """Return 192 random bits in URL-safe letters, for a path that nobody can guess."""
    return secrets.token_urlsafe(24)


def hash_token(token: str) -> bytes:
    """Return the SHA-256 of a random token: what is stored of a session or of a webhook secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
