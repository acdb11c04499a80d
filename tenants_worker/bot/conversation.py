"""One update's side of the conversation: whose bot, which chat, and how to show something there."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from aiogram.types import CallbackQuery, Message
from aiogram.types import User as TelegramUser

from lumenpay.db.session import TenantSession
from lumenpay.models.users import User
from lumenpay.telegram.errors import TelegramRejectedError
from lumenpay.telegram.facts import Buttons
from lumenpay.users.service import Person, ensure_user, note_plan_seen, require_present
from tenants_worker.context import BotRuntime, WorkerContext


@dataclass(frozen=True, slots=True)
class View:
    """A text as Telegram HTML, and the buttons under it."""

    html: str
    buttons: Buttons = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The bot and the worker's connections while one update is handled."""

    worker: WorkerContext
    bot: BotRuntime

    def unit(self) -> AbstractAsyncContextManager[TenantSession]:
        """Open one transaction inside the bot's tenant."""
        return self.worker.unit_in(self.bot.tenant_id)

    async def load_user(self, session: TenantSession, person: TelegramUser, *, source: str = "") -> User:
        """Return the subscriber who acts.

        Raises:
            UserForgottenError: They asked to be forgotten: nothing is done for them until they are.
        """
        facts = Person(person.id, person.first_name, person.last_name, person.username, person.language_code)
        return require_present(
            await ensure_user(session, bot_id=self.bot.bot_id, person=facts, source=source, now=self.worker.clock.now())
        )

    def note_plan_seen(self, user: User) -> None:
        """Have it stored, with what else changed of the person, that a plan was shown for the first time."""
        note_plan_seen(user, now=self.worker.clock.now())

    async def send(self, chat_id: int, view: View, *, can_wait: bool = True) -> int:
        """Send a new message and return its id; one that cannot wait is refused as long as others of the bot do."""
        return await self.worker.telegram.send_text(
            self.bot.token, chat_id=chat_id, html=view.html, buttons=view.buttons, can_wait=can_wait
        )

    async def reply(self, message: Message, view: View) -> int:
        """Answer a message with a new one."""
        return await self.send(message.chat.id, view)

    async def show(self, query: CallbackQuery, view: View) -> int:
        """Put a view in place of the message whose button was pressed, and return the id of the message.

        One that cannot be edited any more gets a successor; so does one outside of the person's own chat.
        """
        message = query.message
        if message is None or message.chat.id != query.from_user.id:
            return await self.send(query.from_user.id, view)
        try:
            await self.worker.telegram.edit_text(
                self.bot.token, chat_id=message.chat.id, message_id=message.message_id, html=view.html,
                buttons=view.buttons,
            )  # fmt: skip
        except TelegramRejectedError:
            return await self.send(message.chat.id, view)
        return message.message_id

    async def acknowledge(self, query: CallbackQuery, text: str | None = None) -> None:
        """Stop the button's spinner, with a short note on request; too late is no harm."""
        try:
            await self.worker.telegram.answer_button(self.bot.token, query_id=query.id, text=text)
        except TelegramRejectedError:
            return
