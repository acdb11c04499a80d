"""Where whoever asks opens the chats of their bots."""

from __future__ import annotations

from control_plane.dependencies import KeyHolder, TenantAccess
from lumenpay.admins.identities import find_telegram_id
from lumenpay.telegram.addresses import ChatAddresses


async def find_chats(access: TenantAccess) -> ChatAddresses:
    """Return the addresses of chats for whoever asks; at a stand-in a person is there as the one whom they linked."""
    stand_in_url = access.services.settings.stand_in_telegram_url
    if not stand_in_url:
        return ChatAddresses()
    if isinstance(access.caller, KeyHolder):
        return ChatAddresses(stand_in_url)
    return ChatAddresses(stand_in_url, await find_telegram_id(access.services.database, access.caller.admin_id))
