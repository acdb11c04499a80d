"""Settings from the environment (`LUMENPAY_…`) and `.env`; production refuses what development may leave out."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lumenpay.kit.crypto import KeyRing

_PLACEHOLDERS = ("change", "example", "placeholder", "secret", "xxx")


class Environment(StrEnum):
    """Where the process runs."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Everything that can be set from outside. Addresses carry no trailing slash."""

    model_config = SettingsConfigDict(
        env_prefix="LUMENPAY_", env_file=".env", extra="ignore", hide_input_in_errors=True, frozen=True
    )

    environment: Environment = Environment.DEVELOPMENT
    database_url: SecretStr = SecretStr("")
    """SQLAlchemy address with the application role; empty: the embedded PostgreSQL."""
    database_owner_url: SecretStr = SecretStr("")
    """The same database with the role that owns the tables; only migrations use it."""
    database_staff_url: SecretStr = SecretStr("")
    """The same database with the staff role, for the console; empty: no console."""
    redis_url: SecretStr = SecretStr("")
    """Redis or Valkey; empty: the embedded Valkey."""
    public_url: str = "http://127.0.0.1:8000"
    """Where Telegram, YooKassa and browsers reach this installation."""
    secret_keys: Annotated[list[SecretStr], NoDecode] = Field(default_factory=list)
    """Fernet keys, newest first, comma-separated in the environment."""
    telegram_api_url: str = "https://api.telegram.org"
    yookassa_api_url: str = "https://api.yookassa.ru/v3"
    stripe_api_url: str = "https://api.stripe.com"
    sandbox_telegram_url: str = ""
    """The built-in Telegram sandbox, for test drives only; empty: there are no test drives."""
    sandbox_yookassa_url: str = ""
    """The built-in YooKassa sandbox, without `/v3`; it goes with the other one."""
    stripe_secret_key: SecretStr = SecretStr("")
    """Of the platform's own account, which its tenants pay to; empty: nobody is billed, and no plan's limits hold."""
    stripe_webhook_secret: SecretStr = SecretStr("")
    """What Stripe signs its events with; empty: the address for events does not exist."""
    sentry_dsn: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    """Mail server: `smtp://user:password@host:587`, `smtps://…`, or `file:///folder` outside production."""
    mail_from: str = "LumenPay <no-reply@localhost>"
    """Who letters are from."""
    telegram_oidc_url: str = "https://oauth.telegram.org"
    """Issuer of "Log in with Telegram"; offered once the client id is set."""
    telegram_oidc_client_id: str = ""
    telegram_oidc_client_secret: SecretStr = SecretStr("")
    google_oidc_url: str = "https://accounts.google.com"
    google_oidc_client_id: str = ""
    google_oidc_client_secret: SecretStr = SecretStr("")
    log_level: str = "INFO"
    event_retention_days: int = Field(default=90, ge=3)
    """How long quarantined updates and payment notices are kept to be looked into."""
    access_log_retention_days: int = Field(default=730, ge=180)
    """How long the log of who was let in, out and declined is kept; what says why somebody is inside stays longer."""
    metrics_port: int = 0
    """Private port of `/metrics`; 0 serves it on the API's own port, which production refuses."""

    @field_validator("secret_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator(
        "public_url", "telegram_api_url", "yookassa_api_url", "stripe_api_url", "telegram_oidc_url", "google_oidc_url"
    )
    @classmethod
    def _check_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            msg = "must be an http(s) address"
            raise ValueError(msg)
        return value.rstrip("/")

    @field_validator("sandbox_telegram_url", "sandbox_yookassa_url")
    @classmethod
    def _check_sandbox(cls, value: str) -> str:
        return cls._check_address(value) if value else value

    @field_validator("database_url", "database_owner_url", "database_staff_url")
    @classmethod
    def _use_async_driver(cls, value: SecretStr) -> SecretStr:
        scheme, separator, rest = value.get_secret_value().partition("://")
        return (
            SecretStr(f"postgresql+asyncpg://{rest}") if separator and scheme in ("postgres", "postgresql") else value
        )

    @model_validator(mode="after")
    def _refuse_defaults_in_production(self) -> Self:
        if self.environment is not Environment.PRODUCTION:
            return self
        missing = [
            name
            for name in ("database_url", "redis_url", "secret_keys", "smtp_url")
            if not getattr(self, name) or (name != "secret_keys" and not getattr(self, name).get_secret_value())
        ]
        if missing:
            msg = "production needs " + ", ".join(f"LUMENPAY_{name.upper()}" for name in missing)
            raise ValueError(msg)
        if not self.public_url.startswith("https://"):
            msg = "production needs an https LUMENPAY_PUBLIC_URL"
            raise ValueError(msg)
        if not self.metrics_port:
            msg = "production needs LUMENPAY_METRICS_PORT, a port that is not public"
            raise ValueError(msg)
        if urlsplit(self.smtp_url.get_secret_value()).scheme not in ("smtp", "smtps"):
            msg = "production needs an smtp:// or smtps:// LUMENPAY_SMTP_URL"
            raise ValueError(msg)
        for name in ("database_url", "redis_url", "database_staff_url", "smtp_url"):
            password = urlsplit(getattr(self, name).get_secret_value()).password or ""
            if any(word in password.lower() for word in _PLACEHOLDERS):
                msg = f"LUMENPAY_{name.upper()} carries a placeholder password"
                raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _check_keys(self) -> Self:
        if self.secret_keys:
            try:
                self.key_ring()
            except ValueError as error:
                msg = "LUMENPAY_SECRET_KEYS must be Fernet keys (`lumenpay keys new` makes one)"
                raise ValueError(msg) from error
        return self

    @property
    def has_test_drives(self) -> bool:
        """Whether both sandboxes are known."""
        return bool(self.sandbox_telegram_url and self.sandbox_yookassa_url)

    @property
    def stand_in_telegram_url(self) -> str:
        """The sandbox, where it stands in for Telegram for all bots and not for test drives only; else empty."""
        return self.sandbox_telegram_url if self.sandbox_telegram_url == self.telegram_api_url else ""

    @property
    def has_billing(self) -> bool:
        """Whether tenants are billed for the platform."""
        return bool(self.stripe_secret_key.get_secret_value())

    @property
    def is_production(self) -> bool:
        """Whether strictness may not be relaxed."""
        return self.environment is Environment.PRODUCTION

    def key_ring(self) -> KeyRing:
        """Return the ring that seals and opens stored secrets.

        Raises:
            ValueError: No key is set, or one is no Fernet key.
        """
        return KeyRing([key.get_secret_value() for key in self.secret_keys])


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
