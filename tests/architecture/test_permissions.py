"""Every operation inside a tenant stands in the table of roles, and the table names nothing else."""

from __future__ import annotations

from control_plane.permissions import ALLOWED, NEEDS_PROOF, SCOPES, is_allowed, scope_of
from lumenpay.models.tenants import Role
from tests.isolation.operations import list_operations


def test_each_operation_inside_a_tenant_has_a_row_and_no_row_is_left_over():
    inside = {operation.id for operation in list_operations().values() if operation.is_in_tenant}
    assert inside == set(ALLOWED)


def test_what_is_not_in_the_table_is_allowed_to_nobody():
    assert not any(is_allowed("bots-take_over", role) for role in Role)


def test_an_owner_may_do_everything_and_an_analyst_changes_nothing():
    assert all(Role.OWNER in roles for roles in ALLOWED.values())
    methods = {name: operation.method for name, operation in list_operations().items()}
    changing = {name for name, roles in ALLOWED.items() if Role.ANALYST in roles and methods[name] != "GET"}
    assert changing == {"tenants-leave"}


def test_a_scope_for_reading_changes_nothing_and_one_for_writing_reads_nothing():
    methods = {name: operation.method for name, operation in list_operations().items()}
    scopes = {name: scope for name in ALLOWED if (scope := scope_of(name)) is not None}
    assert set(scopes.values()) == SCOPES
    assert {name for name, scope in scopes.items() if scope.endswith(":read")} == {
        name for name in scopes if methods[name] == "GET"
    }


def test_no_key_includes_what_needs_a_proof_but_giving_money_back():
    assert {name for name in NEEDS_PROOF if scope_of(name) is not None} == {"refunds-create"}
    assert scope_of("api_keys-list") is None
    assert scope_of("bots-take_over") is None
