"""The command line of the sandbox: one command starts one stand-in server and serves until it is stopped."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from aiohttp import web

CHAT_PAGE = Path(__file__).parent / "chat"

cli = typer.Typer(
    add_completion=False,
    help="Stand-in servers for Telegram, YooKassa, Stripe, mail and logging in.",
    no_args_is_help=True,
)

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")]


@cli.command()
def telegram(
    host: Host = "127.0.0.1",
    port: Port = 8081,
    chat_dir: Annotated[Path, typer.Option(help="Folder of the chat page.")] = CHAT_PAGE,
    yookassa_url: Annotated[str, typer.Option(help="The YooKassa stand-in, told to the chat page.")] = "",
    call_log: Annotated[int, typer.Option(min=0, help="Bot API calls to remember; 0 keeps only counts.")] = 200_000,
    seed: Annotated[int, typer.Option(help="Seed of the faults.")] = 0,
    unlimited: Annotated[bool, typer.Option(help="Never answer 429 by itself; for load runs.")] = False,  # noqa: FBT002 - CLI
) -> None:
    """Serve the Telegram Bot API, its control API and the chat page."""
    from sandbox.telegram.app import create_app
    from sandbox.telegram.limits import GENEROUS, UNLIMITED

    app = create_app(
        chat_dir=chat_dir,
        yookassa_url=yookassa_url,
        call_log_size=call_log,
        seed=seed,
        limits=UNLIMITED if unlimited else GENEROUS,
    )
    web.run_app(app, host=host, port=port, access_log=None)


@cli.command()
def yookassa(
    host: Host = "127.0.0.1",
    port: Port = 8082,
    public_url: Annotated[
        str, typer.Option(help="Where payers' browsers reach this server, if not where the API is called at.")
    ] = "",
) -> None:
    """Serve the YooKassa API and its control API."""
    from sandbox.yookassa.app import create_app

    web.run_app(create_app(public_url=public_url.rstrip("/") or None), host=host, port=port, access_log=None)


@cli.command()
def stripe(
    host: Host = "127.0.0.1",
    port: Port = 8085,
    public_url: Annotated[
        str, typer.Option(help="Where customers' browsers reach this server, if not where the API is called at.")
    ] = "",
    secret_key: Annotated[str, typer.Option(help="Key of an account that is there from the start.")] = "",
    webhook_url: Annotated[str, typer.Option(help="Where that account's events go.")] = "",
    webhook_secret: Annotated[str, typer.Option(help="What they are signed with.")] = "",
    days_behind: Annotated[
        float, typer.Option(min=0, help="How long its time is behind the machine's, so that a debt can be an old one.")
    ] = 0,
) -> None:
    """Serve the Stripe API, its hosted pages and its control API."""
    from sandbox.clock import Clock
    from sandbox.stripe.app import create_app, open_first_account

    clock = Clock(behind=timedelta(days=days_behind))
    app = create_app(clock=clock, public_url=public_url.rstrip("/"))
    if secret_key:
        open_first_account(app, secret_key=secret_key, webhook_url=webhook_url, webhook_secret=webhook_secret)
    web.run_app(app, host=host, port=port, access_log=None)


@cli.command()
def mail(
    host: Host = "127.0.0.1",
    port: Port = 8083,
    smtp_port: Annotated[int, typer.Option(min=0, max=65535, help="Port that takes mail.")] = 2525,
) -> None:
    """Serve a mail server and the mailbox page."""
    from sandbox.mail.app import create_app

    web.run_app(create_app(smtp_host=host, smtp_port=smtp_port), host=host, port=port, access_log=None)


@cli.command()
def oidc(
    host: Host = "127.0.0.1",
    port: Port = 8084,
    client: Annotated[str, typer.Option(help="Id and secret of the site that people log in to.")] = "lumenpay:sandbox",
    site: Annotated[str, typer.Option(help="Its address; people come back to /oidc/telegram and /oidc/google.")] = (
        "http://127.0.0.1:8000"
    ),
    public_url: Annotated[
        str, typer.Option(help="Where browsers reach this server, if not where the site calls it at.")
    ] = "",
) -> None:
    """Serve OpenID Connect providers that play Telegram and Google."""
    from sandbox.oidc.app import create_app
    from sandbox.oidc.provider import Client

    name, _, secret = client.partition(":")
    clients = {known: [Client(name, secret, (f"{site}/oidc/{known}",))] for known in ("telegram", "google")}
    web.run_app(create_app(clients, public_url=public_url.rstrip("/")), host=host, port=port, access_log=None)


if __name__ == "__main__":
    cli()
