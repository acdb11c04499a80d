"""SQL of imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, case, cast, column, func, literal, select, update

from lumenpay.db.session import TenantSession
from lumenpay.imports.errors import ImportNotFoundError
from lumenpay.imports.rules import AT_WORK, Present
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.ids import UserId
from lumenpay.models.imports import Import, ImportOutcome, ImportRow
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User


@dataclass(frozen=True, slots=True)
class Known:
    """Who of a list the bot knows: by Telegram's id, and by a username that one person has."""

    by_id: dict[int, UserId]
    by_username: dict[str, UserId]

    @property
    def people(self) -> set[UserId]:
        """Everybody whom it knows."""
        return {*self.by_id.values(), *self.by_username.values()}

    def find(self, telegram_id: int | None, username: str | None) -> UserId | None:
        """Return the person of a line. Where the line names an id, only that counts."""
        if telegram_id is not None:
            return self.by_id.get(telegram_id)
        return self.by_username.get(username or "")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many lines have each outcome, how many have had their turn, and how many have each problem.

    `held_because` is the code of why lines are held back, the reason of most where there are several.
    """

    outcomes: dict[ImportOutcome, int]
    done: int
    problems: dict[str, int]
    held_because: str | None = None


async def get_import(session: TenantSession, import_id: UUID, *, is_locked: bool = False) -> Import:
    """Return an import, locked until the end of the transaction on request.

    Raises:
        ImportNotFoundError: Unknown to this tenant.
    """
    query = select(Import).where(Import.tenant_id == session.tenant_id, Import.id == import_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise ImportNotFoundError
    return found


async def find_by_key(session: TenantSession, key: str) -> Import | None:
    """Return the import that was asked for with an idempotence key."""
    query = select(Import).where(Import.tenant_id == session.tenant_id, Import.idempotence_key == key)
    return (await session.execute(query)).scalar_one_or_none()


async def list_imports(session: TenantSession, page: PageRequest) -> Page[Import]:
    """Return imports, newest first."""
    where = Import.tenant_id == session.tenant_id
    total = (await session.execute(select(func.count()).select_from(Import).where(where))).scalar_one()
    rows = await session.execute(
        select(Import).where(where).order_by(Import.created_at.desc(), Import.id.desc()).limit(page.size)
        .offset(page.offset)
    )  # fmt: skip
    return Page(list(rows.scalars()), total)


async def count_outcomes(session: TenantSession, import_id: UUID) -> Counts:
    """Return how the lines of an import stand."""
    query = (
        select(ImportRow.outcome, ImportRow.problem, func.count(), func.sum(case((ImportRow.is_done, 1), else_=0)))
        .where(*_of(session, import_id))
        .group_by(ImportRow.outcome, ImportRow.problem)
    )
    outcomes: Counter[ImportOutcome] = Counter()
    problems: Counter[str] = Counter()
    held: Counter[str] = Counter()
    done = 0
    for outcome, problem, count, done_of_them in await session.execute(query):
        outcomes[ImportOutcome(outcome)] += count
        done += int(done_of_them)
        if problem:
            problems[problem] += count
        if outcome == ImportOutcome.HELD:
            held[problem] += count
    return Counts(dict(outcomes), done, dict(problems), held.most_common(1)[0][0] if held else None)


async def find_ends(
    session: TenantSession, import_id: UUID, *, grace_ends_at: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last end that the lines will give whose turn is still to come (see `forecast_end`)."""
    end = case(
        (ImportRow.outcome == ImportOutcome.EXTENDED, ImportRow.until_at),
        # Where one of them is missing the other one counts.
        else_=func.greatest(ImportRow.until_at, literal(grace_ends_at, ImportRow.until_at.type)),
    )
    query = select(func.min(end), func.max(end)).where(
        *_of(session, import_id), ~ImportRow.is_done, ImportRow.outcome.in_(AT_WORK)
    )
    first, last = (await session.execute(query)).one()
    return first, last


