"""How often people may call the API: per person and per tenant, changes apart, with Valkey and without (fault K1)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from lumenpay.admins.calls import PERSON_CALLS, PERSON_CHANGES, TENANT_CALLS, TENANT_CHANGES, CallLimiter
from lumenpay.admins.limits import AttemptLimiter
from lumenpay.models.tenants import Role
from operations.embedded import EmbeddedValkey
from tests.isolation.cast import Seeder, Side
from tests.support.asgi import Answer
from tests.support.portal import Portal


async def ask(portal: Portal, side: Side, *, role: Role = Role.OWNER, method: str = "GET") -> Answer:
    browser = portal.browser(side.people[role].token)
    path = f"/api/v1/tenants/{side.tenant_id}"
    if method == "GET":
        return await browser.request("GET", path)
    return await browser.request("PUT", path, json={"name": side.mark})


async def spend(limiter: CallLimiter, times: int, *, person: UUID, tenant: UUID | None, is_change: bool) -> None:
    for _ in range(times):
        await limiter.count(person=person, tenant=tenant, is_change=is_change)


@pytest.fixture
async def limiter(portal: Portal, redis_url: str) -> AsyncIterator[CallLimiter]:
    """The portal counts with Valkey, in an empty one."""
    limiter, before = CallLimiter(redis_url), portal.app.services.calls
    object.__setattr__(portal.app.services, "calls", limiter)
    yield limiter
    object.__setattr__(portal.app.services, "calls", before)
    await limiter.close()


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """A Valkey of the test's own, which it may stop."""
    server = EmbeddedValkey(tmp_path)
    server.start()
    yield server
    server.destroy()


@pytest.fixture
async def beta(seeder: Seeder, portal: Portal) -> Side:
    return await seeder.side("beta", {Role.OWNER: "Charlie"}, shop_id="200", token=portal.new_bot().token)


async def test_one_call_too_many_of_a_person_waits_and_a_colleague_goes_on_k1(
    portal: Portal, alpha: Side, limiter: CallLimiter
) -> None:
    owner = alpha.owner.admin_id
    first = await ask(portal, alpha)
    assert (first.status, first.header("ratelimit-limit")) == (200, str(PERSON_CALLS))
    assert first.header("ratelimit-remaining") == str(PERSON_CALLS - 1)
    assert first.header("ratelimit-policy") == f"{PERSON_CALLS};w=60"
    await spend(limiter, PERSON_CALLS, person=owner, tenant=None, is_change=False)
    stopped = await ask(portal, alpha)
    assert (stopped.status, stopped.json()["code"]) == (429, "too_many_requests")
    assert stopped.header("ratelimit-remaining") == "0"
    assert 1 <= int(stopped.header("retry-after") or 0) <= 60
    assert (await portal.browser(alpha.owner.token).request("GET", "/api/v1/auth/me")).status == 429
    assert (await ask(portal, alpha, role=Role.MANAGER)).status == 200


async def test_changes_run_out_sooner_and_reading_goes_on_k1(portal: Portal, alpha: Side, limiter: CallLimiter) -> None:
    await spend(limiter, PERSON_CHANGES, person=alpha.owner.admin_id, tenant=None, is_change=True)
    assert (await ask(portal, alpha, method="PUT")).json()["code"] == "too_many_requests"
    assert (await ask(portal, alpha)).status == 200


@pytest.mark.parametrize(("method", "limit"), [("GET", TENANT_CALLS), ("PUT", TENANT_CHANGES)])
async def test_what_the_people_of_a_tenant_do_together_has_a_limit_and_other_tenants_go_on_k1(
    portal: Portal, alpha: Side, beta: Side, limiter: CallLimiter, method: str, limit: int
) -> None:
    each = PERSON_CHANGES if method == "PUT" else PERSON_CALLS
    for _ in range(-(-limit // each)):
        await spend(limiter, each, person=uuid4(), tenant=alpha.tenant_id, is_change=method == "PUT")
    assert (await ask(portal, alpha, method=method)).status == 429
    assert (await ask(portal, beta, method=method)).status == 200


async def test_neither_a_stranger_nor_whoever_must_wait_uses_up_what_a_tenant_has_k1(
    portal: Portal, alpha: Side, beta: Side, limiter: CallLimiter
) -> None:
    # Of all these, only as many as the person may make are the tenant's.
    await spend(limiter, TENANT_CALLS, person=alpha.owner.admin_id, tenant=alpha.tenant_id, is_change=False)
    for _ in range(TENANT_CALLS // PERSON_CALLS - 2):
        await spend(limiter, PERSON_CALLS, person=uuid4(), tenant=alpha.tenant_id, is_change=False)
    await spend(limiter, PERSON_CALLS - 1, person=uuid4(), tenant=alpha.tenant_id, is_change=False)
    stranger = portal.browser(beta.owner.token)
    for _ in range(3):
        assert (await stranger.request("GET", f"/api/v1/tenants/{alpha.tenant_id}")).status == 404
    assert (await ask(portal, alpha, role=Role.MANAGER)).status == 200
    assert (await ask(portal, alpha, role=Role.MANAGER)).status == 429


async def test_with_valkey_stopped_the_portal_goes_on_and_counts_by_itself_while_nobody_logs_in_k1(
    portal: Portal, alpha: Side, own_valkey: EmbeddedValkey
) -> None:
    services = portal.app.services
    before = (services.calls, services.attempts)
    calls, attempts = CallLimiter(own_valkey.url), AttemptLimiter(own_valkey.url)
    object.__setattr__(services, "calls", calls)
    object.__setattr__(services, "attempts", attempts)
    try:
        assert (await ask(portal, alpha)).header("ratelimit-remaining") == str(PERSON_CALLS - 1)
        own_valkey.stop()
        assert (await ask(portal, alpha)).status == 200
        assert (await ask(portal, alpha, method="PUT")).status == 200
        login = {"email": "somebody@example.org", "password": "x" * 12}
        refused = await portal.browser().request("POST", "/api/v1/auth/log-in", json=login)
        assert (refused.status, refused.json()["code"]) == (503, "attempts_uncounted")
        await spend(calls, PERSON_CALLS, person=alpha.owner.admin_id, tenant=None, is_change=False)
        assert (await ask(portal, alpha)).json()["code"] == "too_many_requests"
        assert (await ask(portal, alpha, role=Role.MANAGER)).status == 200
    finally:
        object.__setattr__(services, "calls", before[0])
        object.__setattr__(services, "attempts", before[1])
        await calls.close()
        await attempts.close()
