"""What collides says nothing of whom it collides with (faults A16, A18)."""

from __future__ import annotations

import asyncio

from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder
from tests.support.portal import Portal


async def test_a_collision_with_another_tenants_row_tells_nothing_of_it_a16(portal: Portal, seeder: Seeder) -> None:
    token = portal.new_bot().token
    theirs = await seeder.side("betacanary", {Role.OWNER: "Charlie"}, token=token, shop_id="200")
    mine = await seeder.side("alpha", {Role.OWNER: "Alice"}, token=portal.new_bot().token)
    client, base = portal.browser(mine.owner.token), f"/api/v1/tenants/{mine.tenant_id}"
    plan = {
        "bot_id": str(mine.ids["bot_id"]), "title": "x", "price_minor": 1, "period_unit": "day", "period_count": 1,
        "channel_ids": [str(theirs.ids["channel_id"])],
    }  # fmt: skip
    promo = {"bot_id": str(mine.ids["bot_id"]), "code": "SPRING", "discount_kind": "percent", "discount_value": 5}
    mail = {"email": theirs.owner.email, "password": "a long enough passphrase", "name": "Eve"}
    for path, body in (
        (f"{base}/bots", {"token": token}),
        (f"{base}/plans", plan),
        (f"{base}/promo-codes", promo),
        ("/api/v1/auth/sign-up", mail),
    ):
        answer = await client.request("POST", path, json=body)
        assert answer.status in (201, 202, 404, 409, 422), (path, answer.body)
        seen = answer.body.lower() + b"".join(value.lower() for _, value in answer.headers)
        for told in ("betacanary", "constraint", "duplicate", "uq_", "detail", *map(str, theirs.ids.values())):
            assert told.encode() not in seen, (path, told)


async def test_of_eight_tenants_that_connect_one_bot_at_once_one_gets_it_a18(portal: Portal, seeder: Seeder) -> None:
    sides = [await seeder.side(f"t{n}", {Role.OWNER: "Olga"}, shop_id=f"40{n}") for n in range(8)]
    token = portal.new_bot().token
    answers = await asyncio.gather(
        *(
            portal.browser(side.owner.token).request(
                "POST", f"/api/v1/tenants/{side.tenant_id}/bots", json={"token": token}
            )
            for side in sides
        )
    )
    assert sorted(answer.status for answer in answers) == [201, *[409] * 7]
    assert {answer.json()["code"] for answer in answers if answer.status == 409} == {"bot_already_connected"}
    # A later try takes nothing over either.
    loser = next(side for side, answer in zip(sides, answers, strict=True) if answer.status == 409)
    again = await portal.browser(loser.owner.token).request(
        "POST", f"/api/v1/tenants/{loser.tenant_id}/bots", json={"token": token}
    )
    assert again.status == 409
