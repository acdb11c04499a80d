"""Calls to the Bot API for any tenant's bot: one HTTP session for the process, one small Bot object a token."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import orjson
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import AiogramError
from aiogram.methods import (
    AnswerChatJoinRequestQuery,
    ApproveChatJoinRequest,
    CreateChatInviteLink,
    DeclineChatJoinRequest,
    DeleteWebhook,
    GetChat,
    GetChatMember,
    GetMe,
    GetWebhookInfo,
    RevokeChatInviteLink,
    SetChatMenuButton,
    SetMyCommands,
    SetWebhook,
    TelegramMethod,
    UnbanChatMember,
)
from aiogram.types import BotCommand, MenuButtonCommands
from aiogram.utils.token import TokenValidationError

from lumenpay.kit.crypto import Secret
from lumenpay.telegram.errors import TelegramRejectedError, TelegramUnavailableError
from lumenpay.telegram.facts import (
    ADMIN_STATUSES,
    ALLOWED_UPDATES,
    INSIDE_STATUSES,
    BotProfile,
    Button,
    ChatFacts,
    JoinQueryResult,
    MemberFacts,
    WebhookFacts,
)
from lumenpay.telegram.lean import AnswerButton, EditText, LeanSession, SendText
from lumenpay.telegram.limits import PacingMiddleware
from lumenpay.telegram.pace import BotPace
from lumenpay.telegram.sandboxed import SandboxToken
from lumenpay.telegram.translation import translate_error

REQUEST_TIMEOUT_SECONDS = 20
SANDBOX_CONNECTIONS = 10
_BOTS_CACHED = 20_000
_Result = TypeVar("_Result")


class TelegramClient:
    """Speaks for every bot that this process serves. Raises only `lumenpay.telegram.errors`."""

    def __init__(
        self, *, api_url: str, sandbox_url: str = "", max_connections: int = 300, pace: BotPace | None = None
    ) -> None:
        """Take the Bot API's address and that of the sandbox for test drives; sessions open at the first call.

        Args:
            pace: What all processes keep to together; without one, this process keeps to its own.
        """
        self.pace = pace or BotPace()
        self._session = _make_session(api_url, self.pace, max_connections=max_connections)
        # Few connections, and its own: a slow sandbox keeps no real bot waiting.
        self._sandbox = (
            _make_session(sandbox_url, BotPace(), max_connections=SANDBOX_CONNECTIONS) if sandbox_url else None
        )
        self._bots: OrderedDict[tuple[bool, Secret], Bot] = OrderedDict()

    def bot(self, token: Secret) -> Bot:
        """Return aiogram's object for a token; it shares the session and costs about a third of a kilobyte.

        Raises:
            TelegramTokenRevokedError: Not the form of a token.
            TelegramUnavailableError: The token of a test drive, and there is no sandbox.
        """
        key = (isinstance(token, SandboxToken), token)
        bot = self._bots.get(key)
        if bot is None:
            try:
                bot = Bot(
                    token.reveal(),
                    session=self.session_of(token),
                    default=DefaultBotProperties(parse_mode=ParseMode.HTML),
                )
            except TokenValidationError as error:
                raise translate_error(error) from None
            self._bots[key] = bot
            if len(self._bots) > _BOTS_CACHED:
                self._bots.popitem(last=False)
        else:
            self._bots.move_to_end(key)
        return bot

    def session_of(self, token: Secret) -> LeanSession:
        """Return what carries the calls of a token: the one place that decides between Telegram and the sandbox.

        Raises:
            TelegramUnavailableError: The token of a test drive, and there is no sandbox.
        """
        if not isinstance(token, SandboxToken):
            return self._session
        if self._sandbox is None:
            raise TelegramUnavailableError("there is no sandbox")
        return self._sandbox

    async def close(self) -> None:
        """Close the sessions, and the connections of the pace."""
        await self._session.end()
        await self.pace.close()
        if self._sandbox is not None:
            await self._sandbox.end()

    async def call(
        self, token: Secret, method: TelegramMethod[_Result], *, timeout_seconds: int | None = None
    ) -> _Result:
        """Make one call; whatever goes wrong comes out as one of our errors, without the token."""
        try:
            return await self.bot(token)(method, request_timeout=timeout_seconds)
        except (AiogramError, OSError, TimeoutError) as error:
            raise translate_error(error) from None

    async def get_me(self, token: Secret) -> BotProfile:
        """Return who the token belongs to."""
        me = await self.call(token, GetMe())
        return BotProfile(me.id, me.username or "", me.full_name)

    async def set_webhook(self, token: Secret, *, url: str, secret: Secret) -> None:
        """Make Telegram deliver the updates that we need to `url`, with the secret in a header."""
        await self.call(
            token,
            SetWebhook(
                url=url, secret_token=secret.reveal(), allowed_updates=list(ALLOWED_UPDATES), max_connections=40
            ),
        )

    async def get_webhook(self, token: Secret) -> WebhookFacts:
        """Return what Telegram has on record."""
        info = await self.call(token, GetWebhookInfo())
        return WebhookFacts(
            info.url,
            tuple(info.allowed_updates or ()),
            info.pending_update_count,
            info.last_error_message or "",
            info.last_error_date,
        )

    async def delete_webhook(self, token: Secret) -> None:
        """Stop deliveries."""
        await self.call(token, DeleteWebhook())

    async def set_commands(self, token: Secret, *, commands: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Set the bot's command menu, and have its button open it; the key is a language, empty for all others."""
        for language, pairs in commands.items():
            items = [BotCommand(command=name, description=text) for name, text in pairs]
            await self.call(token, SetMyCommands(commands=items, language_code=language or None))
        # A bot that was somebody else's before may have a button that opens a page of theirs.
        await self.call(token, SetChatMenuButton(menu_button=MenuButtonCommands()))

    async def send_text(
        self, token: Secret, *, chat_id: int, html: str, buttons: Sequence[Sequence[Button]] = (),
        can_wait: bool = True,
    ) -> int:  # fmt: skip
        """Send a message and return its id.

        Args:
            can_wait: False for one that is not worth its turn: as long as others of the bot wait, it is refused.

        Raises:
            TelegramRetryLaterError: It would have to wait too long, or at all.
        """
        method = SendText(chat_id=chat_id, text=html, reply_markup=inline_keyboard(buttons), can_wait=can_wait)
        message = await self.call(token, method)
        return message.message_id

    async def edit_text(
        self, token: Secret, *, chat_id: int, message_id: int, html: str, buttons: Sequence[Sequence[Button]] = ()
    ) -> None:
        """Leave the message with this text and these buttons; one that already has them is fine."""
        method = EditText(chat_id=chat_id, message_id=message_id, text=html, reply_markup=inline_keyboard(buttons))
        await self._tolerate(token, method, "message is not modified")

    async def answer_button(self, token: Secret, *, query_id: str, text: str | None = None) -> None:
        """Stop a button's spinner, with a short note on request."""
        await self.call(token, AnswerButton(callback_query_id=query_id, text=text))

    async def get_chat(self, token: Secret, *, chat: int | str) -> ChatFacts:
        """Return a chat by id or @name."""
        facts = await self.call(token, GetChat(chat_id=chat))
        return ChatFacts(facts.id, facts.type, facts.title or "", facts.username)

    async def get_member(self, token: Secret, *, chat_id: int, telegram_id: int) -> MemberFacts:
        """Return one person's place in a chat."""
        return read_member(await self.call(token, GetChatMember(chat_id=chat_id, user_id=telegram_id)))

    async def create_entry_link(
        self, token: Secret, *, chat_id: int, name: str, needs_approval: bool, expires_at: datetime | None
    ) -> str:
        """Make an invite link: one that asks for approval, or one that lets a single person be inside by it."""
        link = await self.call(
            token,
            CreateChatInviteLink(
                chat_id=chat_id,
                name=name[:32],
                expire_date=None if expires_at is None else int(expires_at.timestamp()),
                creates_join_request=True if needs_approval else None,
                member_limit=None if needs_approval else 1,
            ),
        )
        return link.invite_link

    async def revoke_entry_link(self, token: Secret, *, chat_id: int, url: str) -> None:
        """Make a link useless; one that is gone already is fine."""
        method = RevokeChatInviteLink(chat_id=chat_id, invite_link=url)
        await self._tolerate(token, method, "invite_hash_expired", "invite_hash_invalid", "invite link not found")

    async def approve_join_request(self, token: Secret, *, chat_id: int, telegram_id: int) -> bool:
        """Let a person in who asked; False when there is nothing to approve any more."""
        method = ApproveChatJoinRequest(chat_id=chat_id, user_id=telegram_id)
        return await self._tolerate(token, method, "hide_requester_missing", "user_already_participant")

    async def decline_join_request(self, token: Secret, *, chat_id: int, telegram_id: int) -> bool:
        """Refuse a person who asked; False when there is nothing to decline any more."""
        method = DeclineChatJoinRequest(chat_id=chat_id, user_id=telegram_id)
        return await self._tolerate(token, method, "hide_requester_missing", "user_already_participant")

    async def answer_join_query(self, token: Secret, *, query_id: str, result: JoinQueryResult) -> bool:
        """Answer a question about a join request; False when it is too late, or was answered before."""
        method = AnswerChatJoinRequestQuery(chat_join_request_query_id=query_id, result=result.value)
        return await self._tolerate(token, method, "query is too old", "query id is invalid")

    async def remove_member(self, token: Secret, *, chat_id: int, telegram_id: int) -> None:
        """Put a person outside without a ban: they can come back by a link at any time."""
        await self.call(token, UnbanChatMember(chat_id=chat_id, user_id=telegram_id, only_if_banned=False))

    async def lift_ban(self, token: Secret, *, chat_id: int, telegram_id: int) -> None:
        """Let a banned person come back; who is inside stays inside."""
        await self.call(token, UnbanChatMember(chat_id=chat_id, user_id=telegram_id, only_if_banned=True))

    async def _tolerate(self, token: Secret, method: TelegramMethod[Any], *texts: str) -> bool:
        try:
            await self.call(token, method)
        except TelegramRejectedError as error:
            if any(text in error.description.lower() for text in texts):
                return False
            raise
        return True


