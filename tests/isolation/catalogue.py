"""Reads the database's own catalogue and says what is wrong with its walls, in sentences that name the object."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg

from tests.isolation import allowed

WALL = "({column} = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS \"nullif\"))"
_OURS = """
    n.nspname = 'public'
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = {oid} AND d.deptype = 'e')
"""
_RELATIONS = f"""
    SELECT c.oid, c.relname AS name, c.relkind::text AS kind, pg_get_userbyid(c.relowner) AS owner,
           c.relrowsecurity AS is_enabled, c.relforcerowsecurity AS is_forced,
           EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'
                    AND NOT a.attisdropped) AS has_tenant
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind NOT IN ('i', 'I', 't', 'c') AND {_OURS.format(oid="c.oid")} ORDER BY 2
"""
_POLICIES = """
    SELECT p.polname AS name, c.relname AS "table", p.polcmd::text AS command, p.polpermissive AS is_permissive,
           pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS checking,
           ARRAY(SELECT CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r)::text END
                  FROM unnest(p.polroles) r) AS roles
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
"""
_KEYS = """
    SELECT c.relname AS "table", i.indisprimary AS is_primary, x.relname AS name,
           ARRAY(SELECT coalesce(a.attname::text, '?') FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (n, at)
                  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.at) AS columns
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class x ON x.oid = i.indexrelid
    WHERE n.nspname = 'public' AND (i.indisunique OR i.indisexclusion)
