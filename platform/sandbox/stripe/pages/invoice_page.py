"""The hosted page of an invoice: what is owed for what, and a form that pays it."""

from html import escape

from aiohttp import web

from sandbox.stripe.errors import ApiError
from sandbox.stripe.http import GATEWAY
from sandbox.stripe.invoices import pay
from sandbox.stripe.pages.layout import alert, card_fields, money, page, unknown_page
from sandbox.stripe.pages.words import WORDS, language_of
from sandbox.stripe.payment_methods import save_card
from sandbox.stripe.store import Account, Body


def add_invoice_routes(app: web.Application) -> None:
    """Add the page and its file."""
    app.router.add_get("/i/{token}", show)
    app.router.add_post("/i/{token}", submit)
    app.router.add_get("/i/{token}/pdf", download)


async def show(request: web.Request) -> web.Response:
    """Show the invoice."""
    found = _find(request)
    return _page(request, *found) if found else unknown_page(_language(request))


async def submit(request: web.Request) -> web.Response:
    """Pay the invoice with the card that was typed or chosen."""
    found = _find(request)
    if found is None:
        return unknown_page(_language(request))
    account, invoice = found
    gateway, form = request.app[GATEWAY], await request.post()
    number = str(form.get("number") or form.get("typed") or "").replace(" ", "")
    try:
        method = save_card(gateway, account, invoice["customer"], number)
        pay(gateway, account, invoice, {"payment_method": method["id"]}, is_present=True)
    except ApiError as error:
        return _page(request, account, invoice, message=error.message)
    raise web.HTTPSeeOther(request.path_qs)


async def download(request: web.Request) -> web.Response:
    """Answer with the invoice as a file."""
    found = _find(request)
    if found is None:
        return unknown_page(_language(request))
    invoice = found[1]
    text = (
        f"Invoice {invoice['number']}: {invoice['total'] / 100:.2f} {invoice['currency'].upper()}, {invoice['status']}"
    )
    return web.Response(body=_pdf(text), content_type="application/pdf")


def _find(request: web.Request) -> tuple[Account, Body] | None:
    known = request.app[GATEWAY].store.pages.get(request.match_info["token"])
    invoice = known[0].find("invoice", known[1]) if known else None
    return (known[0], invoice) if known and invoice else None


def _language(request: web.Request) -> str:
    return language_of(None, request.query.get("lang") or request.headers.get("Accept-Language", ""))


def _page(request: web.Request, account: Account, invoice: Body, *, message: str = "") -> web.Response:
    language = _language(request)
    words, currency = WORDS[language], invoice["currency"]
    rows = "".join(
        f'<div class="row"><span>{escape(line["description"])}</span><span>{money(line["amount"], currency, language)}</span></div>'
        for line in invoice["lines"]["data"]
    )
    standing = "good" if invoice["status"] == "paid" else "bad"
    summary = f"""<section><p class="sum">{money(invoice["amount_due"], currency, language)}</p>
<p><span class="chip {standing}" role="status">{words["status_" + invoice["status"]]}</span></p>{rows}</section>"""
    form = ""
    if invoice["status"] in {"open", "uncollectible"}:
        button = words["pay"].format(amount=money(invoice["amount_remaining"], currency, language))
        form = f'<form class="sheet" method="post">{card_fields(language, button)}</form>'
    title = words["invoice"].format(number=invoice["number"])
    return page(language, title, summary + alert(message) + form, shop=account.name, status=402 if message else 200)


def _pdf(text: str) -> bytes:
    content = f"BT /F1 14 Tf 72 760 Td ({text}) Tj ET".encode("latin-1", "replace")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    file, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        file + b"xref\n0 6\n0000000000 65535 f \n" + table
        + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(file)
    )  # fmt: skip
