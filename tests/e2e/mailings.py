"""What the club of the pictures wrote to many at once: a draft, one that waits, one that goes out, one that did."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lumenpay.db.session import TenantSession
from lumenpay.models import User
from lumenpay.models.broadcasts import BroadcastOptOut, BroadcastRecipient, ScheduledBroadcast
from tests.e2e.crowd import Crowd, write

PHOTO = "AgACAgIAAxkBAAIBQ2c_klub_marii_efir"
STREAM = (
    "{name}, сегодня в <b>20:00</b> — эфир с психологом Ольгой Лебедевой.\n\n<blockquote>Как бросать начатое и "
    "начинать снова без чувства вины</blockquote>\nЗапись останется в клубе. Вопросы можно прислать заранее: "
    "<tg-spoiler>на лучшие отвечаем первыми</tg-spoiler>."
)
FRIDAY = (
    "🖤 <b>Чёрная пятница в клубе</b>\n\n{name}, до воскресенья три месяца стоят как два: <s>2\u00a0970\u00a0₽</s> "
    "1\u00a0990\u00a0₽.\nПромокод <code>OSEN20</code> уже в кнопке."
)
DIGEST = "<b>Что было в ноябре</b>\n\n{name}, собрали главное за месяц: два эфира, разбор и <i>двенадцать</i> постов."
SURVEY = "{name}, о чём поговорить в декабре? <u>Один вопрос</u>, минута времени."


class Mailings:
    """Adds broadcasts in every state to a crowd that is stored."""

    def __init__(self, session: TenantSession, crowd: Crowd, *, plan_id: UUID, code_id: UUID, now: datetime) -> None:
        """Begin with what the buttons of the messages lead to."""
        self.session, self.crowd, self.now = session, crowd, now
        self.plan_id, self.code_id = plan_id, code_id
        self.made = Crowd(crowd.tenant_id, crowd.bot_id, crowd.channel_id, crowd.offers, now, 0, (0, 0), 71)
        self.people = [row for row in crowd.rows[User] if row["blocked_bot_at"] is None]

    async def write(self) -> dict[str, str]:
        """Write them, and return the ids of what is worth a look."""
        told = self._finished()
        tomorrow_noon = (self.now + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
        for days, title in ((31, "Итоги октября"), (62, "Итоги сентября"), (75, "Осенний марафон: старт")):
            self._old(title, self.now - timedelta(days=days))
        scheduled = self._add(
            "Опрос перед декабрём", SURVEY, hours=30, category="events", status="scheduled",
            scheduled_at=tomorrow_noon, tested_at=self.now - timedelta(hours=29),
            buttons=[{"row": 0, "text": "Ответить", "url": "https://klub-marii.example/opros"}],
        )  # fmt: skip
        draft = self._add(
            "Чёрная пятница: три месяца по цене двух", FRIDAY, hours=2, category="offers", status="draft",
            segment={"query": "state=expired&locale=ru", "filters": {"state": "expired", "locale": "ru"}},
            buttons=[
                {"row": 0, "text": "Вернуться со скидкой", "promo_code_id": str(self.code_id)},
                {"row": 1, "text": "Тарифы", "plan_id": str(self.plan_id)},
                {"row": 1, "text": "Отзывы", "url": "https://t.me/klub_marii_otzyvy"},
            ],
        )  # fmt: skip
        running = self._running()
        rows = self.made.rows
        await write(self.session, {
            table: rows[table] for table in (ScheduledBroadcast, BroadcastRecipient, BroadcastOptOut)
        })  # fmt: skip
        return {
            "broadcastId": str(draft), "scheduledBroadcastId": str(scheduled), "runningBroadcastId": str(running),
            "toldBroadcastId": str(told),
        }  # fmt: skip

    def _running(self) -> UUID:
        """One that goes out. Nothing looks after it, so that it stays as it is while its picture is taken."""
        people = self.people[-320:]
        outcomes = [*("sent",) * 181, *("blocked",) * 6, *("failed",) * 2, *("waiting",) * (len(people) - 189)]
        at = self.now - timedelta(seconds=7)
        return self._send(
            "Эфир сегодня в 20:00", STREAM, at, people, outcomes, category="events", status="running",
            rate_per_minute=1_560, medium_kind="photo", medium=PHOTO,
            buttons=[{"row": 0, "text": "Задать вопрос", "url": "https://t.me/maria_club_bot"}],
        )  # fmt: skip

    def _finished(self) -> UUID:
        people = self.people[-300:]
        outcomes = [*("uncertain",) * 3, *("failed",) * 4, *("blocked",) * 17]
        outcomes += ["skipped", "skipped", *("sent",) * (len(people) - 26)]
        at = self.now - timedelta(days=4, hours=3)
        for person in people[24:26]:
            self.made.rows[BroadcastOptOut].append({
                "tenant_id": self.crowd.tenant_id, "user_id": person["id"], "category": "news", "created_at": at,
            })  # fmt: skip
        return self._send(
            "Что было в ноябре", DIGEST, at, people, outcomes, status="finished", finished_at=at + timedelta(seconds=14)
        )

    def _old(self, title: str, at: datetime) -> None:
        people = [row for row in self.people if row["created_at"] < at]
        outcomes = [*("sent",) * len(people)]
        self._send(title, DIGEST, at, people, outcomes, status="finished", finished_at=at + timedelta(seconds=9))

    def _send(
        self, title: str, text: str, at: datetime, people: list[dict[str, Any]], outcomes: list[str], **values: Any
    ) -> UUID:  # fmt: skip
        counts = {f"{state}_count": outcomes.count(state) for state in set(outcomes) - {"waiting"}}
        hours = (self.now - at) / timedelta(hours=1)
        made = self._add(
            title, text, hours=hours, tested_at=at, started_at=at, total_count=len(people), **counts, **values
        )
        reasons = {
            "failed": "Bad Request: wrong file identifier/HTTP URL specified", "blocked": "blocked",
            "uncertain": "no_answer", "skipped": "opted_out",
        }  # fmt: skip
        for number, (person, state) in enumerate(zip(people, outcomes, strict=True)):
            self.made.rows[BroadcastRecipient].append({
                "tenant_id": self.crowd.tenant_id, "broadcast_id": made, "user_id": person["id"], "state": state,
                "reason": reasons.get(state, ""),
                "changed_at": at if state == "waiting" else at + timedelta(milliseconds=38 * number),
            })  # fmt: skip
        return made

    def _add(self, title: str, text: str, *, hours: float, **values: Any) -> UUID:
        given = {
            "category": "news", "segment": {}, "buttons": [], "from_hour": 9, "until_hour": 21, "next_step_at": None,
            **values,
        }  # fmt: skip
        at = self.now - timedelta(hours=hours)
        return self.made.add(ScheduledBroadcast, at, bot_id=self.crowd.bot_id, title=title, text=text, **given)