"""
REFERENCES = """
    SELECT k.conname AS name, c.relname AS "table", t.relname AS target,
           ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u (n, at)
                  JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.at) AS columns,
           ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u (n, at)
                  JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY u.at) AS target_columns
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND k.contype = 'f' ORDER BY 1
"""
_FUNCTIONS = f"""
    SELECT p.proname AS name, pg_get_userbyid(p.proowner) AS owner, p.proconfig AS settings,
           has_function_privilege('public', p.oid, 'EXECUTE') AS is_public,
           ARRAY(SELECT p.proargnames[at] || ' ' || format_type(p.proallargtypes[at], NULL)
                  FROM generate_subscripts(p.proallargtypes, 1) at WHERE p.proargmodes[at] = 't') AS returned,
           format_type(p.prorettype, NULL) AS kind
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND {_OURS.format(oid="p.oid")}
"""


async def list_owned_tables(connection: asyncpg.Connection[Any]) -> list[str]:
    """Return every table whose rows belong to a tenant, by its column `tenant_id`."""
    return [row["name"] for row in await connection.fetch(_RELATIONS) if row["has_tenant"] and row["kind"] in "rp"]


async def find_faults(connection: asyncpg.Connection[Any]) -> list[str]:
    """Return everything that is wrong with the walls; nothing, when they stand."""
    parts = (_relations, _policies, _keys, _references, _functions, _roles, _privileges)
    return [fault for part in parts async for fault in part(connection)]


async def _relations(connection: asyncpg.Connection[Any]) -> AsyncIterator[str]:
    found = await connection.fetch(_RELATIONS)
    for row in found:
        name = row["name"]
        if row["owner"] in (allowed.APP, allowed.STAFF, allowed.DISPATCH, allowed.REMOVER):
            yield f"{name} is owned by {row['owner']}"
        if row["kind"] not in "rpS":
            yield f"{name} is a relation of kind {row['kind']}: a view shows rows with the rights of its owner"
        elif row["kind"] == "S":
            continue
        elif row["has_tenant"] or name in allowed.OWN_ID_TABLES:
            if not row["is_enabled"] or not row["is_forced"]:
                yield f"{name} lacks enabled and forced row-level security"
        elif name not in allowed.TABLES_OF_NOBODY:
            yield f"{name} has no tenant_id and no reason in the list of exceptions"
    for name in {*allowed.TABLES_OF_NOBODY, *allowed.OWN_ID_TABLES} - {row["name"] for row in found}:
        yield f"{name} stands in the list of exceptions but does not exist"


async def _policies(connection: asyncpg.Connection[Any]) -> AsyncIterator[str]:
    walled = dict.fromkeys(await list_owned_tables(connection), "tenant_id")
    walled |= dict.fromkeys(allowed.OWN_ID_TABLES, "id")
    standing = set()
    for row in await connection.fetch(_POLICIES):
        where = f"policy {row['name']} of {row['table']}"
        for role in row["roles"]:
            if role == allowed.STAFF:
                if row["command"] != "r":
                    yield f"{where} lets staff write"
            elif role == allowed.REMOVER:
                if "removal_at <= now()" not in row["using"]:
                    yield f"{where} lets more be removed than what is left of tenants that left"
            elif role != allowed.DISPATCH:
                wall = WALL.format(column=walled.get(row["table"], "tenant_id"))
                is_wall = row["using"] == wall and row["checking"] == wall and row["command"] == "*"
                if role != "public" or not is_wall:
                    yield f"{where} lets {role} past the wall"
                standing.add(row["table"])
    for table in walled.keys() - standing:
        yield f"{table} has no wall for everybody"


async def _keys(connection: asyncpg.Connection[Any]) -> AsyncIterator[str]:
    owned = await list_owned_tables(connection)
    with_primary = set()
    for row in await connection.fetch(_KEYS):
        if row["table"] not in owned:
            continue
        columns = tuple(row["columns"])
        if row["is_primary"]:
            with_primary.add(row["table"])
            if columns[0] != "tenant_id" or len(columns) == 1:
                yield f"the primary key of {row['table']} does not begin with the tenant"
        elif "tenant_id" not in columns and (row["table"], columns) not in allowed.KEYS_ACROSS_TENANTS:
            yield f"{row['name']} of {row['table']} is unique across tenants: it tells what others have"
    for table in set(owned) - with_primary:
        yield f"{table} has no primary key"


async def _references(connection: asyncpg.Connection[Any]) -> AsyncIterator[str]:
    owned = await list_owned_tables(connection)
    anchored = set()
    for row in await connection.fetch(REFERENCES):
        pair = (row["table"], row["target"])
        tenant_at = row["columns"].index("tenant_id") if "tenant_id" in row["columns"] else None
        if pair[0] not in owned:
            if pair[1] in owned:
                yield f"{row['name']} points from outside at the tenant-owned {pair[1]}"
        elif pair[1] == "tenants":
            anchored.add(pair[0])
        elif pair in allowed.REFERENCES_TO_NOBODY:
            continue
        elif tenant_at is None or row["target_columns"][tenant_at] != "tenant_id":
            yield f"{row['name']} of {pair[0]} does not carry the tenant: it can point at another one's {pair[1]}"
    for table in set(owned) - anchored:
        yield f"{table} does not reference its tenant"


async def _functions(connection: asyncpg.Connection[Any]) -> AsyncIterator[str]:
    for row in await connection.fetch(_FUNCTIONS):
        name = row["name"]
        if name not in allowed.FUNCTIONS_ACROSS_TENANTS:
            yield f"function {name} runs with its owner's rights without a reason in the list of exceptions"
        if row["owner"] not in (allowed.DISPATCH, allowed.REMOVER):
            yield f"function {name} runs with the rights of {row['owner']}"
        if "search_path=pg_catalog, public" not in (row["settings"] or []):
            yield f"function {name} has no fixed search path"
        if row["is_public"]:
            yield f"everybody may call function {name}"
        returned = dict(column.split(" ", 1) for column in row["returned"])
        if not returned.items() <= allowed.RETURNED_BY_FUNCTIONS.items():
            yield f"function {name} returns {returned}, more than ids and counts"
        if not returned and row["kind"] not in ("integer", "boolean", "void"):
            yield f"function {name} returns {row['kind']}, more than ids and counts"


async def _roles(connection: asyncpg.Connection[Any]) -> AsyncIterator[str]:
    for row in await connection.fetch(
        """
        SELECT rolname AS name, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication AS is_mighty,
               rolcanlogin AS can_log_in, has_schema_privilege(oid, 'public', 'CREATE') AS can_create,
               ARRAY(SELECT pg_get_userbyid(m.roleid)::text FROM pg_auth_members m WHERE m.member = r.oid) AS groups
        FROM pg_roles r WHERE rolname = ANY ($1)
        """,
        [allowed.APP, allowed.STAFF, allowed.DISPATCH, allowed.REMOVER],
    ):
        if row["is_mighty"]:
            yield f"{row['name']} has attributes that look past walls or make roles"
        if row["can_create"]:
            yield f"{row['name']} may create objects"
        if row["groups"]:
            yield f"{row['name']} is a member of {row['groups']}"
        if row["name"] in (allowed.DISPATCH, allowed.REMOVER) and row["can_log_in"]:
            yield f"{row['name']} can log in"


async def _privileges(connection: asyncpg.Connection[Any]) -> AsyncIterator[str]:
    for row in await connection.fetch(
        """
        SELECT c.relname AS "table", g.grantee, g.privilege_type AS privilege
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
             LATERAL (SELECT CASE WHEN grantee = 0 THEN 'public' ELSE pg_get_userbyid(grantee)::text END AS grantee,
                             privilege_type FROM aclexplode(c.relacl)) g
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm') AND g.grantee <> pg_get_userbyid(c.relowner)
        """
    ):
        what = f"{row['grantee']} may {row['privilege']} {row['table']}"
        is_sealed = row["table"] in allowed.ROWS_THAT_NEVER_CHANGE
        legal = {
            allowed.APP: {"SELECT", "INSERT"} | (set() if is_sealed else {"UPDATE", "DELETE"}),
            allowed.STAFF: {"SELECT"},
            allowed.DISPATCH: {"SELECT", "INSERT", "UPDATE", "DELETE"},
            allowed.REMOVER: {"SELECT", "DELETE"},
        }
        if row["privilege"] not in legal.get(row["grantee"], set()):
            yield what
    for row in await connection.fetch(
        """
        SELECT c.relname AS "table", a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
          AND (a.attname LIKE '%\\_sealed' OR a.attname LIKE '%\\_hash' OR a.attname LIKE '%\\_secret'
               OR a.attname = 'request_body')
          AND has_column_privilege($1, c.oid, a.attnum, 'SELECT')
        """,
        allowed.STAFF,
    ):
        yield f"staff may read the secret {row['table']}.{row['name']}"
