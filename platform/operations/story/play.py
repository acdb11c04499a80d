"""The story's steps, in order; each says what a person would see, and breaks the story when it does not hold."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from operations.story.chat import Phone, find_button
from operations.story.doors import Doors, StoryBrokenError, wait_for

GOOD_CARD = "5555555555554477"
PERIOD = timedelta(minutes=1)
REMINDER_SECONDS = 20
Step = tuple[str, Callable[["Story"], Awaitable[str]]]


class Story:
    """What is known as the story goes on."""

    def __init__(self, doors: Doors) -> None:
        """Begin with nothing."""
        self.doors = doors
        self.tenant = ""
        self.bot: dict[str, Any] = {}
        self.telegram_bot: dict[str, Any] = {}
        self.channel: dict[str, Any] = {}
        self.chat_id = 0
        self.owner_id = 0
        self.entry_link = ""
        self.ends_at = ""
        self.buyer: Phone
        self.stranger: Phone
        self.email = f"owner-{secrets.token_hex(3)}@lumenpay.example"
        self.password = secrets.token_urlsafe(12)

    def path(self, rest: str) -> str:
        """Return an address inside the tenant."""
        return f"/tenants/{self.tenant}{rest}"

    async def find_member(self, user_id: int) -> str:
        """Return a person's status in the channel."""
        channel = await self.doors.telegram("GET", f"/channels/{self.chat_id}")
        return next((item["status"] for item in channel["members"] if item["user_id"] == user_id), "left")

    def find_end(self) -> datetime:
        """Return when the subscription ends; aware UTC."""
        return datetime.fromisoformat(self.ends_at)

    async def subscription(self) -> dict[str, Any]:
        """Return the newest subscription as the owner sees it."""
        found = await self.doors.product("GET", self.path("/subscriptions"))
        if not found["items"]:
            raise StoryBrokenError("the owner sees no subscription")
        return dict(found["items"][0])


async def sign_up(story: Story) -> str:
    """The owner asks for an account, follows the link in the letter, and makes a tenant."""
    account = {"email": story.email, "password": story.password, "name": "Мария"}
    await story.doors.product("POST", "/auth/sign-up", account)

    async def look() -> str | None:
        found = await story.doors.mail("GET", f"/letters?to={story.email}")
        return next((link for letter in found["letters"] for link in letter["links"]), None)

    # The workers may still be importing their libraries.
    link = await wait_for("the letter", look, seconds=90)
    proof = {"token": link.partition("#token=")[2], "password": story.password}
    await story.doors.product("POST", "/auth/verify-email", proof)
    tenant = await story.doors.product(
        "POST", "/tenants", {"name": "Клуб Марии", "reminder_offsets_seconds": [REMINDER_SECONDS]}
    )
    story.tenant = tenant["id"]
    return story.email


async def connect_bot(story: Story) -> str:
    """The owner asks BotFather for a bot and pastes the token; Telegram gets our webhook."""
    owner = await story.doors.telegram("POST", "/users", {"first_name": "Мария", "language_code": "ru"})
    story.owner_id = owner["id"]
    username = f"club_{secrets.token_hex(3)}_bot"
    made = {"name": "Клуб", "username": username, "owner_user_id": story.owner_id}
    story.telegram_bot = await story.doors.telegram("POST", "/bots", made)
    pasted = f"Done! Use this token to access the HTTP API:\n{story.telegram_bot['token']}\nKeep your token secure."
    story.bot = await story.doors.product("POST", story.path("/bots"), {"token": pasted})

    async def look() -> bool:
        bot = await story.doors.product("GET", story.path(f"/bots/{story.bot['id']}"))
        return bot["webhook_set_at"] is not None and not bot["health_code"]

    # The first job of all: the workers may still be importing their libraries.
    await wait_for("the webhook to be set", look, seconds=90)
    return f"@{username}"


