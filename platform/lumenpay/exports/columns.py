"""What can stand in a column, and what the column is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from lumenpay.exports.rules import Cell
from lumenpay.kit.money import minor_digits
from lumenpay.models.exports import ExportKind
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.payments.directory import PaymentRow
from lumenpay.users.directory import UserRow
from lumenpay.users.rules import name_source


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its titles, and how its value comes out of a row."""

    ru: str
    en: str
    read: Callable[[Any], Cell]


def _state(row: UserRow) -> str:
    states = {subscription.status for subscription, _ in row.subscriptions}
    for state in (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED):
        if state in states:
            return state.value
    return "expired" if row.subscriptions else "never"


def _ends_at(row: UserRow) -> datetime | None:
    running = [subscription.ends_at for subscription, _ in row.subscriptions]
    return None if None in running else max((moment for moment in running if moment is not None), default=None)


def _money(amount_minor: int, currency: str) -> Decimal:
    return Decimal(amount_minor).scaleb(-minor_digits(currency))


SUBSCRIBERS: Final[Mapping[str, Column]] = {
    "telegram_id": Column("Telegram ID", "Telegram ID", lambda row: str(row.user.telegram_id)),
    "username": Column("Имя пользователя", "Username", lambda row: row.user.username),
    "first_name": Column("Имя", "First name", lambda row: row.user.first_name),
    "last_name": Column("Фамилия", "Last name", lambda row: row.user.last_name),
    "locale": Column("Язык", "Language", lambda row: row.user.locale),
    "state": Column("Состояние", "State", _state),
    "plans": Column("Тарифы", "Plans", lambda row: ", ".join(title for _, title in row.subscriptions)),
    "ends_at": Column("Доступ до", "Access until", _ends_at),
    "is_inside": Column("В канале", "Inside", lambda row: row.is_inside),
    "tags": Column("Теги", "Tags", lambda row: ", ".join(row.tags)),
    "note": Column("Заметка", "Note", lambda row: row.user.note),
    "source": Column("Источник", "Source", lambda row: name_source(row.user.source)),
    "is_whitelisted": Column("Без оплаты", "Free of charge", lambda row: row.user.is_whitelisted),
    "blocked_bot_at": Column(
        "Заблокировал бота", "Blocked the bot", lambda row: row.user.met_at and row.user.blocked_bot_at
    ),
    "created_at": Column("Появился", "Known since", lambda row: row.user.created_at),
    "last_seen_at": Column("Был в боте", "Last seen", lambda row: row.user.met_at and row.user.last_seen_at),
}
PAYMENTS: Final[Mapping[str, Column]] = {
    "id": Column("Номер заказа", "Order", lambda row: str(row.payment.id)),
    "provider_payment_id": Column("ID платежа", "Payment ID", lambda row: row.payment.provider_payment_id),
    "status": Column("Статус", "Status", lambda row: str(row.payment.status)),
    "delivery_state": Column("Доставка", "Delivery", lambda row: str(row.payment.delivery_state)),
    "provider": Column("Способ", "Provider", lambda row: row.payment.provider),
    "method": Column("Метод оплаты", "Method", lambda row: row.payment.method),
    "amount": Column("Сумма", "Amount", lambda row: _money(row.payment.amount_minor, row.payment.currency)),
    "list_price": Column("Цена", "List price", lambda row: _money(row.payment.list_price_minor, row.payment.currency)),
    "currency": Column("Валюта", "Currency", lambda row: row.payment.currency),
    "plan": Column("Тариф", "Plan", lambda row: row.plan_title),
    "first_name": Column("Имя", "First name", lambda row: row.user.first_name),
    "last_name": Column("Фамилия", "Last name", lambda row: row.user.last_name),
    "username": Column("Имя пользователя", "Username", lambda row: row.user.username),
    "telegram_id": Column("Telegram ID", "Telegram ID", lambda row: str(row.user.telegram_id)),
    "is_test": Column("Тестовый", "Test", lambda row: row.payment.is_test),
    "cancellation_reason": Column("Причина отмены", "Canceled because", lambda row: row.payment.cancellation_reason),
    "created_at": Column("Создан", "Created", lambda row: row.payment.created_at),
    "settled_at": Column("Завершён", "Settled", lambda row: row.payment.settled_at),
}
COLUMNS: Final[Mapping[ExportKind, Mapping[str, Column]]] = {
    ExportKind.SUBSCRIBERS: SUBSCRIBERS,
    ExportKind.PAYMENTS: PAYMENTS,
}


def list_titles(kind: ExportKind, names: list[str], *, locale: str) -> list[str]:
    """Return the head of the table."""
    return [getattr(COLUMNS[kind][name], locale) for name in names]


def read_cells(kind: ExportKind, row: UserRow | PaymentRow, names: list[str], *, zone: ZoneInfo) -> list[Cell]:
    """Return the values of a row; moments as the clock on the wall shows them in the zone."""
    cells = [COLUMNS[kind][name].read(row) for name in names]
    return [
        cell.astimezone(zone).replace(tzinfo=None, microsecond=0) if isinstance(cell, datetime) else cell
        for cell in cells
    ]
