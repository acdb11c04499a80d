"""What a provider knows: clients, people, codes, keys; and how its tokens look."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

CODE_SECONDS = 60
TOKEN_SECONDS = 3600


@dataclass(frozen=True)
class Client:
    """A site that people log in to."""

    id: str
    secret: str
    redirect_uris: tuple[str, ...]


@dataclass
class Person:
    """Somebody with an account here."""

    id: int
    name: str
    email: str = ""
    email_verified: bool = True
    username: str = ""


@dataclass(frozen=True)
class Grant:
    """What a code stands for."""

    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    scope: str
    person_id: int
    made_at: float


class RefusedError(Exception):
    """An answer of RFC 6749: a code, and words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code, self.words = code, words


@dataclass
class Provider:
    """One provider. `twist` changes the next token, so that a client's checks can be tried."""

    name: str
    clients: dict[str, Client]
    people: dict[int, Person] = field(default_factory=dict)
    codes: dict[str, Grant] = field(default_factory=dict)
    twist: dict[str, Any] = field(default_factory=dict)
    now: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        kinds: list[Any] = [RSAKey.generate_key(2048), ECKey.generate_key("P-256"), OKPKey.generate_key("Ed25519")]
        if self.name == "telegram":
            # Telegram's set holds a curve that not every library knows.
            kinds.append(ECKey.generate_key("secp256k1"))
        self.keys = KeySet(kinds)
        for key in self.keys.keys:
            key.ensure_kid()
        self.stranger_key = RSAKey.generate_key(2048)

    def add_person(self, *, name: str, email: str = "", email_verified: bool = True, username: str = "") -> Person:
        person = Person(10_000_000 + secrets.randbelow(80_000_000), name, email, email_verified, username)
        self.people[person.id] = person
        return person

    def read_request(self, query: dict[str, str]) -> Client:
        """Return the client of an authorization request; everything that a strict provider wants must be there."""
        client = self.clients.get(query.get("client_id", ""))
        if client is None or query.get("redirect_uri") not in client.redirect_uris:
            # Never sent back: the address is not known to be the client's.
            raise RefusedError(
                "invalid_client", "unknown client_id, or a redirect_uri that is not registered exactly so"
            )
        if query.get("response_type") != "code":
            raise RefusedError("unsupported_response_type", "only code")
        if "openid" not in query.get("scope", "").split():
            raise RefusedError("invalid_scope", "openid is missing")
        for name in ("state", "nonce", "code_challenge"):
            if not query.get(name):
                raise RefusedError("invalid_request", f"{name} is missing")
        if query.get("code_challenge_method") != "S256":
            raise RefusedError("invalid_request", "code_challenge_method must be S256")
        return client

    def make_code(self, query: dict[str, str], person_id: int) -> str:
        client = self.read_request(query)
        if person_id not in self.people:
            raise RefusedError("access_denied", "no such person")
        code = secrets.token_urlsafe(24)
        self.codes[code] = Grant(
            client.id, query["redirect_uri"], query["code_challenge"], query["nonce"], query["scope"], person_id,
            self.now(),
        )  # fmt: skip
        return code

    def exchange(self, form: dict[str, str], *, authorization: str, issuer: str) -> dict[str, Any]:
        """Return tokens for a code; the code is gone whatever comes of it."""
        client = self._read_client(authorization)
        if form.get("grant_type") != "authorization_code":
            raise RefusedError("unsupported_grant_type", "only authorization_code")
        grant = self.codes.pop(form.get("code", ""), None)
        if grant is None or self.now() - grant.made_at > CODE_SECONDS or grant.client_id != client.id:
            raise RefusedError("invalid_grant", "the code is unknown, used or old")
        if form.get("redirect_uri") != grant.redirect_uri:
            raise RefusedError("invalid_grant", "redirect_uri is not that of the request")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if not compare_digest(base64.urlsafe_b64encode(digest).decode().rstrip("="), grant.challenge):
            raise RefusedError("invalid_grant", "code_verifier does not fit")
        return {
            "access_token": secrets.token_urlsafe(24), "token_type": "Bearer", "expires_in": TOKEN_SECONDS,
            "id_token": self._make_id_token(grant, issuer=issuer), "scope": grant.scope,
        }  # fmt: skip

    def _read_client(self, authorization: str) -> Client:
        scheme, _, encoded = authorization.partition(" ")
        try:
            name, _, secret = base64.b64decode(encoded).decode().partition(":")
        except ValueError:
            name, secret = "", ""
        client = self.clients.get(name)
        if scheme.lower() != "basic" or client is None or not compare_digest(secret, client.secret):
            raise RefusedError("invalid_client", "Basic credentials are wrong")
        return client

    def _make_id_token(self, grant: Grant, *, issuer: str) -> str:
        person, now = self.people[grant.person_id], int(self.now())
        # Opaque: Telegram's user id stands in `id`, and `sub` is another thing.
        sub = hashlib.sha256(f"{self.name}:{person.id}".encode()).hexdigest()[:24]
        claims: dict[str, Any] = {
            "iss": issuer, "aud": grant.client_id, "sub": sub, "iat": now, "exp": now + TOKEN_SECONDS,
            "nonce": grant.nonce, "name": person.name,
        }  # fmt: skip
        if self.name == "telegram":
            claims |= {"id": person.id, "preferred_username": person.username}
        elif "email" in grant.scope.split():
            claims |= {"email": person.email, "email_verified": person.email_verified}
        twist, self.twist = self.twist, {}
        claims |= {name: value for name, value in twist.get("claims", {}).items() if value is not None}
        for name in [name for name, value in twist.get("claims", {}).items() if value is None]:
            claims.pop(name, None)
        return self._sign(claims, twist)

    def _sign(self, claims: dict[str, Any], twist: dict[str, Any]) -> str:
        algorithm = twist.get("algorithm", "RS256")
        if algorithm == "none":
            return f"{_encode({'alg': 'none'})}.{_encode(claims)}."
        kinds = {"RS256": "RSA", "ES256": "P-256", "EdDSA": "Ed25519", "ES256K": "secp256k1"}
        key: Any = next((key for key in self.keys.keys if kinds.get(algorithm) in (key.key_type, key.get("crv"))), None)
        signer: Any = self.keys.keys[0]
        head = {"alg": algorithm, "kid": (key or signer).kid, **twist.get("header", {})}
        signed = f"{_encode(head)}.{_encode(claims)}"
        if algorithm == "HS256":
            # The classic confusion: the public key, which everybody has, taken for a shared secret.
            signature = hmac.digest(signer.as_pem(private=False), signed.encode(), "sha256")
        else:
            # Not with the library's own encoder, which would refuse to make what clients must refuse to read.
            used = self.stranger_key if twist.get("is_strangers") else key
            signature = JWSRegistry.algorithms[algorithm].sign(signed.encode(), used)
        return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def _encode(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
