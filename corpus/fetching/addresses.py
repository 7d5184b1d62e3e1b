"""Web addresses: which ones can be asked for, how one is written, and which machines of the network are nobody's own.

Nothing is resolved or fetched here. That an address looks harmless proves nothing: `connecting.py` checks the machine.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

from corpus.errors import UnreadableFile

MAX_CHARS = 4_000
_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65_535
_BEGINNING = re.compile(r"https?://", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
_PRIVATE = tuple(
    map(
        ip_network,
        "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 ::1/128 fc00::/7 fec0::/10".split(),
    )
)
_SPECIAL = tuple(map(ip_network, "192.0.0.0/24 192.88.99.0/24 2001::/32 3fff::/20".split()))
_GLOBAL_UNICAST = ip_network("2000::/3")
_TRANSLATED = ip_network("64:ff9b::/96")

Reach = Literal["public", "private", "special"]
"""Whose a machine is: anybody's, this network's own, or none that a page could come from."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address without fragment, its parts as they are sent: host and target in ASCII."""

    scheme: str
    host: str
    port: int
    target: str

    def __str__(self) -> str:
        """As it is kept: the port only where it is not the scheme's own."""
        return self.origin + self.target

    @property
    def origin(self) -> str:
        """Its beginning, up to the path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")


def is_address(argument: str) -> bool:
    """Whether an argument of `add` is a web address, and not a path.

    >>> is_address("https://example.org/a.pdf"), is_address("https.txt")
    (True, False)
    """
    return _BEGINNING.match(argument) is not None


def parse_address(text: str, *, base: Address | None = None, allow_private: bool = False) -> Address:
    """The address that a text is, or that it leads to from `base`.

    Raises `UnreadableFile` for other schemes, for names and passwords in it, for numbers that hide a machine, and,
    unless `allow_private`, for other ports than 80 and 443 and for machines that are not public.
    """
    import httpx

    try:
        url = httpx.URL(str(base)).join(text.strip()) if base else httpx.URL(text.strip())
        host, port = url.raw_host.decode().rstrip("."), url.port or _PORTS.get(url.scheme, 0)
    except (httpx.InvalidURL, ValueError) as error:
        raise UnreadableFile(f"{_short(text)} is no address: check its spelling") from error
    if port > _MAX_PORT:
        raise UnreadableFile(f"{_short(text)} is no address: there is no port {port}")
    if url.scheme not in _PORTS or not host:
        raise UnreadableFile(f"{_short(text)} cannot be fetched: addresses begin with https:// or http://")
    if len(url.raw_path) > MAX_CHARS:
        raise UnreadableFile(f"the address is longer than {MAX_CHARS:,} characters: download it, and add the file")
    if url.userinfo:
        raise UnreadableFile("there is a name or a password in the address: download it, and add the file")
    if port != _PORTS[url.scheme] and port not in _PORTS.values() and not allow_private:
        raise UnreadableFile(f"port {port} is not one that pages are at (80, 443): if you mean it, say --allow-private")
    _check_number(host, allow_private=allow_private)
    return Address(url.scheme, host.lower(), port, url.raw_path.decode())


def _check_number(host: str, *, allow_private: bool) -> None:
    """Raises `UnreadableFile` for a host of numbers that may not be asked, or is not written as it should be."""
    if ":" not in host and not _NUMBER.fullmatch(host.rpartition(".")[2]):
        return
    try:
        ip_address(host)
    except ValueError as error:
        raise UnreadableFile(f"{host!r} is no machine: write the address with its name") from error
    check_machine(host, allow_private=allow_private)


def check_machine(number: str, *, allow_private: bool, name: str | None = None) -> None:
    """Raises `UnreadableFile` for a machine that may not be asked; `name` is what it was asked for by."""
    reach = reach_of(number)
    known_as = f"{name} is {number}, which" if name and name != number else number
    if reach == "special":
        raise UnreadableFile(f"{known_as} is no machine of the open network: download the page, and add the file")
    if reach == "private" and not allow_private:
        raise UnreadableFile(f"{known_as} is inside this network: if you mean it, say --allow-private")


def reach_of(number: str) -> Reach:
    """Whose the machine of this IP address is. IPv4 within IPv6 (mapped, 6to4, NAT64) counts as what it leads to [1].

    [1] IANA, "IPv4 Special-Purpose Address Registry" and "IPv6 Special-Purpose Address Registry" (RFC 6890).

    >>> reach_of("93.184.215.14"), reach_of("::ffff:10.0.0.1"), reach_of("169.254.169.254")
    ('public', 'private', 'special')
    """
    machine = _led_to(ip_address(number.partition("%")[0]))
    if any(machine in network for network in _PRIVATE):
        return "private"
    if not machine.is_global or machine.is_multicast or machine.is_reserved:
        return "special"
    if any(machine in network for network in _SPECIAL):
        return "special"
    return "public" if isinstance(machine, IPv4Address) or machine in _GLOBAL_UNICAST else "special"


def _led_to(machine: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(machine, IPv4Address):
        return machine
    if machine in _TRANSLATED:
        return IPv4Address(int(machine) & 0xFFFFFFFF)
    return machine.ipv4_mapped or machine.sixtofour or machine


def _short(text: str) -> str:
    return repr(text if len(text) <= 100 else f"{text[:100]}…")
