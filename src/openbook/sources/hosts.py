"""Where an address leads, and whether we may go there: a document, or whoever names an address,
must not make openbook ask machines that only this one can reach."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

import httpx

from openbook.sources.errors import RefusedError


class NoHostError(Exception):
    """A host that is not found, now."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an address leads, after its host was checked."""

    url: str
    parts: SplitResult
    name: str
    """The host's name in ASCII."""
    port: int
    addresses: tuple[str, ...]

    @property
    def host(self) -> str:
        """The Host header."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return f"{name}:{self.parts.port}" if self.parts.port is not None else name

    def at(self, address: str) -> str:
        """The address with the host replaced by one of its IP addresses, without a fragment."""
        literal = f"[{address}]" if ":" in address else address
        return urlunsplit(
            (self.parts.scheme, f"{literal}:{self.port}", self.parts.path, self.parts.query, "")
        )


def target_of(url: str, allow_private: bool) -> Target:
    """Where an address leads; every IP address of its host must be public. Raises
    :class:`RefusedError` where one is not, or the address is none, and :class:`NoHostError` where
    the host is not found."""
    try:
        parts = urlsplit(url)
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise RefusedError(f"{url!r} is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not name:
        raise RefusedError(f"{url}: only http and https addresses are fetched")
    if "@" in parts.netloc:
        raise RefusedError(
            f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}: an address with a user name or "
            "password in it is not fetched; leave them out"
        )
    if port is None:
        port = 443 if parts.scheme == "https" else 80
    name = _ascii(name, url)
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoHostError(f"the host {name} is not found ({error})") from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not allow_private and not is_public(address):
            what = name if name == address else f"{name} is {address}, which"
            raise RefusedError(
                f"{url}: {what} is private; --allow-private fetches from such addresses"
            )
    return Target(url, parts, name, port, addresses)


def _ascii(name: str, url: str) -> str:
    """A host's name as DNS and TLS write it (IDNA)."""
    if name.isascii():
        return name
    try:
        return httpx.URL(f"http://{name}/").raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise RefusedError(f"{url}: {name} is no name of a host ({error})") from error


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it hides an IPv4 one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in _GLOBAL_UNICAST:
            return False
    if any(ip in network for network in _NOT_GLOBAL):
        return False
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# What the registry has and older Pythons do not know (192.0.0.192 tells machines of Oracle's cloud
# their secrets), and a public address that does so in Azure's.
_NOT_GLOBAL = tuple(map(ipaddress.ip_network, ("3fff::/20", "192.0.0.0/24", "168.63.129.16/32")))
