"""The connections of an API process."""

from __future__ import annotations

from dataclasses import dataclass, field

from control_plane.events.hub import ChangeHub
from lumenpay.admins.limits import AttemptLimiter
from lumenpay.admins.oidc import IdentityProviders
from lumenpay.config import Settings
from lumenpay.db.session import Database
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.clock import Clock, SystemClock
from lumenpay.kit.crypto import KeyRing
from lumenpay.payments.providers.yookassa.client import YooKassaClient
from lumenpay.telegram.client import TelegramClient


@dataclass(frozen=True, slots=True)
class Services:
    """What endpoints work with."""

    settings: Settings
    database: Database
    doorbell: Doorbell
    ring: KeyRing = field(repr=False)
    telegram: TelegramClient
    yookassa: YooKassaClient
    clock: Clock
    attempts: AttemptLimiter
    providers: IdentityProviders
    changes: ChangeHub


def open_services(settings: Settings) -> Services:
    """Return fresh connections; nothing connects before it is used."""
    return Services(
        settings=settings,
        database=Database(settings.database_url.get_secret_value(), pool_size=10, application_name="lumenpay-api"),
        doorbell=Doorbell(settings.redis_url.get_secret_value()),
        ring=settings.key_ring(),
        telegram=TelegramClient(api_url=settings.telegram_api_url),
        yookassa=YooKassaClient(api_url=settings.yookassa_api_url),
        clock=SystemClock(),
        attempts=AttemptLimiter(settings.redis_url.get_secret_value()),
        providers=IdentityProviders(settings),
        changes=ChangeHub(settings.database_url.get_secret_value()),
    )


async def close_services(services: Services) -> None:
    """Close every connection."""
    await services.changes.close()
    await services.telegram.close()
    await services.yookassa.close()
    await services.attempts.close()
    await services.doorbell.close()
    await services.database.close()
