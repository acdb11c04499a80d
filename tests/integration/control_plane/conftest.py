"""Somebody who is logged in and owns a tenant."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from lumenpay.db.session import Database
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal, portal

__all__ = ["portal"]

PASSWORD = "correct horse battery"
COOKIE = "lp_session"


@dataclass(frozen=True)
class Owner:
    """A person's browser and tenant."""

    browser: AsgiClient
    token: str
    tenant_id: str

    def path(self, rest: str = "") -> str:
        return f"/api/v1/tenants/{self.tenant_id}{rest}"


@pytest.fixture
async def owner(database: Database, portal: Portal) -> Owner:
    account = {"email": "Alice@Example.org", "password": PASSWORD, "name": "Alice"}
    signed_up = await portal.browser().request("POST", "/api/v1/auth/sign-up", json=account)
    assert signed_up.status == 201
    token = signed_up.cookie(COOKIE)
    assert token
    browser = portal.browser(token)
    tenant = await browser.request("POST", "/api/v1/tenants", json={"name": "Alpha"})
    assert tenant.status == 201
    return Owner(browser, token, tenant.json()["id"])
