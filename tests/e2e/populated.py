"""Fills the stage's tenant with half a year of a club's life, and the platform with neighbours: for pictures only.

`python -m tests.e2e.populated TENANT` writes as the application's role, inside each tenant, into the database that
LUMENPAY_DATABASE_URL names, and prints the ids of what is worth a look. To be run once on a fresh stage.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from lumenpay.analytics.closing import close_days
from lumenpay.analytics.repository import forget_facts
from lumenpay.db.session import Database, TenantSession
from lumenpay.models import (
    Admin,
    AuditEvent,
    Bot,
    BotMessage,
    Channel,
    Export,
    Invitation,
    Job,
    Membership,
    Payment,
    Plan,
    PromoCode,
    PromoCodeUse,
    Subscription,
    Tenant,
    TenantMember,
    User,
    UserTag,
)  # fmt: skip
from lumenpay.models.ids import TenantId
from lumenpay.models.plans import PeriodUnit
from tests.e2e.crowd import Crowd, Offer, write
from tests.e2e.growth import Growth
from tests.e2e.happenings import Happenings
from tests.e2e.mailings import Mailings
from tests.e2e.neighbours import settle_neighbours
from tests.e2e.shelf import DAYS, Shelf

EMAIL = "maria@klub-marii.example"
TEAM = (
    ("Илья Ветров", "ilya.vetrov@example.com", "manager"), ("Daria Cole", "daria.cole@example.com", "support"),
    ("Олег Савин", "oleg.savin@example.com", "analyst"),
)  # fmt: skip
TAGS = ("vip", "амбассадор", "с начала", "просит скидку")
WELCOME = "Здравствуйте, {name}! 👋\n\nЭто закрытый клуб Марии: <b>два эфира в месяц</b>, чат и разборы."
NOTES = ("Просила скидку на год, ответить в декабре.", "Пришла по совету Ольги.", "Оплачивает компания, нужен чек.")


async def populate(database: Database, tenant_id: TenantId, now: datetime) -> dict[str, str]:
    """Fill the tenant, and return the ids of a plan, a subscriber, a payment and a promo code."""
    async with database.tenant(tenant_id) as session:
        owner_id = (await session.execute(select(TenantMember.admin_id))).scalar_one()
        bot = (await session.execute(select(Bot))).scalar_one()
        channel = (await session.execute(select(Channel))).scalar_one()
        month = (await session.execute(select(Plan))).scalar_one()
        began_at = now - timedelta(days=DAYS + 3)
        await _settle_story(session, month, began_at=began_at)
        bot.name, bot.username, bot.shop_is_test = "Клуб Марии", "maria_club_bot", False
        bot.shop_notice_at = bot.last_update_at = now - timedelta(minutes=2)
        await session.execute(
            update(Tenant).values(
                created_at=began_at, reminder_offsets_seconds=[259_200, 86_400, 7_200], support_contact="@maria_help",
                analytics_closed_on=None,
            )
        )  # fmt: skip
        await forget_facts(session)
        await session.execute(update(Admin).where(Admin.id == owner_id).values(name="Мария Соколова", email=EMAIL))
        staff = update(Admin).where(Admin.name == "Ольга из поддержки")
        await session.execute(staff.values(name="Ольга Лебедева", email="olga@lumenpay.example"))
        shelf = Shelf(tenant_id, bot.id, channel.id, now)
        offers = [Offer(month.id, "Месяц в клубе", month.price_minor, "month", 1, 30, 0.68), *shelf.plans()]
        codes = shelf.codes()
        crowd = Crowd(tenant_id, bot.id, channel.id, offers, now, DAYS, (0.8, 2.9), 11, codes)
        # The shop of today took all of it, so that its refunds can be asked for.
        for row in crowd.rows[Payment]:
            row["shop_id"] = bot.shop_id
        await write(session, {**shelf.rows, **crowd.in_order()})
        uses = [row for row in crowd.rows[Payment] if row["promo_code_id"]]
        await session.execute(insert(PromoCodeUse), [
            {
                "tenant_id": tenant_id, "payment_id": row["id"], "promo_code_id": row["promo_code_id"],
                "user_id": row["user_id"], "status": "used", "created_at": row["created_at"],
            } for row in uses
        ])  # fmt: skip
        for code in codes:
            count = sum(row["promo_code_id"] == code for row in uses)
            await session.execute(update(PromoCode).where(PromoCode.id == code).values(uses_count=count))
        hero = _choose_hero(crowd)
        await _disturb(session, crowd, now)
        await _label(session, crowd, hero, now)
        team = await _hire(session, crowd, owner_id, now)
        await _work(session, crowd, team, now)
        await _leave_trail(session, crowd, team, hero, now)
        more = await Happenings(session, crowd, hero, now).happen() | await Growth(session, crowd, hero, now).grow()
        more |= await Mailings(session, crowd, plan_id=month.id, code_id=codes[0], now=now).write()
        newest = next(row for row in reversed(crowd.rows[Payment]) if row["user_id"] == hero["id"])
    while await _close(database, tenant_id, now):
        pass
    return {
        "planId": str(month.id), "userId": str(hero["id"]), "paymentId": str(newest["id"]),
        "promoCodeId": str(codes[0]), "email": EMAIL, **more,
    }  # fmt: skip


async def _settle_story(session: TenantSession, month: Plan, *, began_at: datetime) -> None:
    """Make the story's one minute a month, so that its buyer is an ordinary subscriber."""
    month.title, month.description = "Месяц в клубе", "Закрытые посты, чат и два эфира в месяц."
    month.period_unit, month.created_at = PeriodUnit.MONTH, began_at
    await session.execute(update(Payment).values(is_test=False, description=month.title, period_unit="month"))
    await session.execute(
        update(User).where(User.first_name == "Алиса").values(last_name="Громова", username="alisa_g")
    )
    stranger = update(User).where(User.first_name == "Stranger")
    await session.execute(stranger.values(first_name="Thomas", last_name="Reed", username="tom_reed"))


