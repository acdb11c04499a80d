"""Pure rules of onboarding: which steps are done, what is wrong with the others, and which comes next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lumenpay.models.bots import BotStatus, ShopStatus


class StepCode(StrEnum):
    """A step, in the order in which they are taken."""

    EMAIL = "email"
    BOT = "bot"
    WEBHOOK = "webhook"
    SHOP = "shop"
    CHANNEL = "channel"
    PLAN = "plan"
    TEST_PURCHASE = "test_purchase"


class StepState(StrEnum):
    """How it stands with a step."""

    DONE = "done"
    TO_DO = "to_do"
    WAITING = "waiting"
    """Ours to do; a moment later it is done or failed."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is, of the tenant's first bot; nothing where there is no bot."""

    is_email_verified: bool | None
    """Empty where addresses are not verified at all."""
    bot_status: BotStatus | None = None
    health_code: str = ""
    is_webhook_set: bool = False
    shop_status: ShopStatus = ShopStatus.NOT_CONNECTED
    is_shop_test: bool = False
    missing_rights: tuple[tuple[str, ...], ...] = ()
    """For each channel what the bot lacks in it."""
    plans: int = 0
    plans_on_sale: int = 0
    """On sale, and people can be let into all channels of it."""
    has_test_purchase: bool = False
    has_purchase: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A step; `reason` says what exactly is so, in a code that the hints explain."""

    code: StepCode
    state: StepState
    reason: str
    missing_rights: tuple[str, ...] = ()


def list_steps(standing: Standing) -> list[Step]:
    """Return every step in order."""
    steps = [_bot(standing), _webhook(standing), _shop(standing), _channel(standing), _plan(standing)]
    if standing.is_email_verified is not None:
        is_done = standing.is_email_verified
        email = _done(StepCode.EMAIL, "email_verified") if is_done else _to_do(StepCode.EMAIL, "email_not_verified")
        steps.insert(0, email)
    return [*steps, _purchase(standing)]


def find_next(steps: list[Step]) -> StepCode | None:
    """Return the first step that is not done; nothing when people can buy."""
    return next((step.code for step in steps if step.state is not StepState.DONE), None)


def _done(code: StepCode, reason: str) -> Step:
    return Step(code, StepState.DONE, reason)


def _to_do(code: StepCode, reason: str) -> Step:
    return Step(code, StepState.TO_DO, reason)


def _bot(standing: Standing) -> Step:
    if standing.bot_status is None:
        return _to_do(StepCode.BOT, "bot_missing")
    if standing.bot_status is BotStatus.PAUSED:
        return Step(StepCode.BOT, StepState.FAILED, "bot_paused")
    if standing.bot_status is BotStatus.TOKEN_REVOKED:
        return Step(StepCode.BOT, StepState.FAILED, "token_revoked")
    return _done(StepCode.BOT, "bot_connected")


def _webhook(standing: Standing) -> Step:
    if standing.bot_status is None:
        return _to_do(StepCode.WEBHOOK, "bot_missing")
    if standing.health_code:
        return Step(StepCode.WEBHOOK, StepState.FAILED, "webhook_unhealthy")
    if standing.is_webhook_set:
        return _done(StepCode.WEBHOOK, "webhook_set")
    return Step(StepCode.WEBHOOK, StepState.WAITING, "webhook_waiting")


def _shop(standing: Standing) -> Step:
    if standing.shop_status is ShopStatus.REJECTED:
        return Step(StepCode.SHOP, StepState.FAILED, "shop_keys_refused")
    if standing.shop_status is ShopStatus.NOT_CONNECTED:
        return _to_do(StepCode.SHOP, "shop_missing")
    return _done(StepCode.SHOP, "shop_test" if standing.is_shop_test else "shop_live")


def _channel(standing: Standing) -> Step:
    if not standing.missing_rights:
        return _to_do(StepCode.CHANNEL, "channel_missing")
    least = min(standing.missing_rights, key=len)
    if not least:
        return _done(StepCode.CHANNEL, "channel_ready")
    return Step(StepCode.CHANNEL, StepState.FAILED, "rights_missing", least)


def _plan(standing: Standing) -> Step:
    if standing.plans_on_sale:
        return _done(StepCode.PLAN, "plan_on_sale")
    return _to_do(StepCode.PLAN, "plan_not_on_sale" if standing.plans else "plan_missing")


def _purchase(standing: Standing) -> Step:
    if standing.has_test_purchase:
        return _done(StepCode.TEST_PURCHASE, "test_purchase_done")
    if standing.has_purchase:
        return _done(StepCode.TEST_PURCHASE, "purchase_done")
    return _to_do(StepCode.TEST_PURCHASE, "purchase_missing")
