"""The start-up guard: a process whose database roles could see or do more than they need refuses to start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from lumenpay.db.unscoped import unscoped_session
from lumenpay.errors import LumenError

if TYPE_CHECKING:
    from lumenpay.db.session import Database
    from lumenpay.db.staff import StaffDatabase

_FACTS = text(
    """
    SELECT current_user AS role, r.rolsuper, r.rolbypassrls,
           (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'public' AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS owned,
           EXISTS (SELECT 1 FROM pg_roles d WHERE d.rolname IN ('lumenpay_dispatch', 'lumenpay_remover')
                    AND pg_has_role(current_user, d.oid, 'MEMBER')) AS dispatches,
           EXISTS (SELECT 1 FROM pg_roles m WHERE (m.rolsuper OR m.rolbypassrls) AND m.rolname <> current_user
                    AND pg_has_role(current_user, m.oid, 'MEMBER')) AS can_become_mighty,
           (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
             WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
               AND NOT (c.relrowsecurity AND c.relforcerowsecurity)) AS unprotected,
           to_regclass('public.tenants') IS NULL AS unmigrated
    FROM pg_roles r WHERE r.rolname = current_user
    """
)


_STAFF_FACTS = text(
    """
    SELECT current_user AS role, r.rolsuper, r.rolbypassrls,
           EXISTS (SELECT 1 FROM pg_roles m
                    WHERE (m.rolsuper OR m.rolbypassrls
                           OR m.rolname IN ('lumenpay_dispatch', 'lumenpay_remover', 'lumenpay_app'))
                      AND m.rolname <> current_user
                      AND pg_has_role(current_user, m.oid, 'MEMBER')) AS can_become_mighty,
           EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
                      AND (pg_has_role(current_user, c.relowner, 'MEMBER')
                           OR has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
                           OR has_any_column_privilege(c.oid, 'INSERT, UPDATE'))) AS can_write,
           EXISTS (SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                    JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
                      AND (a.attname LIKE '%\\_sealed' OR a.attname LIKE '%\\_hash')
                      AND has_column_privilege(c.oid, a.attnum, 'SELECT')) AS reads_secrets,
           to_regclass('public.staff_members') IS NULL AS unmigrated
    FROM pg_roles r WHERE r.rolname = current_user
    """
)


class UnsafeDatabaseRoleError(LumenError):
    """The application must not run with this role."""

    code = "unsafe_database_role"


class DatabaseNotMigratedError(LumenError):
    """The tables are missing; `lumenpay migrate` makes them."""

    code = "database_not_migrated"


async def check_database_role(database: Database) -> None:
    """Return if the role is a plain application role on a protected schema.

    Raises:
        UnsafeDatabaseRoleError: Superuser, BYPASSRLS or a member of such a role, owner of tables, member of the
            dispatch role, or a tenant-owned table without forced row-level security.
        DatabaseNotMigratedError: There are no tables yet.
    """
    async with unscoped_session(database) as session:
        facts = (await session.execute(_FACTS)).one()
    faults = [
        text_of_fault
        for is_fault, text_of_fault in (
            (facts.rolsuper, "it is a superuser"),
            (facts.rolbypassrls, "it has BYPASSRLS"),
            (facts.owned and not facts.rolsuper, "it owns tables"),
            (facts.dispatches and not facts.rolsuper, "it is a member of lumenpay_dispatch or lumenpay_remover"),
            (facts.can_become_mighty and not facts.rolsuper, "it is a member of a role that sees past the walls"),
            (facts.unprotected, "some tables lack forced row-level security"),
        )
        if is_fault
    ]
    if faults:
        msg = f"the database role {facts.role} is not fit to run LumenPay: {', '.join(faults)}"
        raise UnsafeDatabaseRoleError(msg)
    if facts.unmigrated:
        msg = "the database has no tables yet: run `lumenpay migrate`"
        raise DatabaseNotMigratedError(msg)


async def check_staff_role(database: StaffDatabase) -> None:
    """Return if the console's role reads what it shows, no secret among it, and writes nothing.

    Raises:
        UnsafeDatabaseRoleError: It could do more.
        DatabaseNotMigratedError: There are no tables of staff yet.
    """
    async with database.reading() as session:
        facts = (await session.execute(_STAFF_FACTS)).one()
    faults = [
        text_of_fault
        for is_fault, text_of_fault in (
            (facts.rolsuper, "it is a superuser"),
            (facts.rolbypassrls, "it has BYPASSRLS"),
            (facts.can_become_mighty and not facts.rolsuper, "it is a member of a role that may do more"),
            (facts.can_write and not facts.rolsuper, "it can write"),
            (facts.reads_secrets and not facts.rolsuper, "it can read secrets"),
        )
        if is_fault
    ]
    if faults:
        msg = f"the database role {facts.role} is not fit for the console: {', '.join(faults)}"
        raise UnsafeDatabaseRoleError(msg)
    if facts.unmigrated:
        msg = "the database is older than the console: run `lumenpay migrate`"
        raise DatabaseNotMigratedError(msg)
