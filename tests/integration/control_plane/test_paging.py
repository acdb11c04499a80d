"""Lists of tenants and of people come page by page, like every other list."""

from __future__ import annotations


async def read(browser, path, **query):
    return (await browser.request("GET", path, query=query)).json()


async def test_tenants_come_page_by_page_the_oldest_first(owner):
    for name in ("Beta", "Gamma"):
        assert (await owner.browser.request("POST", "/api/v1/tenants", json={"name": name})).status == 201
    pages = [await read(owner.browser, "/api/v1/tenants", page=page, size=2) for page in (1, 2, 3)]
    assert [[item["name"] for item in page["items"]] for page in pages] == [["Alpha", "Beta"], ["Gamma"], []]
    assert {page["total"] for page in pages} == {3}
    assert (await owner.browser.request("GET", "/api/v1/tenants", query={"size": 100_000})).status == 422


async def test_members_come_page_by_page(portal, alpha):
    browser = portal.browser(alpha.owner.token)
    path = f"/api/v1/tenants/{alpha.tenant_id}/members"
    pages = [await read(browser, path, page=page, size=3) for page in (1, 2)]
    assert [len(page["items"]) for page in pages] == [3, 1]
    assert {page["total"] for page in pages} == {4}
    everyone = [item["admin_id"] for page in pages for item in page["items"]]
    assert len(set(everyone)) == 4
