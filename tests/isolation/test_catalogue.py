"""The walls as the database itself describes them (faults A2, A4, A8-A10, A21)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.isolation.catalogue import find_faults, list_owned_tables

NEW_TABLE = "CREATE TABLE leaks (tenant_id uuid NOT NULL REFERENCES tenants (id), id uuid, PRIMARY KEY (tenant_id, id))"
PARTITIONED = "CREATE TABLE leaks (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id)) PARTITION BY HASH (tenant_id)"
WALLED = "ALTER TABLE leaks ENABLE ROW LEVEL SECURITY; ALTER TABLE leaks FORCE ROW LEVEL SECURITY"
OPEN_DOORS = {
    "table without a wall": (NEW_TABLE, "leaks lacks enabled and forced"),
    "table without a policy": (f"{NEW_TABLE}; {WALLED}", "leaks has no wall for everybody"),
    "partitioned table": (PARTITIONED, "leaks lacks enabled and forced"),
    "partition of a walled table": (
        f"{PARTITIONED}; {WALLED}; CREATE TABLE leaks_0 PARTITION OF leaks FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        "leaks_0 lacks enabled and forced",
    ),
    "table of nobody": ("CREATE TABLE leaks (id uuid PRIMARY KEY)", "leaks has no tenant_id and no reason"),
    "table that does not name its tenant": (
        "CREATE TABLE leaks (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id))",
        "leaks does not reference its tenant",
    ),
    "key without the tenant": (
        "CREATE TABLE leaks (tenant_id uuid REFERENCES tenants (id), id uuid PRIMARY KEY)",
        "the primary key of leaks does not begin",
    ),
    "wall not forced": ("ALTER TABLE payments NO FORCE ROW LEVEL SECURITY", "payments lacks enabled and forced"),
    "wall disabled": ("ALTER TABLE users DISABLE ROW LEVEL SECURITY", "users lacks enabled and forced"),
    "tenants without their wall": ("ALTER TABLE tenants DISABLE ROW LEVEL SECURITY", "tenants lacks enabled"),
    "policy that shows all": ("CREATE POLICY open ON users USING (true)", "policy open of users lets public"),
    "policy for the application": (
        "CREATE POLICY open ON users FOR SELECT TO lumenpay_app USING (true)",
        "policy open of users lets lumenpay_app",
    ),
    "policy that checks nothing": (
        "ALTER POLICY tenant_wall ON plans WITH CHECK (true)",
        "policy tenant_wall of plans lets public",
    ),
    "policy without a check for staff": (
        "CREATE POLICY open ON users FOR UPDATE TO lumenpay_staff USING (true)",
        "policy open of users lets staff write",
    ),
    "view": ("CREATE VIEW leaks AS SELECT * FROM users", "leaks is a relation of kind v"),
    "materialized view": ("CREATE MATERIALIZED VIEW leaks AS SELECT * FROM users", "leaks is a relation of kind m"),
    "definer function": (
        "CREATE FUNCTION leaks() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "function leaks runs with its owner's rights",
    ),
    "known function that returns rows": (
        """
        DROP FUNCTION queue_figures;
        CREATE FUNCTION queue_figures() RETURNS SETOF users LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, public AS 'SELECT * FROM users';
        ALTER FUNCTION queue_figures OWNER TO lumenpay_dispatch;
        REVOKE ALL ON FUNCTION queue_figures FROM PUBLIC
        """,
        "function queue_figures returns users",
    ),
    "function for everybody": (
        "GRANT EXECUTE ON FUNCTION queue_figures TO PUBLIC",
        "everybody may call function queue_figures",
    ),
    "title unique over the platform": (
        "ALTER TABLE plans ADD UNIQUE (title, id)",
        "plans_title_id_key of plans is unique",
    ),
    "index unique over the platform": (
        "CREATE UNIQUE INDEX leaks ON promo_codes (upper(code), id)",
        "leaks of promo_codes is unique across",
    ),
    "reference without the tenant": (
        """
        ALTER TABLE bots ADD CONSTRAINT alone UNIQUE (id);
        ALTER TABLE users ADD CONSTRAINT leaks FOREIGN KEY (bot_id) REFERENCES bots (id)
        """,
        "leaks of users does not carry the tenant",
    ),
    "TRUNCATE": ("GRANT TRUNCATE ON users TO lumenpay_app", "lumenpay_app may TRUNCATE users"),
    "privilege for everybody": ("GRANT SELECT ON admins TO PUBLIC", "public may SELECT admins"),
    "log that can be changed": ("GRANT UPDATE ON access_logs TO lumenpay_app", "lumenpay_app may UPDATE access_logs"),
    "application that owns": ("ALTER TABLE users OWNER TO lumenpay_app", "users is owned by lumenpay_app"),
    "application that dispatches": (
        "GRANT lumenpay_dispatch TO lumenpay_app",
        "lumenpay_app is a member of ['lumenpay_dispatch']",
    ),
    "application that creates": ("GRANT CREATE ON SCHEMA public TO lumenpay_app", "lumenpay_app may create objects"),
    "application past the walls": ("ALTER ROLE lumenpay_app BYPASSRLS", "lumenpay_app has attributes"),
    "staff that reads tokens": (
        "GRANT SELECT (token_sealed) ON bots TO lumenpay_staff",
        "staff may read the secret bots.token_sealed",
    ),
    "staff that reads where receipts go": (
        "GRANT SELECT ON payments TO lumenpay_staff",
        "staff may read the secret payments.request_body",
    ),
}


@pytest.fixture
async def superuser(superuser_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection of the superuser, whose changes are rolled back."""
    connection = await asyncpg.connect(superuser_url, timeout=10)
    attempt = connection.transaction()
    await attempt.start()
    yield connection
    await attempt.rollback()
    await connection.close()


async def test_every_table_and_function_stands_behind_the_walls(superuser: asyncpg.Connection[Any]) -> None:
    assert await find_faults(superuser) == []


async def test_the_tables_of_the_product_are_seen(superuser: asyncpg.Connection[Any]) -> None:
    named = {"bots", "users", "subscriptions", "payments", "channels", "promo_codes", "access_logs", "bot_messages"}
    assert named | {"scheduled_broadcasts"} <= set(await list_owned_tables(superuser))


@pytest.mark.parametrize("name", OPEN_DOORS)
async def test_an_open_door_is_found(superuser: asyncpg.Connection[Any], name: str) -> None:
    change, fault = OPEN_DOORS[name]
    await superuser.execute(change)
    found = await find_faults(superuser)
    assert any(fault in sentence for sentence in found), found
