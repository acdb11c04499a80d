"""The time zones that people can choose in the bot, and in SQL, the moments at which a clock of one shows an hour."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import ColumnElement, DateTime, SQLColumnExpression, and_, case, func, literal

from lumenpay.broadcasts.rules import SendingHours
from lumenpay.db.session import TenantSession
from lumenpay.models.users import User

Zone = Literal[
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Krasnoyarsk",
    "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka", "Asia/Almaty",
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles",
]  # fmt: skip
ZONES: Final[tuple[Zone, ...]] = get_args(Zone)
_MOMENT: Final = DateTime(timezone=True)


async def choose_zone(session: TenantSession, user: User, zone: Zone | None) -> None:
    """Have a person's day be that of a zone, or the tenant's again. A broadcast that has begun keeps their moment."""
    user.time_zone = zone
    await session.flush()


def express_moment(zone: SQLColumnExpression[Any], *, at: datetime, time_zone: str) -> ColumnElement[datetime]:
    """Return the SQL of when a zone's clocks show what those of `time_zone` show at a moment; of none: the moment.

    A time that the clocks leave out is taken an hour later, one that they show twice is the second of the two.
    """
    moment = literal(at, _MOMENT)
    wall = func.timezone(time_zone, moment, type_=DateTime())
    # In the same zone it is the moment itself, also where the clocks show the time twice.
    return func.coalesce(func.timezone(func.nullif(zone, time_zone), wall, type_=_MOMENT), moment)


def express_opening(
    zone: SQLColumnExpression[Any], moment: SQLColumnExpression[datetime], *, hours: SendingHours
) -> ColumnElement[datetime]:
    """Return the SQL of a moment where it lies within the hours of a zone's day, of when they begin where not."""
    wall = func.timezone(zone, moment, type_=DateTime())
    hour = func.extract("hour", wall)
    days = case((hour >= hours.until_hour, 1), else_=0)
    opening = func.date_trunc("day", wall, type_=DateTime()) + func.make_interval(0, 0, 0, days, hours.from_hour)
    is_open = and_(hour >= hours.from_hour, hour < hours.until_hour)
    return case((is_open, moment), else_=func.timezone(zone, opening, type_=_MOMENT))
