"""Pages fetched one after the other: redirects, robots.txt, lists of pages, and why something did not come.

Nothing is fetched but what the user named, what that redirects to or lists, and the robots.txt of each site.
Scripts are not run, cookies are not kept, and pages that a page links to are not followed.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from corpus.errors import UnreadableFile
from corpus.fetching.addresses import Address, parse_address
from corpus.fetching.connecting import Network
from corpus.fetching.lists import PageList, list_in
from corpus.fetching.media import PACKED_XML, XML, Kind, in_utf8, kind_of
from corpus.fetching.requesting import PRODUCT, Response, requested, trusted_roots, unpacked
from corpus.fetching.robots import MAX_BYTES as MAX_ROBOTS_BYTES
from corpus.fetching.robots import Rules, parse_rules
from corpus.reading.files import FetchedFile, ListedPages

MAX_SECONDS = 20.0
"""For one page with all its redirects, without the pauses that its site asks for."""
MAX_BYTES = 30 * 1024**2
MAX_REDIRECTS = 5
MAX_PAGES = 200
MAX_LISTS = 50
MAX_DELAY_SECONDS = 10.0
_REDIRECTS = {301, 302, 303, 307, 308}
_GZIP = b"\x1f\x8b"
_CLOSED = {401, 402, 403, 407, 451}

T = TypeVar("T")


class _Astray(UnreadableFile):
    """The redirects lead to no answer."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What came, from where: a list of pages, or the `content` of one."""

    address: Address
    kind: Kind
    content: bytes
    pages: PageList | None


