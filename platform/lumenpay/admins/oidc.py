"""Accounts at other services by OpenID Connect: where a browser is sent, and what may be believed of what comes back.

Authlib speaks the protocol. Everything that a provider says is checked here: issuer, audience, signature with pinned
algorithms, times, nonce.
"""

from __future__ import annotations

import base64
import hashlib
import time
import warnings
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx2
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet

from lumenpay.admins.errors import OidcRefusedError, ProviderUnavailableError, ProviderUnknownError
from lumenpay.config import Settings
from lumenpay.kit.crypto import Secret
from lumenpay.kit.logs import get_logger

ALGORITHMS = ["RS256", "ES256", "EdDSA", "Ed25519"]
"""Pinned: `none`, the symmetric ones and what nobody of ours uses are never right."""
LONGEST_TOKEN = 16 * 1024
_TIMEOUT_SECONDS = 10.0
_METADATA_SECONDS = 600.0
_LEEWAY_SECONDS = 60
_OLDEST_SECONDS = 600
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Provider:
    """A service that tells who somebody is."""

    id: str
    title: str
    issuer: str
    client_id: str
    client_secret: Secret = field(repr=False)
    scope: str
    subject_claim: str
    """Telegram's `sub` is not the user's id: `id` is."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider says of a person, checked."""

    provider: str
    subject: str
    sub: str
    name: str
    email: str
    is_email_verified: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """What one way to a provider and back carries; nonce and verifier follow from a secret that the browser keeps."""

    state: str
    browser: Secret = field(repr=False)

    @property
    def nonce(self) -> str:
        """What the token must repeat."""
        return _derive("nonce", self.browser)

    @property
    def verifier(self) -> str:
        """What PKCE proves with."""
        return _derive("verifier", self.browser)


