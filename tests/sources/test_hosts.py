"""Which addresses belong to the public internet."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.sources.hosts import is_public

PUBLIC = """
8.8.8.8 93.184.216.34 2606:4700::1111 ::ffff:8.8.8.8 2002:808:808:: 64:ff9b::808:808
"""
PRIVATE = """
127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1
0.0.0.0 255.255.255.255 224.0.0.1 240.0.0.1 198.18.0.1 192.0.2.1 203.0.113.9
:: ::1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1 3fff::1 100::1
5f00::1 4000::1 192.0.0.192 168.63.129.16
::ffff:127.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 ::ffff:0:127.0.0.1
2002:7f00:1:: 2002:a9fe:a9fe:: 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::7f00:1
2001:0:53aa:64c:0:0:80ff:fffe
example.org 1.2.3 2130706433
"""


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [*PRIVATE.split(), "", " 8.8.8.8"])
def test_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_another_s_clothes_is_as_public_as_itself(ip: ipaddress.IPv4Address) -> None:
    number = int(ip)
    mapped = ipaddress.IPv6Address(0xFFFF << 32 | number)
    six_to_four = ipaddress.IPv6Address(0x2002 << 112 | number << 80)
    nat64 = ipaddress.IPv6Address((0x64FF9B << 96) | number)
    assert {is_public(str(one)) for one in (mapped, six_to_four, nat64)} == {is_public(str(ip))}
