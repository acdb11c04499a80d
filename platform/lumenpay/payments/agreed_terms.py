"""The terms that an order is made on: their words as /terms shows them then, kept once for all orders of a version."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.service import render
from lumenpay.models.bots import Bot
from lumenpay.models.messages import TermsVersion
from lumenpay.models.users import User


async def keep_terms_version(session: TenantSession, *, bot: Bot, user: User, now: datetime) -> str:
    """Return the version of the terms that a person can read now, whose words are kept for good."""
    variables = {"bot": bot.username}
    text = await render(session, bot_id=bot.id, key=MessageKey.TERMS, locale=user.locale, variables=variables)
    version = sha256(f"{user.locale}\n{text}".encode()).hexdigest()[:16]
    await session.execute(
        insert(TermsVersion)
        .values(tenant_id=session.tenant_id, version=version, locale=user.locale, text=text, created_at=now)
        .on_conflict_do_nothing()
    )
    return version
