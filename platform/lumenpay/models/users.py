"""Subscribers: the people who talk to a tenant's bot, and the labels that the tenant gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Computed, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, telegram_id_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId, UserId


class User(TenantOwned, Base):
    """A person as one bot knows them."""

    __tablename__ = "users"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        unique_in_tenant("bot_id", "telegram_id"),
        Index(None, "tenant_id", "created_at"),
        Index("ix_users_plan_seen_at", "tenant_id", "plan_seen_at", postgresql_where=text("plan_seen_at IS NOT NULL")),
        Index(None, "tenant_id", "source", "id"),
        Index("ix_users_met_imported", "tenant_id", "met_at", postgresql_where=text("source = 'import'")),
        # Behind the wall only `find_users_named` can use it.
        Index("ix_users_username", "tenant_id", "bot_id", text("lower(username)")),
        Index("ix_users_name", "tenant_id", "first_name", "last_name", "id"),
        Index("ix_users_blocked", "tenant_id", "id", postgresql_where=text("blocked_bot_at IS NOT NULL")),
        Index("ix_users_whitelisted", "tenant_id", "id", postgresql_where=text("is_whitelisted")),
        # Part of a word anywhere; behind the wall only `find_users_like` can use it.
        Index(
            "ix_users_search", "tenant_id", "search_text",
            postgresql_using="gin", postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )  # fmt: skip

    id: Mapped[UserId] = primary_id()
    bot_id: Mapped[BotId]
    telegram_id: Mapped[int] = telegram_id_column()
    first_name: Mapped[str] = mapped_column(String(128), default="", server_default="")
    last_name: Mapped[str] = mapped_column(String(128), default="", server_default="")
    username: Mapped[str | None] = mapped_column(String(64))
    language_code: Mapped[str | None] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(8), default="ru", server_default="ru")
    """Language of the bot's texts for this person: `ru` or `en`."""
    time_zone: Mapped[str | None] = mapped_column(String(64))
    """The IANA name that the person chose in the bot; without one, their day is the tenant's."""
    source: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Payload of the first /start; `ref` for whoever was invited."""
    last_source: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Payload of the latest /start that had one; an order keeps what it is then."""
    dialog: Mapped[dict[str, Any] | None]
    """What the bot waits for from this person, or nothing."""
    guesses_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Words that could have been an access code and were none, since `guessing_since_at`."""
    guessing_since_at: Mapped[datetime | None]
    is_whitelisted: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """May be in the channels without paying."""
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What the tenant's people remember about the person; the person never sees it."""
    search_text: Mapped[str] = mapped_column(
        Text,
        Computed(
            "lower(' ' || first_name || ' ' || last_name || ' @' || coalesce(username || ' ' || username, '') || ' ' "
            "|| telegram_id::text)",
            persisted=True,
        ),
        deferred=True,
    )
    """What a search looks in, in lower case, each word after a space."""
    met_at: Mapped[datetime | None] = mapped_column(server_default=text("now()"))
    """When the person first wrote to the bot; never, as far as is known, for who only stands on an imported list."""
    blocked_bot_at: Mapped[datetime | None]
    """Since when Telegram lets the bot not write to the person: `decide_reach` tells why."""
    plan_seen_at: Mapped[datetime | None]
    """When the bot first showed this person a plan, or took an order."""
    erasure_asked_at: Mapped[datetime | None]
    """Since when the person is to be forgotten: nothing is sold to them, and nobody writes to them."""
    erased_at: Mapped[datetime | None]
    """When they were: from then on `telegram_id` is a random number below zero, and nothing tells who it was."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class UserTag(TenantOwned, Base):
    """A label that the tenant gave a subscriber."""

    __tablename__ = "user_tags"
    __table_args__ = (within_tenant("user_id", "users", ondelete="CASCADE"), Index(None, "tenant_id", "user_id"))

    tag: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
