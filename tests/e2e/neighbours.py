"""The other tenants of the pictures' platform: one suspended, one whose bot lost its token."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from lumenpay.db.session import Database
from lumenpay.models import Bot, Channel, Plan, PlanChannel, Tenant
from lumenpay.models.ids import TenantId
from tests.e2e.crowd import FAR, Crowd, Offer, write

NEIGHBOURS = (
    ("Английский с Кейт", "kate_english_bot", 5), ("Йога дома", "yoga_doma_bot", 4),
    ("Трейдинг без воды", "trade_no_water_bot", 3),
    ("Рецепты Анны", "anna_recepty_bot", 2), ("Nordic Running Club", "nordic_run_bot", 2),
    ("Вино и сыр", "vino_syr_bot", 1),
    ("Фото-мастерская «Свет»", "svet_photo_bot", 1), ("IT-карьера", "it_career_bot", 1),
)  # fmt: skip


async def settle_neighbours(database: Database, now: datetime) -> None:
    """Give the platform other tenants, each with a bot, a channel, a plan and people."""
    for number, (name, username, people_a_day) in enumerate(NEIGHBOURS):
        made = Crowd(UUID(int=0), UUID(int=0), UUID(int=0), [], now, 0, (0, 0), 100 + number)
        at = now - timedelta(days=150 - 17 * number)
        tenant_id, bot_id, channel_id, plan_id = (made.id_at(at) for _ in range(4))
        is_suspended, is_ill = name.startswith("Трейдинг"), name.startswith("Фото")
        own = {"tenant_id": tenant_id, "created_at": at}
        async with database.tenant(TenantId(tenant_id)) as session:
            session.add(
                Tenant(
                    id=tenant_id, name=name, created_at=at, status="suspended" if is_suspended else "active",
                    suspended_at=now - timedelta(days=2) if is_suspended else None,
                    suspension_reason="Жалобы покупателей на обещанную доходность" if is_suspended else "",
                )
            )  # fmt: skip
            await session.flush()
            session.add(
                Bot(
                    **own, id=bot_id, username=username, name=name, telegram_id=7_100_000_000 + number,
                    status="token_revoked" if is_ill else "active", health_code="token_revoked" if is_ill else "",
                    webhook_set_at=at, last_update_at=now - timedelta(minutes=3 + 11 * number), shop_status="active",
                    shop_id=str(948_200 + number),
                )
            )  # fmt: skip
            await session.flush()
            session.add(
                Channel(
                    **own, id=channel_id, bot_id=bot_id, chat_id=-1_003_300_000_000 - number, kind="channel",
                    title=name, status="active", can_invite_users=True, can_restrict_members=True,
                    next_check_at=now + FAR,
                )
            )  # fmt: skip
            session.add(
                Plan(
                    **own, id=plan_id, bot_id=bot_id, title="Месяц", price_minor=79_000, currency="RUB",
                    period_unit="month", period_count=1,
                )
            )  # fmt: skip
            await session.flush()
            session.add(PlanChannel(tenant_id=tenant_id, plan_id=plan_id, channel_id=channel_id))
            offers = [Offer(plan_id, "Месяц", 79_000, "month", 1, 30, 1)]
            crowd = Crowd(tenant_id, bot_id, channel_id, offers, now, 60, (people_a_day, people_a_day), 200 + number)
            await write(session, crowd.in_order())
