"""Pure rules of where a tenant may have us call: names on the public internet, over https, and nothing of ours.

A name says nothing about where it leads, and may lead elsewhere a moment later: `is_public` is asked about the address
of each connection when it is made (`lumenpay.webhooks.sending`). `read_url` only refuses early what can never work.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from lumenpay.webhooks.errors import WebhookUrlInvalidError

LONGEST_URL: Final = 2048
_PORTS: Final = frozenset({None, 443, 8443})
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LOCAL_ENDINGS: Final = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion", "test")
_ANY_GLOBAL_IPV6: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_NOBODYS: Final = (
    IPv4Network("192.0.0.0/24"),  # protocols of the IETF; Python knows of a part of it
    IPv4Network("192.88.99.0/24"),  # the old relays of 6to4
    IPv4Network("168.63.129.16/32"),  # Azure's own service for its machines, public by its number only
    IPv6Network("2001::/23"),  # protocols of the IETF, with Teredo, which carries an IPv4 address
    IPv6Network("2002::/16"),  # 6to4, the same
    IPv6Network("3fff::/20"),  # documentation
)


def read_url(url: str) -> str:
    """Return the address of an endpoint if it can be called at all.

    Raises:
        WebhookUrlInvalidError: Not https, a port or a part that is not allowed, or a host that is no public name.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise _refuse("malformed") from error
    if parts.scheme != "https":
        raise _refuse("https_only")
    if not url.isascii() or any(character <= " " or character == "\\" for character in url) or len(url) > LONGEST_URL:
        raise _refuse("malformed")
    if "@" in parts.netloc or parts.fragment or port not in _PORTS:
        raise _refuse("part_forbidden")
    labels = host.split(".")
    is_name = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    # Whatever ends in a number is read as an address by somebody: 127.1, 0x7f.0.0.1, 2130706433.
    if not is_name or not labels[-1][0].isalpha() or labels[-1] in _LOCAL_ENDINGS:
        raise _refuse("host_forbidden")
    return url


def _refuse(code: str) -> WebhookUrlInvalidError:
    return WebhookUrlInvalidError(fields={"url": code})


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the public internet, whichever way it is written."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        embedded = found.ipv4_mapped or (IPv4Address(found.packed[-4:]) if found in _NAT64 else None)
        if embedded is not None:
            return is_public(str(embedded))
        if found not in _ANY_GLOBAL_IPV6:
            return False
    is_nobodys = any(found in network for network in _NOBODYS if network.version == found.version)
    return found.is_global and not (found.is_multicast or found.is_reserved or is_nobodys)