def _make_session(api_url: str, pace: BotPace, *, max_connections: int) -> LeanSession:
    return LeanSession(
        PacingMiddleware(pace),
        api=TelegramAPIServer.from_base(api_url),
        limit=max_connections,
        json_loads=orjson.loads,
        json_dumps=_dump_json,
        timeout=REQUEST_TIMEOUT_SECONDS,
    )


def read_member(member: Any) -> MemberFacts:  # noqa: ANN401 - one of aiogram's six member types
    """Return the place of a member as Telegram's object tells it; an owner has every right."""
    is_owner = member.status == "creator"
    return MemberFacts(
        status=str(member.status),
        is_inside=member.status in INSIDE_STATUSES or bool(getattr(member, "is_member", False)),
        is_admin=member.status in ADMIN_STATUSES,
        can_invite_users=is_owner or (member.status == "administrator" and bool(member.can_invite_users)),
        can_restrict_members=is_owner or (member.status == "administrator" and bool(member.can_restrict_members)),
    )


def inline_keyboard(buttons: Sequence[Sequence[Button]]) -> dict[str, Any] | None:
    """Return Telegram's `InlineKeyboardMarkup`, or nothing where there is no button."""
    rows = [[_button(button) for button in row] for row in buttons]
    return {"inline_keyboard": rows} if rows else None


def _button(button: Button) -> dict[str, str]:
    if button.url is not None:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "callback_data": button.data or ""}


def _dump_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return orjson.dumps(value).decode()