def _derive(use: str, secret: Secret) -> str:
    digest = hashlib.sha256(f"lumenpay oidc {use}:{secret.reveal()}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class IdentityProviders:
    """The providers of this installation: those that it has a client id for."""

    def __init__(self, settings: Settings) -> None:
        """Take what the settings name; nothing connects before it is used."""
        self._public_url = settings.public_url
        known = (
            Provider(
                "telegram", "Telegram", settings.telegram_oidc_url, settings.telegram_oidc_client_id,
                Secret(settings.telegram_oidc_client_secret.get_secret_value()), "openid profile", "id",
            ),
            Provider(
                "google", "Google", settings.google_oidc_url, settings.google_oidc_client_id,
                Secret(settings.google_oidc_client_secret.get_secret_value()), "openid email profile", "sub",
            ),
        )  # fmt: skip
        self._providers = {provider.id: provider for provider in known if provider.client_id}
        self._metadata: dict[str, tuple[float, dict[str, Any]]] = {}
        self._keys: dict[str, KeySet] = {}

    def list(self) -> list[Provider]:
        """Return what one can log in with here."""
        return list(self._providers.values())

    def get(self, provider_id: str) -> Provider:
        """Return a provider.

        Raises:
            ProviderUnknownError: Not of this installation.
        """
        if provider_id not in self._providers:
            raise ProviderUnknownError
        return self._providers[provider_id]

    async def make_url(self, provider: Provider, passage: Passage) -> str:
        """Return where the browser goes.

        Raises:
            ProviderUnavailableError: The provider does not say where.
        """
        metadata = await self._read_metadata(provider)
        async with self._client(provider) as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=passage.state, nonce=passage.nonce,
                code_verifier=passage.verifier,
            )  # fmt: skip
        return str(url)

    async def fetch_claims(self, provider: Provider, passage: Passage, *, code: str, now: datetime) -> Claims:
        """Return what the provider says of the person, in exchange for a code.

        Raises:
            OidcRefusedError: The code or the token is not the answer to what this browser began.
            ProviderUnavailableError: The provider does not answer.
        """
        metadata = await self._read_metadata(provider)
        try:
            async with self._client(provider) as client:
                answer = await client.fetch_token(
                    metadata["token_endpoint"], grant_type="authorization_code", code=code,
                    code_verifier=passage.verifier,
                )  # fmt: skip
        except OAuthError as error:
            _log.info("oidc_code_refused", provider=provider.id, error=str(error.error))
            raise OidcRefusedError from error
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderUnavailableError(retry_after_seconds=5) from error
        token = answer.get("id_token")
        if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
            raise OidcRefusedError
        return await self._read_claims(provider, passage, token, answer=answer, now=now)

    async def _read_claims(
        self, provider: Provider, passage: Passage, token: str, *, answer: dict[str, Any], now: datetime
    ) -> Claims:
        wanted = {"iss": {"essential": True, "value": provider.issuer},
                  "aud": {"essential": True, "value": provider.client_id}, "nonce": {"essential": True}}  # fmt: skip
        params = {"nonce": passage.nonce, "client_id": provider.client_id, "access_token": answer.get("access_token")}
        seconds = int(now.timestamp())
        try:
            decoded = await self._decode(provider, token)
            found = CodeIDToken(decoded.claims, decoded.header, wanted, params)
            found.validate(now=seconds, leeway=_LEEWAY_SECONDS)
            if abs(seconds - int(found["iat"])) > _OLDEST_SECONDS:
                raise OidcRefusedError
            subject, sub = found[provider.subject_claim], str(found["sub"])
        except (JoseError, KeyError, TypeError, ValueError) as error:
            _log.info("oidc_token_refused", provider=provider.id, error=type(error).__name__)
            raise OidcRefusedError from error
        if isinstance(subject, bool) or not isinstance(subject, int | str) or not str(subject):
            raise OidcRefusedError
        name = str(found.get("name") or found.get("preferred_username") or provider.title)
        return Claims(
            provider.id, str(subject)[:255], sub[:255], name[:128], str(found.get("email") or "")[:320],
            is_email_verified=found.get("email_verified") is True,
        )  # fmt: skip

    async def _decode(self, provider: Provider, token: str) -> jwt.Token:
        keys = self._keys.get(provider.id)
        if keys is not None:
            try:
                return _verify(token, keys)
            except (JoseError, ValueError):
                pass  # The provider may have new keys: look once more.
        metadata = await self._read_metadata(provider)
        keys = _usable_keys(await _get_json(metadata["jwks_uri"]))
        decoded = _verify(token, keys)
        self._keys[provider.id] = keys
        return decoded

    async def _read_metadata(self, provider: Provider) -> dict[str, Any]:
        read_at, known = self._metadata.get(provider.id, (0.0, {}))
        if known and time.monotonic() - read_at < _METADATA_SECONDS:
            return known
        found = await _get_json(f"{provider.issuer}/.well-known/openid-configuration")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        # A document that names another issuer would send our codes, and its people, somewhere else.
        if found.get("issuer") != provider.issuer or not all(isinstance(found.get(name), str) for name in names):
            raise ProviderUnavailableError("the discovery document is another's", retry_after_seconds=60)
        self._metadata[provider.id] = (time.monotonic(), found)
        return found

    def _client(self, provider: Provider) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            client_id=provider.client_id, client_secret=provider.client_secret.reveal(), scope=provider.scope,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
            redirect_uri=f"{self._public_url}/oidc/{provider.id}", code_challenge_method="S256",
            timeout=_TIMEOUT_SECONDS, trust_env=False,
        )  # fmt: skip


def _verify(token: str, keys: KeySet) -> jwt.Token:
    with warnings.catch_warnings():
        # Telegram calls Ed25519 by its older name, which the library warns of.
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.decode(token, keys, algorithms=ALGORITHMS)


def _usable_keys(document: dict[str, Any]) -> KeySet:
    # A set may hold kinds of keys that nobody of ours uses, as Telegram's does.
    kept = [key for key in document.get("keys", []) if key.get("kty") in ("RSA", "EC", "OKP")]
    return KeySet.import_key_set({"keys": [key for key in kept if key.get("crv") != "secp256k1"]})


async def _get_json(url: str) -> dict[str, Any]:
    try:
        async with httpx2.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            answer = await client.get(url)
            answer.raise_for_status()
            found = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise ProviderUnavailableError(retry_after_seconds=5) from error
    if not isinstance(found, dict):
        raise ProviderUnavailableError(retry_after_seconds=5)
    return found
