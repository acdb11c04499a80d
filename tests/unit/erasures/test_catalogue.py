"""The catalogue of what tells who somebody is knows every table and every column of text (faults O1, O2)."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, LargeBinary, MetaData, String, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from lumenpay.erasures.catalogue import PERSONAL
from lumenpay.erasures.of_nobody import OF_NOBODY
from lumenpay.models.base import Base

BY_TABLE = {table.model.__tablename__: table for table in PERSONAL}
NUMBERS_OF_PEOPLE = {"telegram_id", "chat_message_id", "message_id"}


def tables_of_tenants() -> dict[str, Table]:
    return {name: table for name, table in Base.metadata.tables.items() if "tenant_id" in table.columns}


def can_tell_who(column: Column[object]) -> bool:
    """Whether a column could hold a name, a text or a number of a person."""
    holds_text = isinstance(column.type, String | LargeBinary | JSONB | JSON)
    is_number = isinstance(column.type, BigInteger) and column.name in NUMBERS_OF_PEOPLE
    return holds_text or is_number or (isinstance(column.type, ARRAY) and isinstance(column.type.item_type, String))


def unlisted(table: Table) -> set[str]:
    listed = BY_TABLE[table.name]
    if listed.is_removed:
        return set()
    known = {*listed.erased, *listed.kept.split(), *listed.changed_apart.split()}
    return {column.name for column in table.columns if can_tell_who(column)} - known


def test_each_table_of_a_tenant_is_said_to_be_about_people_or_not_o1():
    assert set(tables_of_tenants()) == {*BY_TABLE, *OF_NOBODY}
    assert not BY_TABLE.keys() & OF_NOBODY.keys()


def test_each_column_that_could_tell_who_it_is_is_erased_or_kept_for_a_reason_o1():
    assert {name: unlisted(table) for name, table in tables_of_tenants().items() if name in BY_TABLE} == {
        name: set() for name in BY_TABLE
    }


def test_a_table_that_points_at_a_person_is_about_people_o1():
    pointing = {
        name
        for name, table in tables_of_tenants().items()
        for key in table.foreign_key_constraints
        if key.referred_table.name in {"users", "payments", "subscriptions", "memberships"}
    }
    assert pointing <= BY_TABLE.keys()


def test_nothing_that_there_is_not_is_listed_o1():
    for name, table in BY_TABLE.items():
        columns = set(tables_of_tenants()[name].columns.keys())
        listed = {*table.erased, *table.kept.split(), *table.changed_apart.split(), *table.withheld.split()}
        assert listed <= columns, name


def test_a_new_column_of_text_would_be_found_o1():
    table = Base.metadata.tables["users"].to_metadata(MetaData())
    table.append_column(Column("nickname", String(64)))
    assert unlisted(table) == {"nickname"}