class Fetcher:
    """Fetches within one call of `add`: it remembers what each site allows, and when it was last asked."""

    def __init__(
        self,
        network: Network | None = None,
        *,
        max_pages: int = MAX_PAGES,
        max_seconds: float = MAX_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """At most `max_pages` are fetched of one list, the lists in it included."""
        given = network or Network()
        self._network = given if given.tls else replace(given, tls=trusted_roots())
        self._max_pages = max_pages
        self._max_seconds = max_seconds
        self._sleep = sleep
        self._rules: dict[str, Rules | UnreadableFile] = {}
        self._asked_at: dict[str, float] = {}

    def fetch(self, text: str) -> Iterator[FetchedFile | ListedPages]:
        """What an address leads to: a page, or a list and the pages in it, as they come. What is refused says why."""
        try:
            page = self._page(text)
        except UnreadableFile as error:
            yield FetchedFile(text, text, reason=str(error))
            return
        if page.pages:
            yield from self._listed(text, page, page.pages)
        else:
            yield _file(text, page)

    def _listed(self, text: str, page: _Page, pages: PageList) -> Iterator[FetchedFile | ListedPages]:
        if pages.kind == "index":
            yield from self._indexed(text, page, pages)
        else:
            chosen, note = _chosen(pages, page.address, self._max_pages)
            yield ListedPages(text, note, len(chosen))
            for listed in chosen:
                yield self._single(listed)

    def _indexed(self, text: str, index: _Page, lists: PageList) -> Iterator[FetchedFile | ListedPages]:
        """The pages in the sitemaps of an index, as many as may be fetched in all."""
        chosen, note = _chosen(lists, index.address, MAX_LISTS, what="lists")
        yield ListedPages(text, note, len(chosen))
        num_left = self._max_pages
        for listed in chosen:
            try:
                page = self._page(listed)
                if page.pages is None or page.pages.kind == "index":
                    raise UnreadableFile("it is no sitemap, though an index of sitemaps lists it: add it by itself")
            except UnreadableFile as error:
                yield FetchedFile(listed, listed, reason=str(error))
                continue
            pages, note = _chosen(page.pages, page.address, num_left)
            num_left -= len(pages)
            yield ListedPages(listed, note, len(pages))
            for each in pages:
                yield self._single(each)
            if not num_left:
                return

    def _single(self, text: str) -> FetchedFile:
        """A page from a list, which may be no list itself."""
        try:
            page = self._page(text)
            if page.pages:
                raise UnreadableFile("it is a list within a list: add it by its own address")
            return _file(text, page)
        except UnreadableFile as error:
            return FetchedFile(text, text, reason=str(error))

    def _page(self, text: str) -> _Page:
        """Raises `UnreadableFile` for whatever keeps a page from being here, whole, and of a kind that can be read."""
        address = parse_address(text, allow_private=self._network.allow_private)
        address, (kind, content) = self._answer(address, _taken, before=self._admitted)
        if kind.suffix == PACKED_XML and content.startswith(_GZIP):
            content = b"".join(_limited(content))
        pages = list_in(content, str(address))
        if pages is None and kind.suffix in {XML, PACKED_XML}:
            kind = replace(kind, name=f"{kind.name.removesuffix(kind.suffix)}.xhtml", suffix=".xhtml")
            if b"<html" not in content[:4_096].lower():
                raise UnreadableFile("it is XML, and no page, feed or sitemap: convert it, and add the file")
        return _Page(address, kind, content, pages)

    def _answer(
        self, address: Address, take: Callable[[Address, Response], T], *, before: Callable[[Address], None]
    ) -> tuple[Address, T]:
        """What `take` makes of the answer at the end of all redirects, and where that is; each is checked `before`."""
        seconds = self._max_seconds
        for _ in range(MAX_REDIRECTS + 1):
            before(address)
            began = time.monotonic()
            with requested(address, self._network, seconds=seconds) as response:
                if response.status not in _REDIRECTS:
                    return address, take(address, response)
                target = response.headers.get("location", "")
            address = self._redirected(address, target)
            seconds = max(seconds - (time.monotonic() - began), 0)
        raise _Astray(f"it redirects more than {MAX_REDIRECTS} times: check the address")

    def _redirected(self, address: Address, target: str) -> Address:
        if not target:
            raise _Astray("it redirects to nowhere: check the address")
        try:
            return parse_address(target, base=address, allow_private=self._network.allow_private)
        except UnreadableFile as error:
            raise _Astray(f"it redirects to where nothing is fetched from: {error}") from error

    def _admitted(self, address: Address) -> None:
        """Waits as long as the site asks for. Raises `UnreadableFile` where its robots.txt says no."""
        if address.origin not in self._rules:
            try:
                self._rules[address.origin] = self._read_rules(address)
            except UnreadableFile as error:
                self._rules[address.origin] = error
        rules = self._rules[address.origin]
        if isinstance(rules, UnreadableFile):
            raise UnreadableFile(str(rules))
        if not rules.allow(address.target):
            raise UnreadableFile(
                "the site's robots.txt asks programs to stay away: save the page in your browser, and add the file"
            )
        pause = min(rules.delay_seconds, MAX_DELAY_SECONDS)
        waited = time.monotonic() - self._asked_at.get(address.origin, float("-inf"))
        if pause > waited:
            self._sleep(pause - waited)
        self._asked_at[address.origin] = time.monotonic()

    def _read_rules(self, address: Address) -> Rules:
        """What the site allows. A site without a robots.txt allows all, one that fails, nothing (RFC 9309)."""

        def taken(_: Address, response: Response) -> Rules:
            if response.status >= 500:
                raise UnreadableFile(
                    f"the site fails to say what programs may fetch (robots.txt, {response.status}): try again later"
                )
            return parse_rules(response.beginning(MAX_ROBOTS_BYTES), PRODUCT) if response.status < 300 else Rules()

        try:
            return self._answer(replace(address, target="/robots.txt"), taken, before=lambda _: None)[1]
        except _Astray:
            return Rules()


def _taken(address: Address, response: Response) -> tuple[Kind, bytes]:
    status = response.status
    if status in {404, 410}:
        raise UnreadableFile(f"nothing is there ({status}): check the address")
    if status in _CLOSED:
        raise UnreadableFile(f"the site does not let programs in ({status}): save the page in your browser, and add it")
    if status == 429:
        raise UnreadableFile("the site was asked too often (429): wait, and try again")
    if status >= 500:
        raise UnreadableFile(f"the site fails ({status}): try again later")
    if status not in {200, 203}:
        raise UnreadableFile(f"the site answers {status}, and no page: check the address")
    kind = kind_of(response.headers.get("content-type", ""), address)
    content = response.body(MAX_BYTES)
    if not content.strip():
        raise UnreadableFile("the page is empty: check the address")
    return kind, content


def _file(text: str, page: _Page) -> FetchedFile:
    return FetchedFile(text, str(page.address), page.kind.name, in_utf8(page.content, page.kind))


def _chosen(pages: PageList, base: Address, max_pages: int, *, what: str = "pages") -> tuple[list[str], str]:
    """The pages of a list that are fetched, and what is said about it."""
    allowed = [each for each in pages.addresses if pages.kind == "feed" or _host(each) == base.host]
    chosen = allowed[:max_pages]
    note = f"it lists {len(pages.addresses)} {what}"
    if len(chosen) < len(allowed):
        note += f", of which the first {len(chosen)} are fetched" + (
            ": --max-pages N for more" if what == "pages" else ""
        )
    elif len(allowed) < len(pages.addresses):
        note += f", of which {len(pages.addresses) - len(allowed)} are of other sites and left out"
    return chosen, f"{note}; they are reported below" if chosen else note


def _host(text: str) -> str:
    try:
        return parse_address(text, allow_private=True).host
    except UnreadableFile:
        return ""


def _limited(content: bytes) -> Iterator[bytes]:
    """What a packed list unpacks to. Raises `UnreadableFile` when that is too much."""
    num_bytes = 0
    for piece in unpacked(content[start : start + 65_536] for start in range(0, len(content), 65_536)):
        num_bytes += len(piece)
        if num_bytes > MAX_BYTES:
            raise UnreadableFile(
                f"it unpacks to more than {MAX_BYTES // 1024**2} MiB: add the pages by their addresses"
            )
        yield piece