def _choose_hero(crowd: Crowd) -> dict[str, Any]:
    """Return the person whose story is the longest and still goes on."""
    active = {row["user_id"] for row in crowd.rows[Subscription] if row["status"] == "active"}
    counts = {user_id: sum(row["user_id"] == user_id for row in crowd.rows[Payment]) for user_id in active}
    named = [row for row in crowd.rows[User] if row["id"] in active and row["username"] and row["locale"] == "ru"]
    return max(named, key=lambda row: (counts[row["id"]], str(row["id"])))


async def _disturb(session: TenantSession, crowd: Crowd, now: datetime) -> None:
    """Let some things go wrong: orders that wait or contradict, people who paid and are not inside."""
    buyers = [row["user_id"] for row in reversed(crowd.rows[Subscription]) if row["status"] == "active"]
    for user_id, state in zip(buyers[3:9:2], ("link_sent", "granted", "link_opened"), strict=True):
        await session.execute(update(Payment).where(Payment.user_id == user_id).values(delivery_state=state))
        outside = update(Membership).where(Membership.user_id == user_id)
        await session.execute(outside.values(actual="unknown", joined_at=None))
    left = update(Membership).where(Membership.user_id == buyers[12])
    await session.execute(left.values(actual="outside"))
    await session.execute(update(User).where(User.id == buyers[5]).values(blocked_bot_at=now - timedelta(hours=5)))
    free = [row for row in crowd.rows[User] if row["plan_seen_at"] is None][-4:]
    offer = crowd.offers[0]
    extra = Crowd(crowd.tenant_id, crowd.bot_id, crowd.channel_id, crowd.offers, now, 0, (0, 0), 23)
    for minutes, user, status in ((9, free[0], "pending"), (3, free[1], "pending"), (75, free[2], "quarantined")):
        is_odd = status == "quarantined"
        extra.order(
            user, offer, now - timedelta(minutes=minutes), is_paid=is_odd, status=status, settled_at=None,
            delivery_state="not_paid", cancellation_reason=None,
            quarantine_reason="amount_mismatch" if is_odd else None,
        )  # fmt: skip
    await session.execute(insert(Payment), extra.rows[Payment])


async def _label(session: TenantSession, crowd: Crowd, hero: dict[str, Any], now: datetime) -> None:
    people = [row["id"] for row in crowd.rows[User]]
    chosen = [*crowd.random.sample(people[-60:], 14), *crowd.random.sample(people, 20)]
    tags = {(crowd.random.choice(TAGS), user_id) for user_id in chosen} | {
        ("vip", hero["id"]),
        ("с начала", hero["id"]),
    }
    rows = [{"tenant_id": crowd.tenant_id, "tag": tag, "user_id": who, "created_at": now} for tag, who in sorted(tags)]
    await session.execute(insert(UserTag), rows)
    for user_id, note in zip((hero["id"], *chosen[:2]), NOTES, strict=True):
        await session.execute(update(User).where(User.id == user_id).values(note=note))


async def _hire(session: TenantSession, crowd: Crowd, owner_id: UUID, now: datetime) -> list[UUID]:
    """Add the team to its owner, and return everybody's id."""
    team = [owner_id]
    for name, email, role in TEAM:
        at = now - timedelta(days=120 - 20 * len(team))
        admin_id = crowd.id_at(at)
        team.append(admin_id)
        person = {"id": admin_id, "email": email, "name": name, "password_hash": None, "created_at": at}
        await session.execute(insert(Admin), [person])
        await session.execute(
            insert(TenantMember),
            [{"tenant_id": crowd.tenant_id, "admin_id": admin_id, "role": role, "created_at": at}],
        )
    return team


