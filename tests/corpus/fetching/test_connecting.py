"""Nothing inside the network is ever asked: the server of these tests counts its connections."""

from collections.abc import Callable

import pytest

from corpus.fetching.connecting import Network, resolved
from corpus.fetching.fetching import Fetcher
from corpus.reading.files import FetchedFile
from tests.corpus.fetching.conftest import PUBLIC, Fetch, Site

INSIDE = {
    "loopback": "127.0.0.1",
    "another loopback": "127.8.8.8",
    "private": "10.1.2.3",
    "private, class B": "172.20.0.1",
    "private, class C": "192.168.1.1",
    "carrier": "100.64.1.1",
    "link-local": "169.254.169.254",
    "unspecified": "0.0.0.0",  # noqa: S104
    "multicast": "224.0.0.251",
    "broadcast": "255.255.255.255",
    "reserved": "240.0.0.1",
    "documentation": "192.0.2.1",
    "IPv6 loopback": "::1",
    "IPv6 unspecified": "::",
    "IPv6 link-local": "fe80::1",
    "IPv6 unique local": "fd12::1",
    "IPv6 multicast": "ff02::1",
    "IPv4 mapped": "::ffff:127.0.0.1",
    "IPv4 mapped, private": "::ffff:10.0.0.1",
    "NAT64": "64:ff9b::7f00:1",
    "6to4": "2002:7f00:1::",
    "zone": "fe80::1%lo",
}


@pytest.mark.parametrize("number", INSIDE.values(), ids=INSIDE)
def test_a_name_that_leads_inside_is_not_asked(site: Site, refusal: Callable[..., str], number: str) -> None:
    site.open_numbers.add(number)
    site.names["inside.example"] = [[number]]
    assert refusal("http://inside.example/").startswith(f"inside.example is {number}, which is ")
    assert (site.connected, site.num_connections) == ([], 0)


@pytest.mark.parametrize("number", INSIDE.values(), ids=INSIDE)
def test_a_number_that_leads_inside_is_not_asked(site: Site, refusal: Callable[..., str], number: str) -> None:
    site.open_numbers.add(number)
    host = f"[{number.replace('%', '%25')}]" if ":" in number else number
    assert refusal(f"http://{host}/").startswith(number.partition("%")[0])
    assert (site.connected, site.num_connections) == ([], 0)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "127.1", "017700000001"])
def test_a_number_in_disguise_is_not_asked(site: Site, refusal: Callable[..., str], host: str) -> None:
    """The system's resolver would take these for 127.0.0.1."""
    site.names[host] = [[PUBLIC]]
    refusal(f"http://{host}/")
    assert (site.connected, site.num_connections) == ([], 0)


@pytest.mark.parametrize("number", INSIDE.values(), ids=INSIDE)
def test_a_redirect_inside_is_not_followed(site: Site, refusal: Callable[..., str], number: str) -> None:
    """By number and by name; the page outside was asked, and nothing else."""
    site.open_numbers.add(number)
    site.names["inside.example"] = [[number]]
    host = f"[{number.replace('%', '%25')}]" if ":" in number else number
    for target in (f"http://{host}/secret", "http://inside.example/secret"):
        site.page("/", b"", 302, Location=target)
        reason = refusal("http://example.org/")
        assert number.partition("%")[0] in reason
    assert set(site.connected) == {(PUBLIC, 80)}
    assert "/secret" not in site.targets()


def test_dns_that_changes_after_the_check_changes_nothing(site: Site, fetch: Fetch) -> None:
    """The name is resolved once a connection, and the connection goes to what was checked."""
    site.open_numbers.add("127.0.0.1")
    site.names["changing.example"] = [[PUBLIC], ["127.0.0.1"]]
    site.page("/")
    (found,) = fetch("http://changing.example/")
    assert isinstance(found, FetchedFile)
    assert (
        found.reason
        == "changing.example is 127.0.0.1, which is inside this network: if you mean it, say --allow-private"
    )
    assert site.connected == [(PUBLIC, 80)]  # for robots.txt; the page's connection was checked anew
    assert site.targets() == []


def test_one_number_inside_among_those_of_a_name_is_enough(site: Site, refusal: Callable[..., str]) -> None:
    site.names["mixed.example"] = [[PUBLIC, "10.0.0.1"]]
    assert refusal("http://mixed.example/").startswith("mixed.example is 10.0.0.1")
    assert site.connected == []


def test_the_next_machine_of_a_name_is_tried(site: Site, fetch: Fetch) -> None:
    site.names["two.example"] = [["2606:4700::1111", PUBLIC]]
    site.page("/")
    (found,) = fetch("http://two.example/")
    assert isinstance(found, FetchedFile)
    assert found.reason is None
    assert site.requests[-1][0] == "two.example"


def test_the_systems_resolver_leads_no_way_inside() -> None:
    """With nothing replaced: what this machine itself calls its loopback."""
    (found,) = Fetcher(Network()).fetch("http://localhost/")
    assert isinstance(found, FetchedFile)
    assert "is inside this network" in str(found.reason)
    assert {"127.0.0.1", "::1"} & set(resolved("localhost", 80))


def test_who_means_the_own_network_gets_it(site: Site) -> None:
    """With nothing replaced but the permission: the server of this test, at its own port."""
    site.page("/a")
    address = f"http://127.0.0.1:{site.port}/a"
    (found,) = Fetcher(Network(allow_private=True)).fetch(address)
    assert isinstance(found, FetchedFile)
    assert (found.source, found.reason) == (address, None)
    assert site.requests[-1][0] == f"127.0.0.1:{site.port}"
