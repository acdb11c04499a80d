"""Callback queries: the presses of inline buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# The update dies after this time, and so does the right to answer.
ANSWER_SECONDS = 150


@dataclass(slots=True)
class CallbackQuery:
    """One press of one button. `answer` holds the parameters of answerCallbackQuery."""

    id: str
    bot_id: int
    user_id: int
    message_id: int
    data: str
    date: float
    answer: dict[str, Any] | None = None

    def as_view(self) -> dict[str, Any]:
        """The query as the chat page shows it."""
        return {
            "callback_query_id": self.id,
            "message_id": self.message_id,
            "data": self.data,
            "is_answered": self.answer is not None,
            "answer": self.answer,
        }
