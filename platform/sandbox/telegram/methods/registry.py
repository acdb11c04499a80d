"""Which methods exist, and what one call carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from sandbox.telegram.state.users import Bot
    from sandbox.telegram.state.world import World


@dataclass(frozen=True, slots=True)
class MethodCall:
    """One call by one bot, with checked parameters."""

    world: World
    bot: Bot
    parameters: dict[str, Any]

    @property
    def now(self) -> int:
        """The sandbox's time in Unix seconds."""
        return self.world.clock.unix()

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter, or the default when it was not given."""
        return self.parameters.get(name, default)

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]


@dataclass(frozen=True, slots=True)
class Described:
    """A result with a description beside it."""

    result: object
    description: str


Handler = Callable[[MethodCall], object | Awaitable[object]]
SomeHandler = TypeVar("SomeHandler", bound=Handler)

HANDLERS: dict[str, Handler] = {}


def api_method(name: str) -> Callable[[SomeHandler], SomeHandler]:
    """The decorated function answers the Bot API method of this name."""

    def register(handler: SomeHandler) -> SomeHandler:
        HANDLERS[name] = handler
        return handler

    return register
