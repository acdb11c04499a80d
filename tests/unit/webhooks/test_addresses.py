"""Where a tenant may have us call, however it is written (fault J6)."""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_network

import pytest

from lumenpay.webhooks.addresses import is_public, read_url
from lumenpay.webhooks.errors import WebhookUrlInvalidError

# The special-purpose registries of IANA, multicast, and what stands in none but leads inside.
NOT_PUBLIC = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32", "168.63.129.16/32",
    "::/128", "::1/128", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:2::/48", "2001:db8::/32",
    "2001:10::/28", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)  # fmt: skip
PUBLIC = ("1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4010:c0f::71", "64:ff9b::5db8:d70e")


@pytest.mark.parametrize("network", NOT_PUBLIC)
def test_no_end_of_a_range_that_is_not_public_is_called_in_any_of_its_notations_j6(network: str) -> None:
    found = ip_network(network)
    for address in (found[0], found[-1], found[found.num_addresses // 2]):
        assert not is_public(str(address)), address
        if found.version == 4:
            number = int(address)
            assert not is_public(str(IPv6Address(0xFFFF_0000_0000 + number))), "mapped"
            assert not is_public(f"::ffff:{address}"), "mapped"
            assert not is_public(str(IPv6Address((0x64FF9B << 96) + number))), "by a NAT64"
            assert not is_public(str(IPv6Address((0x2002 << 112) + (number << 80)))), "by 6to4"
            assert not is_public(str(IPv6Address(number))), "compatible"
        else:
            assert not is_public(f"{address}%eth0"), "with a zone"


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_called(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f000001", "2130706433", "017700000001", "1.1.1.1:80"])
def test_what_is_no_address_is_not_public_j6(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize("odd", ["127.1", "0x7f.0.0.1", "2130706433", "017700000001", "0", "0177.0.0.1"])
def test_an_odd_notation_is_looked_up_as_what_it_means_and_not_called_j6(odd: str) -> None:
    # The machine's own look-up reads these as addresses; what is asked is the address that comes out.
    found = {str(info[4][0]) for info in socket.getaddrinfo(odd, 443, type=socket.SOCK_STREAM)}
    assert found
    assert not any(is_public(address) for address in found)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.com/", "https_only"),
        ("ftp://hooks.example.com/", "https_only"),
        ("//hooks.example.com/", "https_only"),
        ("https:/hooks.example.com", "host_forbidden"),
        ("https://", "host_forbidden"),
        ("https://127.0.0.1/", "host_forbidden"),
        ("https://127.1/", "host_forbidden"),
        ("https://2130706433/", "host_forbidden"),
        ("https://0x7f.0.0.1/", "host_forbidden"),
        ("https://0x7f000001/", "host_forbidden"),
        ("https://hooks.example.0x7f/", "host_forbidden"),
        ("https://017700000001/", "host_forbidden"),
        ("https://127.0.0.1./", "host_forbidden"),
        ("https://[::1]/", "host_forbidden"),
        ("https://[::ffff:127.0.0.1]/", "host_forbidden"),
        ("https://[::1/", "malformed"),
        ("https://localhost/", "host_forbidden"),
        ("https://LOCALHOST/", "host_forbidden"),
        ("https://printer.local/", "host_forbidden"),
        ("https://metadata.google.internal/", "host_forbidden"),
        ("https://database/", "host_forbidden"),
        ("https://１２７.0.0.1/", "malformed"),
        ("https://хуки.рф/", "malformed"),
        ("https://hooks。example.com/", "malformed"),
        ("https://user:password@hooks.example.com/", "part_forbidden"),
        ("https://hooks.example.com@127.0.0.1/", "part_forbidden"),
        ("https://hooks.example.com\\@127.0.0.1/", "malformed"),
        ("https://hooks.example.com/#part", "part_forbidden"),
        ("https://hooks.example.com:22/", "part_forbidden"),
        ("https://hooks.example.com:0/", "part_forbidden"),
        ("https://hooks.example.com:99999/", "malformed"),
        ("https://hooks.example.com/\r\nHost: inside", "malformed"),
        ("https://hooks.example.com/a b", "malformed"),
        ("https://-hooks.example.com/", "host_forbidden"),
        ("https://hooks..example.com/", "host_forbidden"),
    ],
)
def test_an_address_that_cannot_be_called_is_refused_when_it_is_named_j6(url: str, code: str) -> None:
    with pytest.raises(WebhookUrlInvalidError) as refused:
        read_url(url)
    assert refused.value.fields == {"url": code}


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com",
        "https://hooks.example.com:8443/lumenpay?key=1&b=%20",
        "https://xn--80ak6aa92e.xn--p1ai/",
        "HTTPS://Hooks.Example.com/",
    ],
)
def test_a_public_name_may_be_named(url: str) -> None:
    assert read_url(url) == url
