"""Walking through a shop's payments of a stretch of time, page by page, as the official description has it."""

from __future__ import annotations


async def walk(sandbox, shop, query):
    """Follow the cursors to the end; return the ids and how many pages it took."""
    found, pages, cursor = [], 0, ""
    while True:
        page = (await sandbox.api(shop, "GET", f"/payments?{query}{cursor}")).body
        assert page["type"] == "list"
        found += [payment["id"] for payment in page["items"]]
        pages += 1
        if "next_cursor" not in page:
            return found, pages
        cursor = f"&cursor={page['next_cursor']}"


async def test_the_bounds_of_time_hold_on_every_page(sandbox, shop):
    early = await sandbox.create(shop)
    await sandbox.skip(seconds=60)
    within = []
    for _ in range(5):
        within.append(await sandbox.create(shop))
        await sandbox.skip(seconds=60)
    late = await sandbox.create(shop)
    first, last = within[0]["created_at"], within[-1]["created_at"]
    expected = [payment["id"] for payment in within[::-1]]
    bounds = f"created_at.gte={first}&created_at.lt={late['created_at']}"
    assert await walk(sandbox, shop, f"{bounds}&limit=2") == (expected, 3)
    assert await walk(sandbox, shop, f"created_at.gt={early['created_at']}&created_at.lte={last}&limit=5") == (
        expected,
        1,
    )


async def test_without_a_limit_a_page_has_ten_and_what_is_made_meanwhile_shifts_nothing(sandbox, shop):
    made = [(await sandbox.create(shop))["id"] for _ in range(12)]
    first = (await sandbox.api(shop, "GET", "/payments")).body
    await sandbox.create(shop)
    rest = (await sandbox.api(shop, "GET", f"/payments?cursor={first['next_cursor']}")).body
    assert [payment["id"] for payment in first["items"]] == made[:1:-1]
    assert [payment["id"] for payment in rest["items"]] == made[1::-1]
    assert "next_cursor" not in rest


async def test_a_cursor_of_another_shop_leads_nowhere(sandbox, shop):
    payment = await sandbox.create(await sandbox.open_shop())
    answer = await sandbox.api(shop, "GET", f"/payments?cursor={payment['id']}")
    assert (answer.status, answer.body["parameter"]) == (400, "cursor")


async def test_a_method_that_there_is_not_is_refused(sandbox, shop):
    answer = await sandbox.api(shop, "GET", "/payments?payment_method=barter")
    assert (answer.status, answer.body["parameter"]) == (400, "payment_method")
