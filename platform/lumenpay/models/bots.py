"""A tenant's bot with its sealed token, its webhook and the YooKassa shop that it sells through."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, LargeBinary, String, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, telegram_id_column
from lumenpay.models.ids import BotId


class BotStatus(StrEnum):
    """Whether the bot answers."""

    ACTIVE = "active"
    PAUSED = "paused"
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - a state, not a password
    DELETED = "deleted"


class ShopStatus(StrEnum):
    """Whether the bot can take money through YooKassa."""

    NOT_CONNECTED = "not_connected"
    ACTIVE = "active"
    REJECTED = "rejected"


class Bot(TenantOwned, Base):
    """One Telegram bot.

    `telegram_id` and the keyed hashes are unique over the whole platform: a bot has one owner, and a webhook address
    must lead to one bot. Whoever collides with them already holds the bot's token or a 192-bit random key.
    """

    __tablename__ = "bots"
    __table_args__ = (
        UniqueConstraint("telegram_id"),
        UniqueConstraint("webhook_key_hash"),
        UniqueConstraint("notice_key_hash"),
        # Which keys are in use is asked at the start of every process.
        Index(None, "token_key_id"),
        Index(None, "webhook_key_id"),
        Index(None, "shop_key_id"),
        Index("ix_bots_reconcile_at", "reconcile_at", postgresql_where=text("shop_status = 'active'")),
        Index(
            "ix_bots_stars_reconcile_at", "stars_reconcile_at",
            postgresql_where=text("stars_reconcile_at IS NOT NULL"),
        ),
        Index("ix_bots_shop_checked_at", "shop_checked_at", postgresql_where=text("shop_status = 'rejected'")),
        Index("ix_bots_refunds_swept_at", "refunds_swept_at", postgresql_where=text("shop_status = 'active'")),
    )  # fmt: skip

    id: Mapped[BotId] = primary_id()
    telegram_id: Mapped[int | None] = telegram_id_column()
    """Empty once the bot is deleted, so that it can be connected elsewhere."""
    former_telegram_id: Mapped[int | None] = mapped_column(BigInteger)
    """Of a deleted bot: where its own tenant connects it again, it goes on as this row."""
    username: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(128))
    status: Mapped[BotStatus] = status_column(BotStatus.ACTIVE)
    token_sealed: Mapped[str | None] = mapped_column(Text)
    token_key_id: Mapped[str | None] = mapped_column(String(16))
    token_hint: Mapped[str] = mapped_column(String(16), default="", server_default="")
    webhook_sealed: Mapped[str | None] = mapped_column(Text)
    """JSON with `key` (path of the webhook) and `secret` (its header)."""
    webhook_key_id: Mapped[str | None] = mapped_column(String(16))
    webhook_key_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    webhook_secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    webhook_set_at: Mapped[datetime | None]
    menu_digest: Mapped[str | None] = mapped_column(String(16))
    """Of the menu of commands that Telegram was given last; empty where nobody knows."""
    menu_due_at: Mapped[datetime | None]
    """When a menu that is out of date is set anew: a moment of the bot's own, once a day at most."""
    last_update_at: Mapped[datetime | None]
    health_code: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Empty when healthy, else what is wrong: `token_revoked`, `webhook_failed`, …"""
    health_changed_at: Mapped[datetime | None]
    health_told_code: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """What owners were told last, at `health_told_at`; empty where they know of nothing wrong."""
    health_told_at: Mapped[datetime | None]
    refused_chat_id: Mapped[int | None] = mapped_column(BigInteger)
    """Of the last chat in which the bot was made an admin and that could not become a channel; empty where none is."""
    refused_chat_title: Mapped[str | None] = mapped_column(String(256))
    refused_chat_reason: Mapped[str | None] = mapped_column(String(32))
    """The code of the error: `channel_unsuitable` or `limit_reached`."""
    shop_id: Mapped[str | None] = mapped_column(String(64))
    shop_status: Mapped[ShopStatus] = status_column(ShopStatus.NOT_CONNECTED)
    shop_is_test: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    shop_sealed: Mapped[str | None] = mapped_column(Text)
    """JSON with `secret_key` (YooKassa), `notice_key` (path of its notifications) and `former`: the secret keys of the
    shops before this one, by shop id, as long as orders are open there. Without `shop_id` there are only those."""
    shop_key_id: Mapped[str | None] = mapped_column(String(16))
    shop_key_hint: Mapped[str] = mapped_column(String(16), default="", server_default="")
    notice_key_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    shop_checked_at: Mapped[datetime | None]
    shop_notice_at: Mapped[datetime | None]
    """When the shop's first notification came: shows the owner that the address was pasted right."""
    shop_recurring_refused_at: Mapped[datetime | None]
    """When the gateway refused to save a payment method or to charge a saved one: it may not, until checked anew."""
    shop_fault: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Why a rejected shop sells nothing: `keys_refused`, `payments_forbidden`; empty where nothing is wrong."""
    shop_told_fault: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Of which fault owners were told last; empty where they know of nothing wrong."""
    reconcile_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """When the shop's list at the gateway is compared with our payments next: once a day, at a moment of its own."""
    stars_reconcile_at: Mapped[datetime | None]
    """When what Telegram lists of the bot's Stars is compared next, daily too; empty before its first order."""
    refunds_swept_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """Up to when the shop was asked for refunds that nobody told us of."""
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
