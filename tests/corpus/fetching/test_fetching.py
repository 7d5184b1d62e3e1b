import gzip
from collections.abc import Callable
from importlib.metadata import version

import pytest

from corpus.fetching.fetching import Fetcher
from corpus.reading.files import FetchedFile, ListedPages
from tests.corpus.fetching.conftest import WORDS, Fetch, Site


def feed(*links: str) -> bytes:
    return b"<rss>" + b"".join(f"<item><link>{link}</link></item>".encode() for link in links) + b"</rss>"


def sitemap(*links: str, kind: str = "url") -> bytes:
    root = {"url": "urlset", "sitemap": "sitemapindex"}[kind]
    return f"<{root}>{''.join(f'<{kind}><loc>{link}</loc></{kind}>' for link in links)}</{root}>".encode()


def shown(found: list[FetchedFile | ListedPages]) -> list[tuple[str, str | None]]:
    return [(each.relative, each.note if isinstance(each, ListedPages) else each.reason) for each in found]


def test_a_page_is_fetched_with_where_it_is_from(site: Site, fetch: Fetch) -> None:
    """Its source is where the redirects ended, its row what the user typed; the program says who it is."""
    site.page("/a#b", b"", 404)
    site.page("/a", b"", 301, Location="/b?c=d#e")
    site.page("/b?c=d", b"", 307, Location="HTTP://EXAMPLE.org:80/final%20page")
    site.page("/final%20page")
    found = fetch("http://example.org/a#b")
    address = "http://example.org/final%20page"
    assert found == [FetchedFile("http://example.org/a#b", address, "final page.html", WORDS)]
    product = f"communique/{version('communique')} (+documents on request of a user)"
    assert {request[::2] for request in site.requests} == {("example.org", product)}
    assert [target for _, target, _ in site.requests] == ["/robots.txt", "/a", "/b?c=d", "/final%20page"]


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (404, {}, "nothing is there (404): check the address"),
        (410, {}, "nothing is there (410): check the address"),
        (401, {}, "the site does not let programs in (401): save the page in your browser, and add it"),
        (403, {}, "the site does not let programs in (403): save the page in your browser, and add it"),
        (429, {}, "the site was asked too often (429): wait, and try again"),
        (500, {}, "the site fails (500): try again later"),
        (204, {}, "the site answers 204, and no page: check the address"),
        (304, {}, "the site answers 304, and no page: check the address"),
        (302, {}, "it redirects to nowhere: check the address"),
        (302, {"Location": "/"}, "it redirects more than 5 times: check the address"),
        (
            302,
            {"Location": "ftp://example.org/a"},
            "it redirects to where nothing is fetched from: 'ftp://example.org/a'",
        ),
        (
            302,
            {"Location": "http://a:b@example.org/"},
            "it redirects to where nothing is fetched from: there is a name",
        ),
        (302, {"Location": "http://example.org:25/"}, "it redirects to where nothing is fetched from: port 25"),
        (200, {"Content-Type": "image/png"}, "no reader for what is there (image/png): convert it, and add the file"),
        (200, {"Content-Type": "application/xml"}, "it is XML, and no page, feed or sitemap: convert it"),
    ],
)
def test_what_is_no_page_is_refused_with_a_remedy(
    site: Site, refusal: Callable[..., str], status: int, headers: dict[str, str], reason: str
) -> None:
    site.page(
        "/", b"<data>x</data>" if status == 200 else b"", status, **{k.replace("-", "_"): v for k, v in headers.items()}
    )
    assert refusal("http://example.org/").startswith(reason)


def test_an_empty_page_is_refused(site: Site, refusal: Callable[..., str]) -> None:
    site.page("/", b" \n")
    assert refusal("http://example.org/") == "the page is empty: check the address"


def test_five_redirects_are_followed(site: Site, fetch: Fetch) -> None:
    for number in range(5):
        site.page(f"/{number}", b"", 302, Location=f"/{number + 1}")
    site.page("/5")
    assert shown(fetch("http://example.org/0")) == [("http://example.org/0", None)]


def test_what_robots_txt_forbids_is_not_asked_for(site: Site, fetch: Fetch) -> None:
    """Neither by its own address nor by a redirect; robots.txt is read once a site."""
    site.page("/robots.txt", b"User-agent: *\nDisallow: /drafts\n")
    site.page("/drafts/1")
    site.page("/to", b"", 302, Location="/drafts/1")
    site.page("/open")
    fetcher = Fetcher(site.network())
    found = [next(fetcher.fetch(f"http://example.org/{path}")) for path in ("drafts/1", "to", "open")]
    away = "the site's robots.txt asks programs to stay away: save the page in your browser, and add the file"
    assert [reason for _, reason in shown(found)] == [away, away, None]
    assert [target for _, target, _ in site.requests] == ["/robots.txt", "/to", "/open"]


