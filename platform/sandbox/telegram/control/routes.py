"""The addresses of the control API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.telegram.control import bots, channels, chatting, inspection, joining, people, stars
from sandbox.telegram.control.body import respond
from sandbox.telegram.errors import ControlError

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

USER, BOT, CHANNEL = "/sandbox/users/{id:[0-9]+}", "/sandbox/bots/{id:[0-9]+}", "/sandbox/channels/{id:-?[0-9]+}"


def control_routes() -> list[web.RouteDef]:
    """Every route of the control API."""
    return [*_people_routes(), *_channel_routes(), *_inspection_routes()]


def _people_routes() -> list[web.RouteDef]:
    return [
        web.post("/sandbox/bots", bots.create_bot),
        web.get("/sandbox/bots", bots.list_bots),
        web.post(BOT + "/revoke-token", bots.revoke_token),
        web.post(BOT + "/raw-updates", bots.inject_update),
        web.post("/sandbox/users", people.create_user),
        web.get("/sandbox/users", people.list_users),
        web.delete(USER, people.erase_user),
        web.post(USER + "/deactivate", people.deactivate_user),
        web.post(USER + "/messages", chatting.send_message),
        web.post(USER + "/callbacks", chatting.press_button),
        web.get(USER + "/callbacks/{query_id:[0-9]+}", chatting.show_callback),
        web.post(USER + "/block", chatting.block_bot),
        web.post(USER + "/unblock", chatting.unblock_bot),
        web.get(USER + "/chats", chatting.list_chats),
        web.get(USER + "/chats/{bot_id:[0-9]+}", chatting.show_chat),
        web.post(USER + "/join", joining.join),
        web.get(USER + "/memberships", joining.list_memberships),
        web.post(USER + "/pre-checkout", stars.pay_invoice),
        web.get(USER + "/stars", stars.show_wallet),
        web.put(USER + "/stars", stars.set_wallet),
        web.post(USER + "/star-subscriptions", stars.change_subscription),
    ]


def _channel_routes() -> list[web.RouteDef]:
    return [
        web.post("/sandbox/channels", channels.create_channel),
        web.get("/sandbox/channels", channels.list_channels),
        web.get(CHANNEL, channels.read_channel),
        web.patch(CHANNEL, channels.change_channel),
        web.put(CHANNEL + "/admins/{member_id:[0-9]+}", channels.promote),
        web.delete(CHANNEL + "/admins/{member_id:[0-9]+}", channels.demote),
        web.post(CHANNEL + "/members", channels.add_member),
        web.delete(CHANNEL + "/members/{user_id:[0-9]+}", channels.remove_member),
    ]


def _inspection_routes() -> list[web.RouteDef]:
    return [
        web.get("/sandbox/calls", inspection.list_calls),
        web.get("/sandbox/counts", inspection.show_counts),
        web.get("/sandbox/deliveries", inspection.list_deliveries),
        web.post("/sandbox/faults", inspection.add_fault),
        web.get("/sandbox/faults", inspection.list_faults),
        web.delete("/sandbox/faults", inspection.clear_faults),
        web.delete("/sandbox/faults/{id:[0-9]+}", inspection.remove_fault),
        web.get("/sandbox/clock", inspection.show_clock),
        web.post("/sandbox/clock", inspection.advance_clock),
        web.get("/sandbox/config", inspection.show_config),
        web.patch("/sandbox/config", inspection.change_config),
        web.get("/sandbox/health", inspection.show_health),
        web.post("/sandbox/reset", inspection.reset),
    ]


@web.middleware
async def show_control_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What cannot be done is answered with `{"error": text}`."""
    try:
        return await handler(request)
    except ControlError as error:
        return respond({"error": error.text}, error.status)
