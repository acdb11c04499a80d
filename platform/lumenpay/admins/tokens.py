"""Short-lived signed tokens for API clients; each is tied to a session, so that ending the session ends it too."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from lumenpay.admins.errors import NotSignedInError
from lumenpay.admins.rules import TOKEN_LIFETIME
from lumenpay.kit.crypto import KeyRing

_ALGORITHMS = ["HS256"]
_AUDIENCE = "lumenpay-api"
_LONGEST = 4096


def issue_token(ring: KeyRing, *, session_id: UUID, now: datetime) -> str:
    """Return a token that stands for a session for 15 minutes."""
    claims = {
        "sid": str(session_id), "aud": _AUDIENCE, "iat": int(now.timestamp()),
        "exp": int((now + TOKEN_LIFETIME).timestamp()),
    }  # fmt: skip
    header = {"alg": "HS256", "kid": ring.key_ids[0]}
    return jwt.encode(header, claims, OctKey.import_key(ring.signing_keys[0]), algorithms=_ALGORITHMS)


def read_token(ring: KeyRing, token: str, *, now: datetime) -> UUID:
    """Return the session that a token stands for.

    Raises:
        NotSignedInError: Not ours, run out, or made for something else.
    """
    if len(token) > _LONGEST:
        raise NotSignedInError
    for key in ring.signing_keys:
        try:
            decoded = jwt.decode(token, OctKey.import_key(key), algorithms=_ALGORITHMS)
            claims = decoded.claims
            if claims["aud"] == _AUDIENCE and int(claims["exp"]) > now.timestamp():
                return UUID(str(claims["sid"]))
        except (JoseError, KeyError, TypeError, ValueError):
            continue
    raise NotSignedInError
