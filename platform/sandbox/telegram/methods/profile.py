"""The bot itself: getMe, commands, menu button, descriptions, logOut and close."""

from __future__ import annotations

from typing import Any

import orjson

from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.registry import MethodCall, api_method

MOST_COMMANDS = 100


@api_method("getMe")
def get_me(call: MethodCall) -> dict[str, Any]:
    """The bot as a User with the fields that only getMe shows."""
    return {
        **call.bot.user.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "supports_guest_queries": False,
        "supports_join_request_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


@api_method("setMyCommands")
def set_my_commands(call: MethodCall) -> bool:
    """The commands for a scope and language."""
    commands = call["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        name = command["command"].removeprefix("/")
        if not (name.isascii() and name.replace("_", "a").isalnum() and name == name.lower() and len(name) <= 32):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[_scope_key(call)] = commands
    return True


@api_method("getMyCommands")
def get_my_commands(call: MethodCall) -> list[dict[str, Any]]:
    """The commands set for exactly this scope and language."""
    return call.bot.commands.get(_scope_key(call), [])


@api_method("deleteMyCommands")
def delete_my_commands(call: MethodCall) -> bool:
    """No commands for this scope and language."""
    call.bot.commands.pop(_scope_key(call), None)
    return True


@api_method("setChatMenuButton")
def set_chat_menu_button(call: MethodCall) -> bool:
    """The button beside the text field."""
    call.bot.profile["menu_button"] = call.get("menu_button")
    return True


@api_method("setMyDescription")
def set_my_description(call: MethodCall) -> bool:
    """The text of an empty chat."""
    call.bot.profile["description", call.get("language_code", "")] = call.get("description", "")
    return True


@api_method("setMyShortDescription")
def set_my_short_description(call: MethodCall) -> bool:
    """The text of the bot's profile."""
    call.bot.profile["short_description", call.get("language_code", "")] = call.get("short_description", "")
    return True


@api_method("logOut")
def log_out(_call: MethodCall) -> bool:
    """Nothing changes: the sandbox is the only server."""
    return True


@api_method("close")
def close(_call: MethodCall) -> bool:
    """Nothing changes: the bot is served again at its next call."""
    return True


def _scope_key(call: MethodCall) -> str:
    scope = call.get("scope", {"type": "default"})
    return orjson.dumps([scope, call.get("language_code", "")], option=orjson.OPT_SORT_KEYS).decode()
