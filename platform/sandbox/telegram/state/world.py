"""Everything that exists in the sandbox's Telegram, and how to find it."""

from __future__ import annotations

import random
import secrets
from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.clock import Clock
from sandbox.faults import FaultPlan
from sandbox.telegram.limits import GENEROUS, BotBuckets, Limits
from sandbox.telegram.recorder import Recorder
from sandbox.telegram.state.messages import PrivateChat
from sandbox.telegram.state.users import Bot, User
from sandbox.telegram.updates.feed import UpdateFeed

if TYPE_CHECKING:
    from sandbox.telegram.state.channels import Channel
    from sandbox.telegram.state.invoices import InvoiceLink, PreCheckout, StarPayment, StarSubscription, StarTransaction
    from sandbox.telegram.state.queries import CallbackQuery
    from sandbox.telegram.updates.delivery import Courier

FIRST_USER_ID, FIRST_BOT_ID, FIRST_CHANNEL_ID = 5_000_000_001, 7_000_000_001, -1_002_000_000_001
QUERIES_REMEMBERED = 100_000


@dataclass(slots=True)
class Settings:
    """What the server was started with."""

    yookassa_url: str = ""
    call_log_size: int = 200_000
    seed: int = 0
    limits: Limits = GENEROUS


class World:
    """The state of one Telegram sandbox. `courier` delivers webhooks once the server runs."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock()
        self.faults = FaultPlan(settings.seed)
        self.recorder = Recorder(settings.call_log_size)
        self.courier: Courier | None = None
        self._empty()

    def _empty(self) -> None:
        self.random = random.Random()  # noqa: S311 - where ids start, not secrets
        # Ids are never used twice, as on the real platform: a product may remember those of an earlier run.
        self.first_number = self.random.randrange(1_000_000) * 1_000
        self.issued: Counter[int] = Counter()
        self.users: dict[int, User] = {}
        self.bots: dict[int, Bot] = {}
        self.bots_by_token: dict[str, Bot] = {}
        self.channels: dict[int, Channel] = {}
        self.channels_by_link: dict[str, Channel] = {}
        self.private_chats: dict[tuple[int, int], PrivateChat] = {}
        self.callback_queries: OrderedDict[str, CallbackQuery] = OrderedDict()
        self.pre_checkouts: OrderedDict[str, PreCheckout] = OrderedDict()
        self.invoice_links: dict[str, InvoiceLink] = {}
        self.files: dict[str, bytes] = {}
        """What bots sent, by file id."""
        self.star_payments: dict[str, StarPayment] = {}
        # In the order of time, and only ever longer: what was read by an offset stays there.
        self.star_transactions: list[StarTransaction] = []
        self.star_subscriptions: dict[str, StarSubscription] = {}

    def reset(self) -> None:
        """Nobody and nothing exists, no fault is planned, the clock is back."""
        for bot in self.bots.values():
            bot.feed.close()
        self._empty()
        self.faults.clear()
        self.recorder.clear()
        self.clock.reset()

    def new_id(self, first: int, step: int, taken: dict[int, Any]) -> int:
        """An id of a kind that nobody has or had."""
        while True:
            candidate = first + step * (self.first_number + self.issued[first])
            self.issued[first] += 1
            if candidate not in taken and candidate not in self.users:
                return candidate

    def add_user(self, *, user_id: int | None = None, **fields: Any) -> User:
        """A person exists."""
        user = User(id=user_id or self.new_id(FIRST_USER_ID, 1, self.users), **fields)
        self.users[user.id] = user
        return user

    def add_bot(self, *, name: str, username: str, owner_user_id: int | None, bot_id: int | None = None) -> Bot:
        """A bot exists and has a token."""
        bot_id = bot_id or self.new_id(FIRST_BOT_ID, 1, self.bots)
        user = self.add_user(user_id=bot_id, first_name=name, username=username, is_bot=True)
        feed = UpdateFeed(self, user.id, first_update_id=self.random.randrange(10**8, 9 * 10**8))
        bot = Bot(user, new_token(user.id), owner_user_id, feed, BotBuckets(self.settings.limits))
        self.bots[bot.id] = bot
        self.bots_by_token[bot.token] = bot
        return bot

    def erase_user(self, user: User) -> None:
        """The person is gone without a trace, and so are the bots and channels that the person owned."""
        for channel in [channel for channel in self.channels.values() if channel.owner_id == user.id]:
            del self.channels[channel.id]
            for url in channel.links:
                self.channels_by_link.pop(url, None)
        for bot in [bot for bot in self.bots.values() if bot.owner_user_id == user.id]:
            bot.feed.close()
            del self.bots[bot.id], self.bots_by_token[bot.token]
            self._forget_account(bot.id)
        self._forget_account(user.id)

    def _forget_account(self, account_id: int) -> None:
        self.users.pop(account_id, None)
        for key in [key for key in self.private_chats if account_id in key]:
            del self.private_chats[key]
        for channel in self.channels.values():
            channel.members.pop(account_id, None)
            channel.requests.pop(account_id, None)
            for request in channel.requests.values():
                request.told_bots.discard(account_id)
            channel.known.discard(account_id)

    def revoke_token(self, bot: Bot) -> None:
        """The old token is unknown; the bot has a new one."""
        del self.bots_by_token[bot.token]
        bot.token = new_token(bot.id)
        self.bots_by_token[bot.token] = bot

    def private_chat(self, bot_id: int, user_id: int) -> PrivateChat:
        """The chat of a user with a bot, made when it is first needed."""
        key = (bot_id, user_id)
        chat = self.private_chats.get(key)
        if chat is None:
            chat = self.private_chats[key] = PrivateChat(bot_id, user_id)
        return chat

    def remember_callback(self, query: CallbackQuery) -> None:
        """The query can be answered; the oldest ones are forgotten."""
        self.callback_queries[query.id] = query
        if len(self.callback_queries) > QUERIES_REMEMBERED:
            self.callback_queries.popitem(last=False)


def new_token(bot_id: int) -> str:
    """A fresh secret token of the official shape."""
    return f"{bot_id}:AA{secrets.token_urlsafe(25)[:33]}"