async def connect_shop(story: Story) -> str:
    """The owner pastes the shop's keys, and our address into the shop's cabinet."""
    shop = await story.doors.yookassa("POST", "/shops", {"name": "Клуб Марии", "test": True})
    keys = {"shop_id": str(shop["shop_id"]), "secret_key": shop["secret_key"]}
    connected = await story.doors.product("PUT", story.path(f"/bots/{story.bot['id']}/shop"), keys)
    address = {"url": connected["notification_url"]}
    await story.doors.yookassa("PUT", f"/shops/{shop['shop_id']}/notification-url", address)
    return f"shop {shop['shop_id']}, {'test' if connected['is_test'] else 'live'}"


async def connect_channel(story: Story) -> str:
    """The owner makes the bot an admin of a channel; it appears by itself with its exact rights."""
    made = {"title": "Закрытый клуб", "owner_user_id": story.owner_id, "type": "channel"}
    story.chat_id = (await story.doors.telegram("POST", "/channels", made))["id"]
    await story.doors.telegram("PUT", f"/channels/{story.chat_id}/admins/{story.telegram_bot['id']}", {})

    async def look() -> dict[str, Any] | None:
        found = await story.doors.product("GET", story.path("/channels"))
        return next((item for item in found["items"] if item["status"] == "active"), None)

    story.channel = await wait_for("the channel to appear", look, seconds=20)
    return str(story.channel["title"])


async def make_plan(story: Story) -> str:
    """The owner makes a plan of one minute, so that the whole life of a subscription can be watched."""
    plan = await story.doors.product(
        "POST",
        story.path("/plans"),
        {
            "bot_id": story.bot["id"], "title": "Клуб на минуту", "description": "Всё, что в клубе.",
            "price_minor": 49_900, "period_unit": "minute", "period_count": 1, "channel_ids": [story.channel["id"]],
        },
    )  # fmt: skip
    return f"{plan['title']}, {plan['price']['amount_minor'] / 100:.0f} {plan['price']['currency']}"


async def start_bot(story: Story) -> str:
    """Two people meet the bot."""
    names = (("Алиса", "ru"), ("Stranger", "en"))
    people = [
        await story.doors.telegram("POST", "/users", {"first_name": name, "language_code": language})
        for name, language in names
    ]
    bot_id = story.telegram_bot["id"]
    story.buyer, story.stranger = (Phone(story.doors, person["id"], bot_id) for person in people)
    await story.stranger.ask("/start", "Hello")
    await story.buyer.ask("/start", "Здравствуйте", "Алиса")
    return "the bot greets in Russian and in English"


async def buy(story: Story) -> str:
    """The buyer chooses the plan, gets a payment link and pays; the bot writes by itself, with a personal link."""
    last = max(item["message_id"] for item in await story.buyer.messages())
    await _pay(story)
    await _see_notice(story)
    receipt = await story.buyer.read("✅", after=last)
    story.entry_link = str(find_button(receipt, "Войти")["url"])
    story.ends_at = (await story.subscription())["ends_at"]
    return f"paid, notification handled, given {story.entry_link}"


async def _see_notice(story: Story) -> None:
    # Our polling alone would find the purchase too: the step is about the notification.
    async def look() -> bool:
        shop = await story.doors.product("GET", story.path(f"/bots/{story.bot['id']}/shop"))
        handled = await story.doors.product("GET", story.path("/payments/notices?status=handled"))
        return shop["first_notice_at"] is not None and handled["total"] > 0

    await wait_for("the notification of the payment to be handled", look, seconds=20)


async def _pay(story: Story) -> None:
    plans = await story.buyer.ask("/buy", "Выберите тариф")
    await story.buyer.press(plans, "Клуб на минуту")
    card = await story.buyer.read("Цена")
    await story.buyer.press(card, "Оплатить")
    link = await story.buyer.read("К оплате", after=card["message_id"] - 1)
    gateway_id = str(find_button(link, "Оплатить")["url"]).rstrip("/").rpartition("/")[2].partition("?")[0]
    await story.doors.yookassa("POST", f"/payments/{gateway_id}/pay", {"card": GOOD_CARD})