async def _work(session: TenantSession, crowd: Crowd, team: list[UUID], now: datetime) -> None:
    """Let the team work: an invitation, exports, a text, and what was set aside."""
    made = Crowd(crowd.tenant_id, crowd.bot_id, crowd.channel_id, crowd.offers, now, 0, (0, 0), 31)
    made.add(
        Invitation, now - timedelta(hours=30), email="anna.orlova@example.com", role="support", locale="ru",
        invited_by=team[0], expires_at=now + timedelta(days=5, hours=18), sent_at=now - timedelta(hours=30),
    )  # fmt: skip
    for hours, kind, form, status, done, total, size in (
        (26, "payments", "xlsx", "done", 612, 612, 74_311),
        (3, "subscribers", "csv_semicolon", "done", 341, 341, 48_220),
        (2, "payments", "csv", "failed", 200, 612, 0),
        (0.02, "subscribers", "xlsx", "running", 210, 341, 0),
    ):  # fmt: skip
        at = now - timedelta(hours=hours)
        made.add(
            Export, at, kind=kind, format=form, filters={}, columns=["first_name", "username"], locale="ru",
            time_zone="Europe/Moscow", status=status, rows_done=done, rows_total=total, size_bytes=size,
            requested_by=team[1 if hours > 10 else 0], expires_at=now + timedelta(hours=21),
            problem="write_failed" if status == "failed" else "", finished_at=None if status == "running" else at,
        )  # fmt: skip
    for hours, kind, error in (
        (5, "access.deliver", "Forbidden: bot was blocked by the user"),
        (20, "subscriptions.remind", "Forbidden: user is deactivated"),
        (31, "payments.check", "YooKassa: 401 invalid_credentials"),
    ):  # fmt: skip
        at = now - timedelta(hours=hours)
        made.add(
            Job, at, queue="default", kind=kind, payload={}, bot_id=crowd.bot_id, status="dead", run_at=at, attempts=12,
            last_error=error, finished_at=at + timedelta(minutes=40),
        )  # fmt: skip
    made.rows[BotMessage].append({
        "tenant_id": crowd.tenant_id, "id": made.id_at(now), "bot_id": crowd.bot_id, "key": "welcome", "locale": "ru",
        "text": WELCOME, "updated_at": now - timedelta(days=3),
    })  # fmt: skip
    await write(session, made.rows)


async def _leave_trail(
    session: TenantSession, crowd: Crowd, team: list[UUID], hero: dict[str, Any], now: datetime
) -> None:  # fmt: skip
    made = Crowd(crowd.tenant_id, crowd.bot_id, crowd.channel_id, crowd.offers, now, 0, (0, 0), 37)
    plan = crowd.offers[0].id
    for hours, who, action, subject, details in (
        (700, 0, "plan.created", plan, {"title": "Три месяца"}), (410, 0, "member.joined", None, {"role": "manager"}),
        (300, 1, "promo_codes.generated", None, {"count": 12}), (180, 0, "plan.changed", plan, {"price_minor": 49_900}),
        (96, 1, "bot_message.changed", None, {"key": "welcome", "locale": "ru"}),
        (80, 2, "user.tagged", hero["id"], {"tag": "vip"}), (54, 2, "user.noted", hero["id"], {}),
        (49, 2, "user.links_resent", hero["id"], {}), (31, 0, "export.requested", None, {"kind": "payments"}),
        (30, 0, "invitation.made", None, {"email": "anna.orlova@example.com", "role": "support"}),
        (22, 1, "promo_code.created", None, {"code": "BLACKFRIDAY"}), (6, 1, "channel.changed", None, {}),
        (4, 0, "shop.checked", crowd.bot_id, {}), (1, 2, "payment_notice.check_requested", None, {}),
    ):  # fmt: skip
        made.add(
            AuditEvent, now - timedelta(hours=hours), actor_kind="admin", actor_id=team[who], action=action,
            subject_id=subject, details=details,
        )  # fmt: skip
    await write(session, made.rows)


async def _close(database: Database, tenant_id: TenantId, now: datetime) -> bool:
    async with database.tenant(tenant_id) as session:
        return await close_days(session, now=now)


async def main() -> None:
    """Fill everything and say what is worth a look."""
    database, now = Database(os.environ["LUMENPAY_DATABASE_URL"]), datetime.now(UTC)  # noqa: TID251 - pictures of today
    values = await populate(database, TenantId(UUID(sys.argv[1])), now)
    await settle_neighbours(database, now)
    await database.close()
    print(json.dumps(values))


if __name__ == "__main__":
    asyncio.run(main())
