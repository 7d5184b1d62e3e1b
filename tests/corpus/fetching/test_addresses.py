from ipaddress import IPv4Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.fetching.addresses import is_address, parse_address, reach_of


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://Example.ORG:443/A#part", "https://example.org/A"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("http://example.org./a", "http://example.org/a"),
        (" https://example.org/a b?q=ü ", "https://example.org/a%20b?q=%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://[2606:4700::1111]/a", "https://[2606:4700::1111]/a"),
    ],
)
def test_an_address_is_written_one_way(text: str, kept: str) -> None:
    """The same page has the same source, however its address was typed."""
    assert str(parse_address(text)) == kept
    assert str(parse_address(kept)) == kept


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ftp://example.org/a", "addresses begin with https:// or http://"),
        ("file:///etc/passwd", "addresses begin with https:// or http://"),
        ("https://", "addresses begin with https:// or http://"),
        ("https://user:secret@example.org/", "a name or a password"),
        ("https://user@example.org/", "a name or a password"),
        ("http://example.org:22/", "port 22 is not one that pages are at"),
        ("http://example.org:99999/", "there is no port 99999"),
        ("http://2130706433/", "'2130706433' is no machine"),
        ("http://0x7f000001/", "'0x7f000001' is no machine"),
        ("http://0x7f.0.0.1/", "0x7f.0.0.1"),
        ("http://0177.0.0.1/", "0177.0.0.1"),
        ("http://127.1/", "'127.1' is no machine"),
        ("http://1.2.3.4.5/", "1.2.3.4.5"),
        ("http://0/", "'0' is no machine"),
        ("http://127.0.0.1/", "127.0.0.1 is inside this network: if you mean it, say --allow-private"),
        ("http://[::1]/", "::1 is inside this network"),
        ("http://[fe80::1%25eth0]/", "no machine of the open network"),
        ("http://127。0。0。1/", "127.0.0.1 is inside this network"),
        ("http://exa\nmple.org/", "check its spelling"),
        (f"http://example.org/{'a' * 5_000}", "longer than 4,000 characters"),
    ],
)
def test_what_may_not_be_asked_for_is_refused_by_its_looks(text: str, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        parse_address(text)
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 300


def test_who_means_the_own_network_may_say_so() -> None:
    """Loopback, private machines and other ports open up; numbers in disguise and special machines do not."""
    for text in ("http://127.0.0.1:8000/a", "https://[::1]:8443/", "http://wiki:3000/"):
        assert str(parse_address(text, allow_private=True)) == text
    for text in ("http://169.254.169.254/", "http://2130706433/", "http://0.0.0.0/", "http://a:b@wiki/"):
        with pytest.raises(UnreadableFile):
            parse_address(text, allow_private=True)


def test_a_redirect_is_read_from_where_it_stands() -> None:
    base = parse_address("https://example.org/a/b?c=d")
    assert str(parse_address("../e#f", base=base)) == "https://example.org/e"
    assert str(parse_address("//other.example/g", base=base)) == "https://other.example/g"
    with pytest.raises(UnreadableFile):
        parse_address("file:///etc/passwd", base=base)


@pytest.mark.parametrize(
    ("reach", "numbers"),
    [
        ("public", "8.8.8.8 93.184.215.14 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1"),
        ("private", "127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 ::1 fd00::1"),
        ("private", "fec0::1 ::ffff:127.0.0.1 ::ffff:192.168.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1::1"),
        (
            "special",
            "0.0.0.0 0.1.2.3 169.254.169.254 224.0.0.1 240.0.0.1 255.255.255.255 192.0.2.1 198.18.0.1 192.0.0.9",
        ),
        ("special", "192.88.99.1 :: fe80::1 ff02::1 2001:db8::1 2001:0:1::1 100::1 64:ff9b:1::1 ::7f00:1 4000::1"),
        ("special", "::ffff:169.254.169.254 fe80::1%eth0 203.0.113.5 3fff::1 2002:a9fe:a9fe::1"),
    ],
)
def test_whose_a_machine_is(reach: str, numbers: str) -> None:
    """The registries of special addresses, and IPv4 in its IPv6 disguises."""
    assert {number: reach_of(number) for number in numbers.split()} == dict.fromkeys(numbers.split(), reach)


@settings(deadline=None)  # the first example loads libraries
@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_no_disguise_changes_what_a_machine_is(machine: IPv4Address) -> None:
    packed = f"{int(machine) >> 16:x}:{int(machine) & 0xFFFF:x}"
    shown = {reach_of(str(machine)), reach_of(f"::ffff:{machine}"), reach_of(f"64:ff9b::{packed}")}
    assert shown == {reach_of(f"2002:{packed}::1")}


@settings(deadline=None)  # the first example loads libraries
@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """Whatever is typed: an address that means itself, or one line."""
    for given_text in (text, f"http://{text}"):
        try:
            address = parse_address(given_text)
        except UnreadableFile as error:
            assert "\n" not in str(error)
        else:
            assert parse_address(str(address)) == address


def test_an_argument_is_an_address_by_its_beginning() -> None:
    given_ = ["http://a", "HTTPS://a", "https:/a", "http", "./https://a", "ftp://a"]
    assert [is_address(argument) for argument in given_] == [True, True, False, False, False, False]