async def join(story: Story) -> str:
    """The buyer asks to join and is let in at once."""
    outcome = await story.buyer.join(story.entry_link)
    if outcome not in ("requested", "joined"):
        raise StoryBrokenError(f"the link answered: {outcome}")

    async def look() -> bool:
        return await story.find_member(story.buyer.user_id) == "member"

    await wait_for("the buyer to be inside", look, seconds=20)

    async def look_delivered() -> bool:
        found = await story.doors.product("GET", story.path("/payments?delivery_state=joined"))
        return bool(found["total"])

    await wait_for("the order to be delivered", look_delivered, seconds=20)
    return "inside; the owner sees the order as joined"


async def refuse_stranger(story: Story) -> str:
    """Somebody else tries the same link and stays outside."""
    await story.stranger.join(story.entry_link)

    async def look() -> bool:
        found = await story.doors.product("GET", story.path("/access-logs"))
        return any(
            item["action"] == "request_declined" and item["telegram_id"] == story.stranger.user_id
            for item in found["items"]
        )

    await wait_for("the stranger to be declined", look, seconds=20)
    if await story.find_member(story.stranger.user_id) == "member":
        raise StoryBrokenError("the stranger is inside")
    return "declined"


async def show_status(story: Story) -> str:
    """The buyer asks until when access lasts."""
    answer = await story.buyer.ask("/status", "Клуб на минуту", "осталось")
    find_button(answer, "Прислать ссылки")
    return str(answer["text"]).splitlines()[-1]


async def renew(story: Story) -> str:
    """The buyer pays again before the end: the new minute is added to what is left."""
    last = max(item["message_id"] for item in await story.buyer.messages())
    await _pay(story)
    await story.buyer.read("✅", after=last)
    renewed = (await story.subscription())["ends_at"]
    if datetime.fromisoformat(renewed) - datetime.fromisoformat(story.ends_at) != PERIOD:
        raise StoryBrokenError(f"{story.ends_at} became {renewed}")
    story.ends_at = renewed
    return "exactly one minute more"


async def remind(story: Story) -> str:
    """The bot reminds in time."""
    message = await story.buyer.read("⏳", seconds=PERIOD.total_seconds() * 2 + 10)
    find_button(message, "Продлить")
    return str(message["text"]).splitlines()[0]


async def expire(story: Story) -> str:
    """The time is over: the buyer is told and taken out, without a ban."""
    await story.buyer.read("закончилась", "доступ закрыт", seconds=PERIOD.total_seconds() + 10)

    async def look() -> bool:
        return await story.find_member(story.buyer.user_id) == "left"

    await wait_for("the buyer to be outside", look, seconds=20)
    return "told, taken out, not banned"


async def buy_again(story: Story) -> str:
    """The buyer can come back at any time."""
    last = max(item["message_id"] for item in await story.buyer.messages())
    await _pay(story)
    receipt = await story.buyer.read("✅", after=last)
    await story.buyer.join(str(find_button(receipt, "Войти")["url"]))

    async def look() -> bool:
        return await story.find_member(story.buyer.user_id) == "member"

    await wait_for("the buyer to be back inside", look, seconds=20)
    return "paid and inside again"


STEPS: tuple[Step, ...] = (
    ("The owner signs up", sign_up),
    ("connects a bot", connect_bot),
    ("connects a YooKassa shop", connect_shop),
    ("makes the bot admin of a channel", connect_channel),
    ("makes a plan", make_plan),
    ("People say /start", start_bot),
    ("One says /buy and pays; the notification comes", buy),
    ("asks to join and is let in", join),
    ("A stranger with the same link is refused", refuse_stranger),
    ("/status tells until when", show_status),
    ("A renewal adds to what is left", renew),
    ("The bot reminds before the end", remind),
    ("At the end the subscriber is told and removed", expire),
    ("and can buy again", buy_again),
)

WAITS: dict[str, Callable[[Story], datetime | None]] = {
    "The bot reminds before the end": lambda story: story.find_end() - timedelta(seconds=REMINDER_SECONDS),
    "At the end the subscriber is told and removed": lambda story: story.find_end(),
}
"""Until when a step only waits, for those that do."""
