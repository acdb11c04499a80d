"""Coming by somebody's invitation link."""

from __future__ import annotations

from lumenpay.db.session import TenantSession
from lumenpay.models.users import User
from lumenpay.referrals.invitations import accept_invitation
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.promo_in_hand import drop_code, give_code
from tenants_worker.bot.views import invitations as views


async def come_invited(session: TenantSession, conversation: Conversation, user: User, payload: str) -> View | None:
    """Write down who invited a person; return what they are given, None where there is nothing to say."""
    invitation = await accept_invitation(session, user=user, payload=payload, now=conversation.worker.clock.now())
    if invitation is None or invitation.welcome is None:
        return None
    # In place of another code that they may have brought: the answer says that the prices have this one.
    drop_code(user)
    give_code(user, invitation.welcome.code)
    return await views.welcomed(session, user, invitation.welcome, bot_username=conversation.bot.username)
