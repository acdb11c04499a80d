"""The demo sells plans of the platform: a newcomer sees prices on the page Billing, and can try to subscribe."""

from __future__ import annotations

from lumenpay.billing.repository import list_plans
from lumenpay.db.session import Database
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import TenantId
from operations.demo_prices import sell_demo_plans
from operations.embedded import DatabaseUrls
from operations.stack import SANDBOX_STRIPE_KEYS
from sandbox.stripe.app import create_app, open_first_account
from sandbox.stripe.http import GATEWAY
from tests.support.web import serving


async def test_each_start_sells_the_same_plans_at_prices_that_the_stand_in_knows(
    database: Database, postgres_urls: DatabaseUrls
) -> None:
    for _ in range(2):
        app = create_app()
        open_first_account(app, secret_key=SANDBOX_STRIPE_KEYS[0])
        async with serving(app) as url:
            await sell_demo_plans(stripe_url=url, database_owner_url=postgres_urls.owner)
        [account] = app[GATEWAY].store.accounts.values()
        async with database.tenant(TenantId(new_uuid7())) as session:
            sold = await list_plans(session)
        assert [(plan.code, plan.price_minor) for plan in sold] == [("free", 0), ("pro", 1_900), ("business", 7_900)]
        for plan in sold[1:]:
            price = account.get("price", plan.stripe_price_id or "")
            assert (price["unit_amount"], price["recurring"]["interval"]) == (plan.price_minor, "month")
