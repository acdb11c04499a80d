"""Every modelled method, registered by importing its module."""

from sandbox.telegram.methods import (
    callbacks,
    chats,
    editing,
    join_requests,
    links,
    members,
    payments,
    profile,
    sending,
    stars,
    webhooks,
)
from sandbox.telegram.methods.registry import HANDLERS

__all__ = [
    "HANDLERS",
    "callbacks",
    "chats",
    "editing",
    "join_requests",
    "links",
    "members",
    "payments",
    "profile",
    "sending",
    "stars",
    "webhooks",
]
