"""`lumenpay web …`: what the Makefile's targets of the web app call."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from operations.terminal import FOLDER, console
from operations.web.build import build_web_app, install_packages
from operations.web.node import WebBuildError, ensure_node

WEBAPP = Path("webapp")
web_app_commands = typer.Typer(no_args_is_help=True, help="Build and check the web app.")


@web_app_commands.command()
def build() -> None:
    """Build the web app unless it is built from these sources already."""
    try:
        with console.status("…") as status:
            build_web_app(WEBAPP, log=FOLDER / "log" / "web-app.log", say=status.update)
    except WebBuildError as error:
        console.print(f"[red]✗[/red] {error}")
        raise typer.Exit(1) from error
    console.print("[green]✓[/green] the web app is built")


@web_app_commands.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run(
    script: Annotated[str, typer.Argument(help="A script of webapp/package.json.")], context: typer.Context
) -> None:
    """Run a script of the web app, with its packages installed."""
    try:
        node = ensure_node(WEBAPP)
        install_packages(WEBAPP, node)
    except WebBuildError as error:
        console.print(f"[red]✗[/red] {error}")
        raise typer.Exit(1) from error
    raise typer.Exit(node.run(["npm", "run", "--silent", script, "--", *context.args], cwd=WEBAPP))


@web_app_commands.command()
def install() -> None:
    """Install Node, where there is none, and the web app's packages."""
    install_packages(WEBAPP, ensure_node(WEBAPP))


@web_app_commands.command()
def openapi() -> None:
    """Write the API's description, from which the web app's client is generated."""
    from control_plane.app import describe_api  # half a second of imports that the other commands do not need

    text = json.dumps(describe_api(), ensure_ascii=False, indent=2) + "\n"
    (WEBAPP / "openapi.json").write_text(text, encoding="utf-8")
