"""The referral programme as people see it: their own link, their welcome, and a reward that waits or is gone."""

from __future__ import annotations

from urllib.parse import urlencode

from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.service import render
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from lumenpay.models.referrals import Referral, RewardKind
from lumenpay.models.users import User
from lumenpay.referrals.repository import count_referrals
from lumenpay.referrals.rules import write_payload
from lumenpay.referrals.settings import find_settings
from lumenpay.telegram.facts import Button
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import caption
from tenants_worker.bot.texts.rewards import GIFT_FOR, reward_words, welcome_words
from tenants_worker.bot.views.menu import menu_buttons, name_of


async def own_link(session: TenantSession, user: User, *, bot_username: str) -> View:
    """Return a person's own link with what it brings and what came of it; or that there is no programme now."""
    terms = await find_settings(session, user.bot_id)
    if not terms.is_on:
        html = await render(
            session, bot_id=user.bot_id, key=MessageKey.REFERRAL_OFF, locale=user.locale, variables={}
        )  # fmt: skip
        return View(html, menu_buttons(user.locale))
    link = f"https://t.me/{bot_username}?start={write_payload(user.id)}"
    counts = await count_referrals(session, inviter_id=user.id)
    gifts = []
    if terms.reward_kind is not None and terms.reward_value is not None:
        words = reward_words(terms.reward_kind, terms.reward_value, user.locale)
        gifts.append(GIFT_FOR[user.locale]["you"].format(words))
    if terms.welcome_kind is not None and terms.welcome_value is not None:
        words = welcome_words(terms.welcome_kind, terms.welcome_value, user.locale)
        gifts.append(GIFT_FOR[user.locale]["friend"].format(words))
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.REFERRAL_INVITE, locale=user.locale,
        variables={
            "gifts": "\n".join(gifts), "link": link, "invited": str(counts.invited), "bought": str(counts.bought),
        },
    )  # fmt: skip
    share = Button(caption(user.locale, "share"), url=f"https://t.me/share/url?{urlencode({'url': link})}")
    return View(html, ((share,), (Button(caption(user.locale, "back"), data=callbacks.BUY),)))


async def welcomed(session: TenantSession, user: User, code: PromoCode, *, bot_username: str) -> View:
    """Return the welcome of somebody who was invited, with what they were given."""
    kind = RewardKind.DAYS if code.discount_kind == DiscountKind.EXTRA_DAYS else RewardKind.PERCENT
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.REFERRAL_WELCOME, locale=user.locale,
        variables={
            "name": name_of(user), "bot": f"@{bot_username}",
            "welcome": welcome_words(kind, code.discount_value, user.locale),
        },
    )  # fmt: skip
    return View(html, menu_buttons(user.locale))


async def rewarded(session: TenantSession, inviter: User, referral: Referral, code: PromoCode) -> View:
    """Return that a reward waits for the inviter's next payment."""
    html = await render(
        session, bot_id=inviter.bot_id, key=MessageKey.REFERRAL_CODE, locale=inviter.locale,
        variables={"reward": _reward(referral, inviter.locale, is_waiting=True), "code": code.code},
    )  # fmt: skip
    return View(html, ((Button(caption(inviter.locale, "buy"), data=callbacks.BUY),),))


async def taken_back(session: TenantSession, inviter: User, referral: Referral) -> View:
    """Return that a reward is gone with the purchase that it was for."""
    is_waiting = referral.reward_promo_code_id is not None
    html = await render(
        session, bot_id=inviter.bot_id, key=MessageKey.REFERRAL_TAKEN_BACK, locale=inviter.locale,
        variables={"reward": _reward(referral, inviter.locale, is_waiting=is_waiting)},
    )  # fmt: skip
    return View(html)


def _reward(referral: Referral, locale: str, *, is_waiting: bool) -> str:
    kind, value = RewardKind(referral.reward_kind or ""), referral.reward_value or 0
    return reward_words(kind, value, locale, is_waiting=is_waiting)
