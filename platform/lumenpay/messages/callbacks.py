"""What the bot's buttons carry back, shared by the handlers and by the jobs that send messages (up to 64 bytes)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from lumenpay.messages.consent import CONSENT_VERSION

BUY = "buy"
STATUS = "status"
CHANNELS = "channels"
LINKS = "links"
INVITE = "invite"
"""Show the person's own invitation link."""
RECEIPT = "receipt"
"""Ask where receipts are to go from now on."""
FORGET_RECEIPT = "noreceipt"
FORGET_ME = "forgetme"
"""Ask once more whether the person is to be forgotten."""
FORGET_ME_YES = "forgetmeyes"
COPY_OF_DATA = "mydata"
"""Send the person all that is stored about them."""

BROADCASTS = "broadcasts"
"""Show which kinds of broadcasts are sent to the person."""
TIME_ZONES = "zones"
"""Show the zones of which a person can choose theirs."""


def plan(plan_id: UUID) -> str:
    """Show the card of a plan."""
    return f"plan:{plan_id}"


def promo(plan_id: UUID) -> str:
    """Ask for a promo code for a plan."""
    return f"promo:{plan_id}"


def drop_promo(plan_id: UUID) -> str:
    """Show a plan without the promo code in hand."""
    return f"nopromo:{plan_id}"


def pay(plan_id: UUID, terms: str) -> str:
    """Pay for a plan on the shown terms (`tag_offer`, 22 bytes at most)."""
    return f"pay:{plan_id}:{terms}"


def pay_stars(plan_id: UUID, terms: str) -> str:
    """Pay for a plan in Stars on the shown terms."""
    return f"st:{plan_id}:{terms}"


def pay_and_renew(plan_id: UUID, terms: str) -> str:
    """Pay for a plan on the shown terms, and agree to the shown words about autopay."""
    return f"ap{CONSENT_VERSION}:{plan_id}:{terms}"


def gift(plan_id: UUID) -> str:
    """Show what a plan costs as a gift."""
    return f"gift:{plan_id}"


def pay_gift(plan_id: UUID, terms: str) -> str:
    """Pay for a gift on the shown terms."""
    return f"gp:{plan_id}:{terms}"


def pay_gift_in_stars(plan_id: UUID, terms: str) -> str:
    """Pay for a gift in Stars on the shown terms."""
    return f"gs:{plan_id}:{terms}"


def take_gift(token: str) -> str:
    """Take the gift that a link opens."""
    return f"gtake:{token}"


def turn_off_autopay(subscription_id: UUID) -> str:
    """Have a subscription not renewed by itself any more."""
    return f"apoff:{subscription_id}"


def ask_pause(subscription_id: UUID) -> str:
    """Ask whether to pause a subscription."""
    return f"pask:{subscription_id}"


def pause_now(subscription_id: UUID) -> str:
    """Pause a subscription."""
    return f"pause:{subscription_id}"


def resume(subscription_id: UUID) -> str:
    """Have a paused subscription run again."""
    return f"resume:{subscription_id}"


def leaving_reason(leaving_id: UUID, reason: str) -> str:
    """Say why autopay was turned off."""
    return f"why:{leaving_id}:{reason}"


def take_win_back(offer_id: UUID) -> str:
    """Show what a personal offer makes of the plans that it is good for."""
    return f"wb:{offer_id}"


def stop_win_backs(offer_id: UUID) -> str:
    """Send the person no more offers after an end."""
    return f"wboff:{offer_id}"


def stop_broadcasts(category: str) -> str:
    """Send the person no more broadcasts of a kind."""
    return f"bcoff:{category}"


def switch_broadcasts(category: str, *, is_wanted: bool) -> str:
    """Send the person broadcasts of a kind again, or no more of them."""
    return f"bc:{category}:{int(is_wanted)}"


def choose_zone(zone: str | None) -> str:
    """Have the person's day be that of a zone; without one, the tenant's."""
    return f"zone:{zone or ''}"


def answer_offer(leaving_id: UUID, *, is_taken: bool) -> str:
    """Take what is offered to whoever turned autopay off, or decline it."""
    return f"offer:{leaving_id}:{int(is_taken)}"


def list_changes(subscription_id: UUID) -> str:
    """Show which plans a subscription can be changed to."""
    return f"cl:{subscription_id}"


def quote_change(subscription_id: UUID, plan_id: UUID) -> str:
    """Show what changing a subscription to a plan costs and keeps."""
    return f"cq:{_ids(subscription_id, plan_id)}"


def change(subscription_id: UUID, plan_id: UUID, tag: str) -> str:
    """Change a subscription to a plan on the shown terms (`tag_change`, 13 bytes at most)."""
    return f"cp:{_ids(subscription_id, plan_id)}:{tag}"


def change_and_renew(subscription_id: UUID, plan_id: UUID, tag: str) -> str:
    """Change a subscription on the shown terms, and agree to the shown words about autopay."""
    return f"c{CONSENT_VERSION}:{_ids(subscription_id, plan_id)}:{tag}"


def read_ids(text: str) -> tuple[UUID, UUID] | None:
    """Return the two ids that a button carries packed together; nothing where they are none."""
    try:
        packed = urlsafe_b64decode(text + "=")
        return UUID(bytes=packed[:16]), UUID(bytes=packed[16:])
    except ValueError:
        return None


def _ids(*ids: UUID) -> str:
    # Written out, two of them would not fit.
    return urlsafe_b64encode(b"".join(one.bytes for one in ids)).decode().rstrip("=")