async def list_rows(
    session: TenantSession, import_id: UUID, page: PageRequest, *, outcome: ImportOutcome | None = None
) -> Page[ImportRow]:
    """Return lines in the order of the file."""
    where = [*_of(session, import_id), *([ImportRow.outcome == outcome] if outcome else [])]
    total = (await session.execute(select(func.count()).select_from(ImportRow).where(*where))).scalar_one()
    rows = await session.execute(
        select(ImportRow).where(*where).order_by(ImportRow.line).limit(page.size).offset(page.offset)
    )
    return Page(list(rows.scalars()), total)


async def list_all_rows(session: TenantSession, import_id: UUID) -> Sequence[ImportRow]:
    """Return every line in the order of the file: a few thousand at most."""
    query = select(ImportRow).where(*_of(session, import_id)).order_by(ImportRow.line)
    return list((await session.execute(query)).scalars())


async def list_waiting(session: TenantSession, import_id: UUID, *, limit: int) -> Sequence[ImportRow]:
    """Return the next lines whose turn has not come."""
    query = select(ImportRow).where(*_of(session, import_id), ~ImportRow.is_done)
    return list((await session.execute(query.order_by(ImportRow.line).limit(limit))).scalars())


async def call_up_held(session: TenantSession, import_id: UUID) -> None:
    """Have the lines that were held back wait for their turn again."""
    held = (*_of(session, import_id), ImportRow.outcome == ImportOutcome.HELD)
    await session.execute(update(ImportRow).where(*held).values(is_done=False))


async def find_known(
    session: TenantSession, *, bot_id: UUID, telegram_ids: Collection[int], usernames: Collection[str]
) -> Known:
    """Return who of these people a bot knows. A username that two of them bear is nobody's."""
    mine = (User.tenant_id == session.tenant_id, User.bot_id == bot_id)
    by_id, by_username = {}, {}
    if telegram_ids:
        query = select(User.telegram_id, User.id).where(*mine, User.telegram_id.in_(telegram_ids))
        by_id = {row[0]: row[1] for row in await session.execute(query)}
    if usernames:
        name = func.lower(User.username)
        found = func.find_users_named(bot_id, cast(list(usernames), ARRAY(Text()))).table_valued(
            "tenant_id", column("id", Uuid())
        )
        named = (await session.execute(select(name, User.id).where(*mine, User.id.in_(select(found.c.id))))).all()
        names = [row[0] for row in named]
        by_username = {row[0]: row[1] for row in named if names.count(row[0]) == 1}
    return Known(by_id, by_username)


async def find_present(session: TenantSession, *, plan_id: UUID, user_ids: Collection[UUID]) -> dict[UserId, Present]:
    """Return what these people have or had of a plan."""
    query = select(Subscription.user_id, Subscription.ends_at).where(
        Subscription.tenant_id == session.tenant_id, Subscription.plan_id == plan_id, Subscription.user_id.in_(user_ids)
    )
    return {row[0]: Present(row[1]) for row in await session.execute(query)}


async def lock_claims(
    session: TenantSession, *, bot_id: UUID, token: str | None = None, username: str | None = None
) -> Sequence[tuple[ImportRow, Import]]:
    """Return the lines that a token or a username opens, with their imports, locked.

    By a username only those are found that nobody has used; by a token the used one too.
    """
    query = (
        select(ImportRow, Import)
        .join(Import, (Import.tenant_id == ImportRow.tenant_id) & (Import.id == ImportRow.import_id))
        .where(ImportRow.tenant_id == session.tenant_id, Import.bot_id == bot_id, ImportRow.is_done)
        .order_by(ImportRow.import_id, ImportRow.line)
        .with_for_update(of=ImportRow)
        .execution_options(populate_existing=True)
    )
    if token is not None:
        query = query.where(ImportRow.claim_token == token)
    else:
        query = query.where(ImportRow.username == username, ImportRow.outcome == ImportOutcome.CLAIM)
    return [(row[0], row[1]) for row in await session.execute(query)]


def _of(session: TenantSession, import_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return ImportRow.tenant_id == session.tenant_id, ImportRow.import_id == import_id
