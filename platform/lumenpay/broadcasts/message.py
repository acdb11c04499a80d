"""What one person is sent: the text with their name, and buttons that lead where they should."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select

from lumenpay.broadcasts.rules import Content, arrange, limit_of, load_button
from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.formatting import format_until
from lumenpay.messages.rules import fill_in
from lumenpay.models.bots import Bot
from lumenpay.models.broadcasts import BroadcastCategory, MediumKind, ScheduledBroadcast
from lumenpay.models.plans import Plan
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.telegram.bulk import Medium
from lumenpay.telegram.facts import Button, Buttons
from lumenpay.tenants.repository import get_own_tenant

OPT_OUT: Final[Mapping[str, str]] = {"ru": "🔕 Не присылать такое", "en": "🔕 No more of these"}
_NAMELESS: Final[Mapping[str, str]] = {"ru": "друг", "en": "friend"}


class Reader(NamedTuple):
    """Whom a message is for."""

    name: str
    locale: str
    plan: str = ""
    """The title of what they are subscribed to; empty without a running subscription."""
    ends_at: datetime | None = None
    """When that ends; nothing for a lifetime."""


@dataclass(frozen=True, slots=True)
class Template:
    """A broadcast's message before it is anybody's, with the addresses of its plans and promo codes."""

    content: Content
    category: BroadcastCategory
    links: Mapping[UUID, str]
    time_zone: str

    def write(self, reader: Reader) -> tuple[str, Medium | None, Buttons]:
        """Return the text as Telegram HTML, the medium above it and the buttons under it."""
        return self.write_text(reader), self.medium, self.buttons_in(reader.locale)

    def write_text(self, reader: Reader) -> str:
        """Return the text as Telegram HTML."""
        return fill_in(self.content.text, self._variables(reader), limit=limit_of(self.content.medium_kind))

    @property
    def medium(self) -> Medium | None:
        """What stands above the text."""
        kind, source = self.content.medium_kind, self.content.medium
        return None if kind is None or source is None else Medium(kind.value, source)

    def buttons_in(self, locale: str) -> Buttons:
        """Return the buttons under the text, the way out of such messages last, in the reader's language."""
        rows = tuple(
            tuple(
                Button(
                    button.text, url=button.url or self.links.get(button.plan_id or button.promo_code_id or UUID(int=0))
                )
                for button in row
            )
            for row in arrange(self.content.buttons)
        )
        return (*rows, (Button(OPT_OUT[locale], data=callbacks.stop_broadcasts(self.category.value)),))

    def _variables(self, reader: Reader) -> dict[str, str]:
        content = self.content
        values = {"name": reader.name or content.name_fallback or _NAMELESS[reader.locale]}
        if content.names_subscription:
            until = format_until(reader.ends_at, time_zone=self.time_zone, locale=reader.locale)
            values["plan"] = reader.plan or content.plan_fallback
            values["paid_until"] = until if reader.plan else content.paid_until_fallback
        return values


async def read_reader(session: TenantSession, user: User) -> Reader:
    """Return a subscriber as a reader, with what they are subscribed to longest."""
    found = await session.execute(
        select(Plan.title, Subscription.ends_at)
        .join(Subscription, (Subscription.tenant_id == Plan.tenant_id) & (Subscription.plan_id == Plan.id))
        .where(
            Plan.tenant_id == session.tenant_id, Subscription.user_id == user.id,
            Subscription.status == SubscriptionStatus.ACTIVE,
        )
        .order_by(Subscription.ends_at.desc().nulls_first())
        .limit(1)
    )  # fmt: skip
    plan, ends_at = found.one_or_none() or ("", None)
    return Reader(user.first_name or user.username or "", user.locale, plan, ends_at)


def content_of(broadcast: ScheduledBroadcast) -> Content:
    """Return what a broadcast says."""
    kind = None if broadcast.medium_kind is None else MediumKind(broadcast.medium_kind)
    buttons = tuple(load_button(stored) for stored in broadcast.buttons)
    fallbacks = (broadcast.name_fallback, broadcast.plan_fallback, broadcast.paid_until_fallback)
    return Content(broadcast.text, kind, broadcast.medium, buttons, *fallbacks)


async def load_template(session: TenantSession, broadcast: ScheduledBroadcast, bot: Bot) -> Template:
    """Return a broadcast's message; buttons to what was deleted meanwhile lead to the bot itself."""
    content = content_of(broadcast)
    here = f"https://t.me/{bot.username}"
    plan_ids = {button.plan_id for button in content.buttons if button.plan_id}
    code_ids = {button.promo_code_id for button in content.buttons if button.promo_code_id}
    links = dict.fromkeys(plan_ids | code_ids, here)
    if plan_ids:
        plans = await session.execute(
            select(Plan.id, Plan.access_code).where(Plan.tenant_id == session.tenant_id, Plan.id.in_(plan_ids))
        )
        for plan_id, code in plans:
            links[plan_id] = f"{here}?start=" + (f"plan_{plan_id}" if code is None else f"code_{code}")
    if code_ids:
        codes = await session.execute(
            select(PromoCode.id, PromoCode.code).where(
                PromoCode.tenant_id == session.tenant_id, PromoCode.id.in_(code_ids)
            )
        )
        links |= {code_id: f"{here}?start=promo_{code}" for code_id, code in codes}
    zone = (await get_own_tenant(session)).time_zone
    return Template(content, BroadcastCategory(broadcast.category), links, zone)


def preview_message(content: Content, reader: Reader, *, time_zone: str) -> tuple[str, list[list[str]]]:
    """Return what somebody would be sent, and the captions of the buttons under it, row by row."""
    html, _, buttons = Template(content, BroadcastCategory.NEWS, {}, time_zone).write(reader)
    return html, [[button.text for button in row] for row in buttons]
