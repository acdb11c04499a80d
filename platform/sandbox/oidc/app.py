"""The providers over HTTP: discovery, keys, a page to choose who one is, tokens, and control for tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import urlencode

from aiohttp import web

from sandbox.icon import add_icon_route
from sandbox.oidc.provider import Client, Provider, RefusedError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PROVIDERS = web.AppKey("providers", dict[str, Provider])
PUBLIC_URL = web.AppKey("public_url", str)
_STYLE = "body{font:1rem system-ui;margin:3rem auto;max-width:24rem;padding:0 1rem}button{display:block;font:inherit;margin:.5rem 0;padding:.8rem;width:100%}"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def create_app(clients: dict[str, list[Client]], *, public_url: str = "") -> web.Application:
    """Return the providers; `clients` are those of each by name, `public_url` is where browsers reach them."""
    app = web.Application(middlewares=[_refuse])
    app[PUBLIC_URL] = public_url
    app[PROVIDERS] = {name: Provider(name, {client.id: client for client in known}) for name, known in clients.items()}
    for provider in app[PROVIDERS].values():
        for name in ("Мария Иванова", "John Smith"):
            made = provider.add_person(name=name)
            made.email = f"{name.split()[0].lower() if name.isascii() else 'maria'}.{made.id}@example.com"
    app.add_routes(
        [
            web.get("/sandbox/health", health),
            web.get("/{provider}/.well-known/openid-configuration", discovery),
            web.get("/{provider}/.well-known/jwks.json", jwks),
            web.get("/{provider}/auth", authorize),
            web.post("/{provider}/auth", choose),
            web.post("/{provider}/token", token),
            web.get("/sandbox/{provider}/people", list_people),
            web.post("/sandbox/{provider}/people", add_person),
            web.put("/sandbox/{provider}/twist", set_twist),
        ]
    )
    add_icon_route(app)
    return app


@web.middleware
async def _refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except RefusedError as error:
        status = 401 if error.code == "invalid_client" and request.path.endswith("/token") else 400
        return web.json_response({"error": error.code, "error_description": error.words}, status=status)


def _provider(request: web.Request) -> Provider:
    found = request.app[PROVIDERS].get(request.match_info["provider"])
    if found is None:
        raise web.HTTPNotFound
    return found


def _issuer(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}/{request.match_info['provider']}"


async def health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def discovery(request: web.Request) -> web.Response:
    _provider(request)
    issuer = _issuer(request)
    page = f"{request.app[PUBLIC_URL]}/{request.match_info['provider']}" if request.app[PUBLIC_URL] else issuer
    return web.json_response(
        {
            "issuer": issuer, "authorization_endpoint": f"{page}/auth", "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/.well-known/jwks.json", "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA", "ES256K"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
    )  # fmt: skip


async def jwks(request: web.Request) -> web.Response:
    return web.json_response(_provider(request).keys.as_dict(private=False))


async def authorize(request: web.Request) -> web.Response:
    provider, query = _provider(request), dict(request.query)
    provider.read_request(query)
    hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in query.items())
    people = "".join(
        f'<button name="person" value="{person.id}">{escape(person.name)}<br><small>{escape(person.email or str(person.id))}</small></button>'
        for person in provider.people.values()
    )
    title = escape(provider.name.title())
    html = f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}: who are you?</title><style>{_STYLE}</style><h1>{title} sandbox</h1><p>Who are you?</p><form method="post">{hidden}{people}<button name="person" value="">Nobody: cancel</button></form></html>'
    return web.Response(text=html, content_type="text/html", headers=_HEADERS)


async def choose(request: web.Request) -> web.Response:
    provider = _provider(request)
    form = {name: str(value) for name, value in (await request.post()).items()}
    person, query = form.pop("person", ""), {**request.query, **form}
    provider.read_request(query)
    answer = {"state": query["state"], "iss": _issuer(request)}
    if person.isdigit():
        answer["code"] = provider.make_code(query, int(person))
    else:
        answer["error"] = "access_denied"
    raise web.HTTPSeeOther(f"{query['redirect_uri']}?{urlencode(answer)}")


async def token(request: web.Request) -> web.Response:
    form = {name: str(value) for name, value in (await request.post()).items()}
    answer = _provider(request).exchange(
        form, authorization=request.headers.get("Authorization", ""), issuer=_issuer(request)
    )
    return web.json_response(answer, headers={"Cache-Control": "no-store"})


async def list_people(request: web.Request) -> web.Response:
    return web.json_response({"people": [vars(person) for person in _provider(request).people.values()]})


async def add_person(request: web.Request) -> web.Response:
    return web.json_response(vars(_provider(request).add_person(**await request.json())))


async def set_twist(request: web.Request) -> web.Response:
    _provider(request).twist = await request.json()
    return web.json_response({"status": "ok"})