@pytest.mark.parametrize(
    ("status", "location", "reason"),
    [
        (404, "", None),
        (403, "", None),
        (503, "", "the site fails to say what programs may fetch (robots.txt, 503): try again later"),
        (302, "/robots.txt", None),
        (302, "/elsewhere.txt", "the site's robots.txt asks programs to stay away"),
    ],
    ids=["none", "closed", "failing", "going round", "elsewhere"],
)
def test_a_robots_txt_that_does_not_come(
    site: Site, fetch: Fetch, status: int, location: str, reason: str | None
) -> None:
    """As RFC 9309 has it: none allows all, a site that fails allows nothing, redirects are followed."""
    site.page("/robots.txt", b"User-agent: *\nDisallow: /", status, Location=location)
    site.page("/elsewhere.txt", b"User-agent: communique\nDisallow: /")
    site.page("/")
    ((_, found),) = shown(fetch("http://example.org/"))
    assert str(found).startswith(str(reason))
    assert bool(site.targets().count("/")) == (reason is None)


def test_a_site_that_asks_for_time_gets_it(site: Site) -> None:
    """Between its pages, and not more than ten seconds of it; another site is not waited for."""
    site.names["other.example"] = site.names["example.org"]
    for delay, expected in (("3", 3), ("3600", 10)):
        site.page("/robots.txt", f"User-agent: *\nCrawl-delay: {delay}".encode())
        site.page("/feed", feed("/1", "http://other.example/2"), Content_Type="application/rss+xml")
        site.page("/1")
        site.page("/2")
        slept: list[float] = []
        found = list(Fetcher(site.network(), sleep=slept.append).fetch("http://example.org/feed"))
        assert len(found) == 3
        assert [round(seconds, 1) for seconds in slept] == [pytest.approx(expected, abs=0.5)]


def test_a_feed_is_a_list_of_pages(site: Site, fetch: Fetch) -> None:
    """Of any site; each page has its own row, and one that is a list again, or not there, is refused."""
    site.names["other.example"] = site.names["example.org"]
    site.page("/feed", feed("/1", "http://other.example/2", "/feed", "/gone", "http://10.0.0.1/"))
    site.page("/1")
    site.page("/2")
    assert shown(fetch("http://example.org/feed")) == [
        ("http://example.org/feed", "it lists 5 pages; they are reported below"),
        ("http://example.org/1", None),
        ("http://other.example/2", None),
        ("http://example.org/feed", "it is a list within a list: add it by its own address"),
        ("http://example.org/gone", "nothing is there (404): check the address"),
        ("http://10.0.0.1/", "10.0.0.1 is inside this network: if you mean it, say --allow-private"),
    ]


def test_a_list_has_an_end(site: Site, fetch: Fetch) -> None:
    site.page("/feed", feed(*(f"/{number}" for number in range(9))), Content_Type="text/xml")
    for number in range(9):
        site.page(f"/{number}")
    found = fetch("http://example.org/feed", max_pages=2)
    note = "it lists 9 pages, of which the first 2 are fetched: --max-pages N for more; they are reported below"
    assert shown(found)[0] == ("http://example.org/feed", note)
    assert (len(found), site.targets()) == (3, ["/feed", "/0", "/1"])


def test_a_sitemap_lists_its_own_site_only(site: Site, fetch: Fetch) -> None:
    site.page(
        "/sitemap.xml", sitemap("http://example.org/a", "http://other.example/b", "http://["), Content_Type="text/xml"
    )
    site.page("/a")
    note = "it lists 2 pages, of which 1 are of other sites and left out; they are reported below"
    assert shown(fetch("http://example.org/sitemap.xml")) == [
        ("http://example.org/sitemap.xml", note),
        ("http://example.org/a", None),
    ]


def test_an_index_of_sitemaps_leads_to_the_pages_of_all(site: Site, fetch: Fetch) -> None:
    """Packed ones too, up to the limit for all of them together."""
    links = [f"http://example.org/{name}" for name in ("1.xml.gz", "gone.xml", "page", "2.xml", "3.xml")]
    site.page("/index.xml", sitemap(*links, kind="sitemap"), Content_Type="application/xml")
    packed = gzip.compress(sitemap("http://example.org/a"))
    site.page("/1.xml.gz", packed, Content_Type="application/x-gzip")
    site.page("/2.xml", sitemap("http://example.org/b", "http://example.org/c"), Content_Type="application/xml")
    for name in "abc":
        site.page(f"/{name}")
    site.page("/page")
    found = shown(fetch("http://example.org/index.xml", max_pages=2))
    assert found == [
        ("http://example.org/index.xml", "it lists 5 lists; they are reported below"),
        (links[0], "it lists 1 pages; they are reported below"),
        ("http://example.org/a", None),
        (links[1], "nothing is there (404): check the address"),
        (links[2], "it is no sitemap, though an index of sitemaps lists it: add it by itself"),
        (
            links[3],
            "it lists 2 pages, of which the first 1 are fetched: --max-pages N for more; they are reported below",
        ),
        ("http://example.org/b", None),
    ]


def test_a_packed_sitemap_that_grows_without_end_is_refused(site: Site, refusal: Callable[..., str]) -> None:
    site.page("/sitemap.xml.gz", gzip.compress(bytes(40 * 1024**2)), Content_Type="application/gzip")
    assert refusal("http://example.org/sitemap.xml.gz").startswith("it unpacks to more than 30 MiB")


def test_the_charset_of_the_header_is_kept_with_the_words(site: Site, fetch: Fetch) -> None:
    site.page("/a.txt", "für Bergen".encode("latin-1"), Content_Type="text/plain; charset=iso-8859-1")
    (found,) = fetch("http://example.org/a.txt")
    assert isinstance(found, FetchedFile)
    assert (found.name, found.content.decode()) == ("a.txt", "für Bergen")
