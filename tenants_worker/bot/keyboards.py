"""What buttons carry back, as types; they read and write exactly what `lumenpay.messages.callbacks` does."""

from __future__ import annotations

from uuid import UUID

from aiogram.filters.callback_data import CallbackData

from lumenpay.broadcasts.zones import Zone
from lumenpay.messages.consent import CONSENT_VERSION
from lumenpay.models.broadcasts import BroadcastCategory
from lumenpay.models.pauses import LeavingReason


class PlanCallback(CallbackData, prefix="plan"):
    """Show the card of a plan."""

    plan_id: UUID


class PromoCallback(CallbackData, prefix="promo"):
    """Ask for a promo code for a plan."""

    plan_id: UUID


class DropPromoCallback(CallbackData, prefix="nopromo"):
    """Show a plan without the promo code in hand."""

    plan_id: UUID


class PayCallback(CallbackData, prefix="pay"):
    """Pay for a plan on the shown terms."""

    plan_id: UUID
    terms: str


class OldPayCallback(CallbackData, prefix="pay"):
    """Pay for a plan: a button from before it carried the terms."""

    plan_id: UUID


class PayStarsCallback(CallbackData, prefix="st"):
    """Pay for a plan in Stars on the shown terms."""

    plan_id: UUID
    terms: str


class PayAndRenewCallback(CallbackData, prefix=f"ap{CONSENT_VERSION}"):
    """Pay for a plan on the shown terms, and agree to autopay; who agreed to older words is shown a fresh menu."""

    plan_id: UUID
    terms: str


class GiftCallback(CallbackData, prefix="gift"):
    """Show what a plan costs as a gift."""

    plan_id: UUID


class PayGiftCallback(CallbackData, prefix="gp"):
    """Pay for a gift on the shown terms."""

    plan_id: UUID
    terms: str


class PayGiftInStarsCallback(CallbackData, prefix="gs"):
    """Pay for a gift in Stars on the shown terms."""

    plan_id: UUID
    terms: str


class TakeGiftCallback(CallbackData, prefix="gtake"):
    """Take the gift that a link opens."""

    token: str


class AutopayOffCallback(CallbackData, prefix="apoff"):
    """Have a subscription not renewed by itself any more."""

    subscription_id: UUID


class AskPauseCallback(CallbackData, prefix="pask"):
    """Ask whether to pause a subscription."""

    subscription_id: UUID


class PauseCallback(CallbackData, prefix="pause"):
    """Pause a subscription."""

    subscription_id: UUID


class ResumeCallback(CallbackData, prefix="resume"):
    """Have a paused subscription run again."""

    subscription_id: UUID


class LeavingReasonCallback(CallbackData, prefix="why"):
    """Say why autopay was turned off."""

    leaving_id: UUID
    reason: LeavingReason


class WinBackCallback(CallbackData, prefix="wb"):
    """Show what a personal offer makes of the plans that it is good for."""

    offer_id: UUID


class WinBackOffCallback(CallbackData, prefix="wboff"):
    """Send the person no more offers after an end."""

    offer_id: UUID


class BroadcastOffCallback(CallbackData, prefix="bcoff"):
    """Send the person no more broadcasts of a kind."""

    category: BroadcastCategory


class BroadcastCallback(CallbackData, prefix="bc"):
    """Send the person broadcasts of a kind again, or no more of them."""

    category: BroadcastCategory
    is_wanted: bool


class ZoneCallback(CallbackData, prefix="zone"):
    """Have the person's day be that of a zone; without one, the tenant's."""

    zone: Zone | None = None


class OfferCallback(CallbackData, prefix="offer"):
    """Take what is offered to whoever turned autopay off, or decline it."""

    leaving_id: UUID
    is_taken: bool


class ListChangesCallback(CallbackData, prefix="cl"):
    """Show which plans a subscription can be changed to."""

    subscription_id: UUID


class QuoteChangeCallback(CallbackData, prefix="cq"):
    """Show what changing a subscription to a plan costs and keeps; both ids in one word."""

    ids: str


class ChangeCallback(CallbackData, prefix="cp"):
    """Change a subscription to a plan on the shown terms."""

    ids: str
    tag: str


class ChangeAndRenewCallback(CallbackData, prefix=f"c{CONSENT_VERSION}"):
    """Change on the shown terms, and agree to autopay; who agreed to older words is shown a fresh menu."""

    ids: str
    tag: str
