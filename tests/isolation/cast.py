"""The cast: tenant Alpha with Alice (owner) and Bob (support), tenant Beta with Charlie, who must see nothing of Alpha.

Both tenants have a row in every tenant-owned table, and equal values wherever a value is not unique over the platform,
so that a key across tenants would show. Every text of a tenant carries its mark.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import text, update

from lumenpay.admins.passwords import hash_password
from lumenpay.admins.service import list_sessions, open_session
from lumenpay.bots import secrets as bot_secrets
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.accounts import AdminIdentity
from lumenpay.models.admins import Admin
from lumenpay.models.bots import Bot
from lumenpay.models.ids import AdminId, TenantId
from lumenpay.models.inbox import InboxStatus, PaymentNotice, TelegramUpdate
from lumenpay.models.tenants import Role
from lumenpay.models.webhooks import WebhookEndpoint
from lumenpay.webhooks.secrets import give_secret
from tests.isolation.rows import rows_of

PASSWORD = "a long enough passphrase"
_numbers = itertools.count(1)
_hashes: dict[str, str] = {}


@dataclass
class Person:
    """Somebody who is logged in."""

    admin_id: AdminId
    email: str
    session_id: UUID
    token: str = field(repr=False)


@dataclass
class Side:
    """A tenant and the ids of its rows, by the name that the API gives them."""

    mark: str
    ids: dict[str, UUID]
    people: dict[Role, Person]
    bot_token: str = field(default="", repr=False)

    @property
    def tenant_id(self) -> TenantId:
        return TenantId(self.ids["tenant_id"])

    @property
    def owner(self) -> Person:
        return self.people[Role.OWNER]


@dataclass
class Seeder:
    """Writes a tenant with a row in every table, through the application's role."""

    database: Database
    ring: KeyRing
    now: datetime

    async def person(self, name: str) -> Person:
        """Make a person with a session."""
        if PASSWORD not in _hashes:
            _hashes[PASSWORD] = await hash_password(PASSWORD)
        admin_id, email = AdminId(new_uuid7()), f"{name.lower()}-{next(_numbers)}@example.com"
        async with unscoped_session(self.database) as session:
            session.add(
                Admin(id=admin_id, email=email, name=name, password_hash=_hashes[PASSWORD], created_at=self.now)
            )
        token = await open_session(self.database, admin_id, user_agent=f"{name} browser", now=self.now)
        found = await list_sessions(self.database, admin_id, now=self.now)
        return Person(admin_id, email, found[0].id, token.reveal())

    async def side(
        self, mark: str, people: dict[Role, str], *, token: str = "", shop_id: str = "100", secret_key: str = ""
    ) -> Side:
        """Make a tenant in which everything exists."""
        named = {role: await self.person(f"{mark}{name}") for role, name in people.items()}
        token = token or f"{7_000_000 + next(_numbers)}:{'A' * 35}"
        side = Side(mark, {name: new_uuid7() for name in _IDS}, named, token)
        side.ids["session_id"], side.ids["admin_id"] = side.owner.session_id, side.owner.admin_id
        side.ids["actor_id"] = side.owner.admin_id
        side.ids["member_id"] = named.get(Role.SUPPORT, side.owner).admin_id
        side.ids["audience_plan_id"] = side.ids["plan_id"]
        await self._link(side)
        async with self.database.tenant(side.tenant_id) as session:
            for rows in rows_of(side, self.now, shop_id=shop_id):
                session.add_all(rows)
                if isinstance(rows[0], Bot):
                    self._seal(rows[0], token, shop_id, secret_key)
                for row in rows:
                    if isinstance(row, WebhookEndpoint):
                        give_secret(self.ring, row)
                await session.flush()
        await self._take_in(side)
        await self._set_aside(side)
        return side

    async def _link(self, side: Side) -> None:
        async with unscoped_session(self.database) as session:
            session.add(
                AdminIdentity(
                    id=side.ids["identity_id"], admin_id=side.owner.admin_id, provider="google",
                    subject=str(side.owner.admin_id), display_name=side.mark, created_at=self.now,
                )
            )  # fmt: skip

    def _seal(self, bot: Bot, token: str, shop_id: str, secret_key: str) -> None:
        bot.telegram_id = int(token.partition(":")[0])
        bot_secrets.seal_token(self.ring, bot, Secret(token))
        bot_secrets.renew_webhook(self.ring, bot)
        bot_secrets.seal_shop(self.ring, bot, shop_id=shop_id, secret_key=Secret(secret_key or f"live_{bot.id}"))

    async def _take_in(self, side: Side) -> None:
        # The application may not insert what comes from outside: the ingress does, through its functions.
        async with unscoped_session(self.database) as session:
            await session.execute(
                text("SELECT ingest_updates(:t, :b, ARRAY[7::bigint], ARRAY[1::smallint], :raw, :now)"),
                {"t": [side.tenant_id], "b": [side.ids["bot_id"]], "raw": [side.mark.encode()], "now": self.now},
            )
            await session.execute(
                text("SELECT ingest_notice(:t, :b, :n, :j, 'payment.succeeded', :mark, :raw, :now)"),
                {"t": side.tenant_id, "b": side.ids["bot_id"], "n": side.ids["notice_id"], "j": new_uuid7(),
                 "mark": f"{side.mark}-object", "raw": side.mark.encode(), "now": self.now},
            )  # fmt: skip

    async def _set_aside(self, side: Side) -> None:
        async with self.database.tenant(side.tenant_id) as session:
            for table in (TelegramUpdate, PaymentNotice):
                await session.execute(update(table).values(status=InboxStatus.QUARANTINED))


_IDS = (
    "invited_id", "tenant_id", "bot_id", "channel_id", "plan_id", "promo_code_id", "user_id", "payment_id",
    "subscription_id", "membership_id", "link_id", "job_id", "notice_id", "message_id", "broadcast_id", "export_id",
    "whole_export_id",
    "drive_id", "extension_id", "subject_id", "impersonation_id", "invitation_id", "identity_id", "batch_id",
    "reconciliation_id", "finding_id", "sweep_id", "refund_id", "receipt_id", "leaving_id", "import_id",
    "win_back_id", "campaign_id", "gift_id", "api_key_id",
    "webhook_endpoint_id", "webhook_event_id", "webhook_delivery_id",
)  # fmt: skip
