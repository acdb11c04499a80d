"""The payment page works as a plain form: it shows the order, takes a card and returns to the shop."""

import pytest

pytestmark = pytest.mark.asyncio


async def test_page_shows_the_shop_the_sum_and_the_description_escaped(sandbox):
    shop = await sandbox.open_shop(name="<b>Lumen</b>")
    payment = await sandbox.create(
        shop, description="Access & <script>", amount={"value": "1234.50", "currency": "RUB"}
    )
    page = (await sandbox.control("GET", f"/pay/{payment['id']}?lang=ru")).body
    assert "&lt;b&gt;Lumen&lt;/b&gt;" in page
    assert "Access &amp; &lt;script&gt;" in page
    assert "1\u00a0234,50\u00a0₽" in page
    assert "₽1,234.50" in (await sandbox.control("GET", f"/pay/{payment['id']}?lang=en")).body


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"card": "5555555555554477"}, "succeeded"),
        ({"number": "5555 5555 5555 4600"}, "canceled"),
        ({"action": "decline"}, "canceled"),
    ],
)
async def test_form_ends_the_payment_and_sends_the_payer_back(sandbox, shop, form, status):
    payment = await sandbox.create(shop)
    url = f"{sandbox.url}/pay/{payment['id']}"
    async with sandbox.http.post(url, data=form, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "https://t.me/lumen_bot")
    assert (await sandbox.api(shop, "GET", f"/payments/{payment['id']}")).body["status"] == status
    async with sandbox.http.post(url, data=form, allow_redirects=False) as again:
        assert again.status == 409


async def test_framed_page_tells_its_frame_instead_of_leaving(sandbox, shop):
    payment = await sandbox.create(shop)
    url = f"{sandbox.url}/pay/{payment['id']}?frame=1&lang=en"
    async with sandbox.http.post(url, data={"card": "5555555555554477"}, allow_redirects=False) as answer:
        assert answer.status == 200
        assert "parent.postMessage({type:'payment',status:'succeeded'}" in await answer.text()


async def test_unknown_payment_has_a_page_that_says_so(sandbox):
    assert (await sandbox.control("GET", "/pay/unknown")).status == 404
