"""The connections of an API process."""

from __future__ import annotations

from dataclasses import dataclass, field

from control_plane.events.hub import ChangeHub
from control_plane.turnstile import Turnstile
from lumenpay.admins.calls import CallLimiter
from lumenpay.admins.limits import AttemptLimiter
from lumenpay.admins.oidc import IdentityProviders
from lumenpay.billing.stripe_gateway import StripeGateway, open_stripe
from lumenpay.config import Settings
from lumenpay.db.session import Database
from lumenpay.db.staff import StaffDatabase
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.clock import Clock, SystemClock
from lumenpay.kit.crypto import KeyRing
from lumenpay.payments.providers.yookassa.client import YooKassaClient
from lumenpay.telegram.client import TelegramClient
from lumenpay.telegram.pace import BotPace
from lumenpay.test_drives.sandbox import SandboxControl, open_sandbox


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
    calls: CallLimiter = field(default_factory=lambda: CallLimiter(""))
    turnstile: Turnstile = field(default_factory=Turnstile)
    sandbox: SandboxControl | None = None
    """For test drives; none where the sandboxes are not configured."""
    staff: StaffDatabase | None = None
    """What the console reads with; an installation without it has no console."""
    stripe: StripeGateway | None = None
    """The platform's account; none where the installation bills nobody."""


def open_services(settings: Settings) -> Services:
    """Return fresh connections; nothing connects before it is used."""
    staff_url = settings.database_staff_url.get_secret_value()
    return Services(
        settings=settings,
        database=Database(
            settings.database_url.get_secret_value(), pool_size=10, application_name="lumenpay-api",
            is_billed=settings.has_billing,
        ),
        doorbell=Doorbell(settings.redis_url.get_secret_value()),
        ring=settings.key_ring(),
        telegram=TelegramClient(
            api_url=settings.telegram_api_url, sandbox_url=settings.sandbox_telegram_url,
            pace=BotPace(settings.redis_url.get_secret_value()),
        ),
        yookassa=YooKassaClient(api_url=settings.yookassa_api_url, sandbox_url=settings.sandbox_yookassa_url),
        clock=SystemClock(),
        attempts=AttemptLimiter(settings.redis_url.get_secret_value()),
        calls=CallLimiter(settings.redis_url.get_secret_value()),
        providers=IdentityProviders(settings),
        changes=ChangeHub(settings.database_url.get_secret_value()),
        sandbox=open_sandbox(settings),
        staff=StaffDatabase(staff_url) if staff_url else None,
        stripe=open_stripe(settings),
    )  # fmt: skip


async def close_services(services: Services) -> None:
    """Close every connection."""
    await services.changes.close()
    await services.telegram.close()
    await services.yookassa.close()
    if services.sandbox is not None:
        await services.sandbox.close()
    if services.stripe is not None:
        await services.stripe.close()
    await services.attempts.close()
    await services.calls.close()
    await services.doorbell.close()
    await services.database.close()
    if services.staff is not None:
        await services.staff.close()
