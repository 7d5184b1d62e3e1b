import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.fetching.robots import MAX_BYTES, Rules, parse_rules


def allowed(robots: str, target: str) -> bool:
    return parse_rules(robots.encode(), "communique").allow(target)


@pytest.mark.parametrize(
    ("path", "fitting", "other"),
    [
        ("/fish", ["/fish", "/fish.html", "/fish/salmon", "/fishheads", "/fish?id=1"], ["/Fish", "/catfish", "/"]),
        ("/fish/", ["/fish/", "/fish/salmon.htm"], ["/fish", "/fish.html"]),
        ("/*.php", ["/index.php", "/folder/any.php.file", "/a.php?p"], ["/", "/windows.PHP"]),
        ("/*.php$", ["/f.php", "/f.php.php"], ["/f.php?p", "/f.php5", "/php"]),
        ("/a*b*c$", ["/abc", "/axbxc", "/abcbc"], ["/ab", "/acb", "/abcd"]),
        ("/a$", ["/a"], ["/ab", "/"]),
        ("/a*$", ["/a", "/ab"], ["/b"]),
        ("/b$c", ["/b$cd"], ["/b"]),
        ("/%7ejo/ü", ["/~jo/%C3%BC", "/%7Ejo/%c3%bcx"], ["/jo"]),
    ],
)
def test_a_path_fits_by_its_beginning_with_stars_and_an_end(path: str, fitting: list[str], other: list[str]) -> None:
    robots = f"User-agent: *\nDisallow: {path}\n"
    assert [allowed(robots, target) for target in fitting] == [False] * len(fitting)
    assert [allowed(robots, target) for target in other] == [True] * len(other)


def test_the_longest_rule_counts_and_allow_of_two_as_long() -> None:
    robots = "User-agent: *\nDisallow: /\nAllow: /open\nDisallow: /open/not\nAllow: /same\nDisallow: /same\n"
    shown = {target: allowed(robots, target) for target in ("/", "/x", "/open", "/open/a", "/open/not/b", "/same")}
    assert shown == {"/": False, "/x": False, "/open": True, "/open/a": True, "/open/not/b": False, "/same": True}


def test_the_group_that_names_the_program_counts_and_no_other() -> None:
    """Groups of one name are one; a group may have several names; case and versions are nothing."""
    robots = """\ufeff# who may
User-Agent: other
Disallow: /a

user-agent: *
Disallow: /
Crawl-delay: 7

USER-AGENT: Communique/2.0
user-agent: third  # both
Sitemap: https://example.org/sitemap.xml
Disallow: /b

User-agent: communique
disallow : /c
Crawl-delay: 0.5
"""
    rules = parse_rules(robots.encode(), "communique")
    assert [rules.allow(target) for target in ("/", "/a", "/b", "/c")] == [True, True, False, False]
    assert rules.delay_seconds == 0.5
    assert parse_rules(robots.encode(), "unknown") == Rules((("/", False),), 7.0)


@pytest.mark.parametrize(
    "robots",
    ["", "Disallow: /", "User-agent: *\nDisallow:", "User-agent: communiquette\nDisallow: /", "<html>no</html>"],
    ids=["empty", "no group", "nothing disallowed", "another name", "no robots.txt"],
)
def test_without_a_rule_all_is_allowed(robots: str) -> None:
    assert allowed(robots, "/")


@pytest.mark.parametrize("delay", ["-1", "x", "1e9", "nan", "", "99999999"])
def test_a_delay_that_is_no_number_is_none(delay: str) -> None:
    assert parse_rules(f"User-agent: *\nCrawl-delay: {delay}".encode(), "a").delay_seconds == 0


@settings(deadline=None)  # the first example loads libraries
@given(st.binary(), st.text())
def test_any_bytes_are_rules(content: bytes, target: str) -> None:
    parse_rules(b"User-agent: *\nDisallow: /" + content, "communique").allow(target)


def test_a_hostile_file_takes_no_time() -> None:
    """A rule of many stars, many rules, and many names, each as long as is read."""
    began = time.process_time()
    for line in (b"Disallow: /" + b"*a" * MAX_BYTES, b"Disallow: /*a*a*b$\n" * 30_000, b"User-agent: a\n" * 40_000):
        parse_rules(b"User-agent: *\n" + line, "communique").allow("/" + "a" * 4_000)
    assert time.process_time() - began < 5
