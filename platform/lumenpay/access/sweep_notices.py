"""Every owner is told once of a sweep that the brake stopped: without their word it goes no further."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lumenpay.access.errors import SweepNotFoundError
from lumenpay.access.sweep_repository import get_sweep
from lumenpay.channels.guarding import find_owner_as_user
from lumenpay.channels.repository import get_channel
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import TellOwnerOfSweep
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.bots import Bot
from lumenpay.models.channels import Channel
from lumenpay.models.ids import BotId
from lumenpay.models.sweeps import MembershipSweep, SweepStatus
from lumenpay.models.users import User
from lumenpay.tenants.owners import Way, find_owner, list_owners


@dataclass(frozen=True, slots=True)
class SweepNotice:
    """What one owner is told now: of which sweep, in which language, and where they are reached."""

    sweep: MembershipSweep
    channel: Channel
    bot: Bot
    locale: str
    address: str | None
    user: User | None
    """The owner as the bot knows them; nothing where they never wrote to it, or blocked it."""


async def request_notices(session: TenantSession, sweep: MembershipSweep, channel: Channel, *, now: datetime) -> None:
    """Have every owner of the tenant told, by mail and by the bot itself where they talk to it."""
    for admin_id in await list_owners(session):
        for way in Way:
            await enqueue(
                session, TellOwnerOfSweep(sweep.id, admin_id, way.value), now=now, bot_id=BotId(channel.bot_id),
                dedupe_key=f"{sweep.id}:{admin_id}:{way}",
            )  # fmt: skip


async def load_notice(session: TenantSession, job: TellOwnerOfSweep) -> SweepNotice | None:
    """Return what an owner is to be told; nothing where it was decided meanwhile, or they are no owner any more."""
    try:
        sweep = await get_sweep(session, job.sweep_id)
    except SweepNotFoundError:
        return None
    admin = await find_owner(session, job.admin_id)
    if sweep.status != SweepStatus.BRAKED or admin is None:
        return None
    channel = await get_channel(session, sweep.channel_id)
    bot = await session.get(Bot, (session.tenant_id, channel.bot_id))
    if bot is None:
        return None
    user = await find_owner_as_user(session, admin, bot)
    return SweepNotice(sweep, channel, bot, admin.locale, admin.email, user)
