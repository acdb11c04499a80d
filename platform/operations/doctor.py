"""`lumenpay doctor`: looks at everything that an installation needs, and says what to do about each problem."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis
from rich.console import Console

from lumenpay.bots.resealing import check_sealing_keys
from lumenpay.config import Settings
from lumenpay.db.guard import check_database_role, check_staff_role
from lumenpay.db.session import Database
from lumenpay.db.staff import StaffDatabase
from lumenpay.errors import LumenError

Check = Callable[[Settings], Awaitable[str]]


async def check_database(settings: Settings) -> str:
    """Return nothing if the database answers and the role is fit, else what to do."""
    return await _ask_database(settings, check_database_role)


async def _ask_database(settings: Settings, ask: Callable[[Database], Awaitable[None]]) -> str:
    url = settings.database_url.get_secret_value()
    if not url:
        return ""
    database = Database(url, pool_size=1)
    try:
        await ask(database)
    except LumenError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever a driver raises is told to the person at the terminal
        return f"does not answer ({type(error).__name__}): check LUMENPAY_DATABASE_URL"
    finally:
        await database.close()
    return ""


async def check_console(settings: Settings) -> str:
    """Return nothing if the console's role is fit or there is no console, else what to do."""
    url = settings.database_staff_url.get_secret_value()
    if not url:
        return ""
    database = StaffDatabase(url, pool_size=1)
    try:
        await check_staff_role(database)
    except LumenError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - the same
        return f"does not answer ({type(error).__name__}): check LUMENPAY_DATABASE_STAFF_URL"
    finally:
        await database.close()
    return ""


async def check_broker(settings: Settings) -> str:
    """Return nothing if the broker answers, else what to do."""
    url = settings.redis_url.get_secret_value()
    if not url:
        return ""
    broker = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    try:
        await broker.ping()
    except Exception as error:  # noqa: BLE001 - the same
        return f"does not answer ({type(error).__name__}): check LUMENPAY_REDIS_URL; work goes on, up to a second later"
    finally:
        await broker.aclose()
    return ""


async def check_keys(settings: Settings) -> str:
    """Return nothing if secrets can be sealed and the stored ones have their keys, else what to do."""
    if not settings.secret_keys:
        return "none is set: `lumenpay keys new` prints one (up and demo make their own)"
    if await check_database(settings):
        return ""  # There is nothing to compare with; the database's own check says why.
    return await _ask_database(settings, lambda database: check_sealing_keys(database, settings.key_ring()))


CHECKS: tuple[tuple[str, Check], ...] = (
    ("database", check_database),
    ("console", check_console),
    ("broker", check_broker),
    ("secret keys", check_keys),
)


def run_doctor(settings: Settings, *, console: Console) -> int:
    """Print each check; return 0 only if all are well."""
    return asyncio.run(_run(settings, console))


async def _run(settings: Settings, console: Console) -> int:
    problems = 0
    for name, check in CHECKS:
        problem = await check(settings)
        problems += bool(problem)
        console.print(f"[red]✗[/red] {name}: {problem}" if problem else f"[green]✓[/green] {name}")
    return 1 if problems else 0
