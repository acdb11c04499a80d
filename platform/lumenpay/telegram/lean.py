"""The calls that bots make all the time, at a third of what aiogram's own methods cost: few fields, JSON, little read.

Less is read on purpose, too: a message that Telegram has sent stays sent, whatever new kind of thing its answer shows.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

import aiohttp
import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from pydantic import BaseModel, ConfigDict, Field
from yarl import URL

from lumenpay.telegram.carriers import Carriers
from lumenpay.telegram.limits import PacingMiddleware

_JSON = {"Content-Type": "application/json"}
_Returned = TypeVar("_Returned")


class SentMessage(BaseModel):
    """What is worth knowing of a message that was sent or edited."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    message_id: int


class LeanMethod(TelegramMethod[_Returned]):
    """A method whose fields are plain values and go out as JSON."""

    def encode(self) -> tuple[Any, dict[str, str] | None]:
        """Return the body, and its type where aiohttp does not know it."""
        return orjson.dumps(self.model_dump(exclude_none=True)), _JSON


class SendText(LeanMethod[SentMessage]):
    """`sendMessage` with Telegram HTML and an inline keyboard."""

    __returning__: ClassVar[type] = SentMessage
    __api_method__: ClassVar[str] = "sendMessage"

    chat_id: int
    text: str
    parse_mode: str = "HTML"
    link_preview_options: dict[str, bool] = {"is_disabled": True}  # noqa: RUF012 - pydantic copies defaults
    reply_markup: dict[str, Any] | None = None
    can_wait: bool = Field(default=True, exclude=True)
    """Whether it takes its turn behind other messages of the bot, or is left out where it would have to."""


class EditText(LeanMethod[SentMessage | bool]):
    """`editMessageText` of a message of the bot's own."""

    __returning__: ClassVar[Any] = SentMessage | bool
    __api_method__: ClassVar[str] = "editMessageText"

    chat_id: int
    message_id: int
    text: str
    parse_mode: str = "HTML"
    link_preview_options: dict[str, bool] = {"is_disabled": True}  # noqa: RUF012 - pydantic copies defaults
    reply_markup: dict[str, Any] | None = None


class AnswerButton(LeanMethod[bool]):
    """`answerCallbackQuery`."""

    __returning__: ClassVar[type] = bool
    __api_method__: ClassVar[str] = "answerCallbackQuery"

    callback_query_id: str
    text: str | None = None


# pydantic forgets a generic model that nobody holds, and making one takes milliseconds: these stay.
_ANSWERS = (Response[SentMessage], Response[SentMessage | bool], Response[bool])


class LeanSession(AiohttpSession):
    """aiogram's session, with a short way for lean methods; errors come out as aiogram's own."""

    def __init__(self, pacing: PacingMiddleware, *, limit: int, **options: Any) -> None:  # noqa: ANN401 - aiogram's own
        """Take what keeps its bots to their pace, how many connections there may be, and what aiogram takes."""
        super().__init__(limit=limit, **options)
        self.middleware(pacing)
        self._pacing = pacing
        self._limit = aiohttp.ClientTimeout(total=self.timeout)
        # Whoever waits for an answer finds a connection, whatever broadcasts are on their way.
        self.carriers = Carriers(max(1, limit * 4 // 5))
        """What takes the messages of broadcasts out."""

    async def create_session(self) -> aiohttp.ClientSession:
        """Return the open session, which keeps no cookies: nobody sends a bot any, and looking for them costs."""
        if self._should_reset_connector:
            await self.close()
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=self._connector_type(**self._connector_init), cookie_jar=aiohttp.DummyCookieJar()
            )
            self._should_reset_connector = False
        return self._session

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        """Make one call."""
        if not isinstance(method, LeanMethod):
            return await super().make_request(bot, method, timeout=timeout)
        body, headers = method.encode()
        limit = self._limit if timeout is None else aiohttp.ClientTimeout(total=timeout)
        try:
            status, content = await self._post(self.address_of(bot, method.__api_method__), body, headers, limit)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise _name(error, method) from error
        checked = self.check_response(bot=bot, method=method, status_code=status, content=content.decode())
        result: TelegramType = checked.result  # type: ignore[assignment]  # an answer that is ok has one
        return result

    def address_of(self, bot: Bot, api_method: str) -> URL:
        """Return where a method of the bot is called. It holds the token."""
        return URL(self.api.api_url(token=bot.token, method=api_method))

    async def send_in_turn(self, bot: Bot, address: URL, body: bytes, *, chat_id: int) -> int:
        """Send a message whose turn was taken before (`pace`), its body written already; return its id.

        It costs no more than aiohttp does. A 429 holds back everything of the bot.

        Args:
            address: Of `address_of`: making it anew for each message would cost as much as reading the answer.
        """
        try:
            payload = aiohttp.BytesPayload(body, content_type="application/json")
            status, content = await self._post(address, payload, None, self._limit)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise _name(error, _Named(chat_id=chat_id)) from error
        try:
            return int(orjson.loads(content)["result"]["message_id"])
        except (ValueError, KeyError, TypeError):
            pass  # Not the answer of a message that was sent: aiogram knows what it means.
        method = _Named(chat_id=chat_id)
        try:
            checked = self.check_response(bot=bot, method=method, status_code=status, content=content.decode())
        except TelegramRetryAfter as error:
            await self._pacing.obey(bot.id, error.retry_after)
            raise
        # It is sent, whatever else stands in the answer.
        return 0 if checked.result is None else checked.result.message_id

    async def end(self) -> None:
        """Stop what is on its way and close the connections."""
        # Not `close`: aiogram calls that by itself, before it opens any.
        await self.carriers.close()
        await self.close()

    async def _post(
        self,
        address: URL,
        body: Any,  # noqa: ANN401 - what aiohttp sends
        headers: dict[str, str] | None,
        limit: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        session = await self.create_session()
        answer = await session.post(address, data=body, headers=headers, timeout=limit)
        try:
            # Read to its end, an answer gives its connection back.
            return answer.status, await answer.read()
        except BaseException:
            answer.close()
            raise


def _name(error: Exception, method: LeanMethod[Any]) -> TelegramNetworkError:
    text = "Request timeout error" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"
    return TelegramNetworkError(method=method, message=text)


class _Named(LeanMethod[SentMessage]):
    """What an error says of a message whose body is written already."""

    __returning__: ClassVar[type] = SentMessage
    __api_method__: ClassVar[str] = "sendMessage"

    chat_id: int
