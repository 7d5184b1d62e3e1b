"""What a site's robots.txt lets this program fetch [1]: the longest rule that fits counts, and of two as long, "allow".

[1] Koster et al., "Robots Exclusion Protocol", RFC 9309, sections 2.2 and 2.3. `Crawl-delay` is common, and not in it.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import quote

MAX_BYTES = 500 * 1024
_AGENT = re.compile(r"[A-Za-z_-]+")
_SAFE = "%/?:@!$&'()*+,;=-._~#[]"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to one program: paths that it may fetch (True) and may not, in the file's order."""

    paths: tuple[tuple[str, bool], ...] = ()
    delay_seconds: float = 0.0

    def allow(self, target: str) -> bool:
        """Whether the program may fetch the path, with its query."""
        asked = _canonical(target)
        fitting = [(len(path), allowed) for path, allowed in self.paths if _fits(path, asked)]
        return max(fitting)[1] if fitting else True


def parse_rules(content: bytes, product: str) -> Rules:
    """The rules of a robots.txt for a product: of the groups that name it, else of those for all.

    Lines that say nothing known are left out; what lies beyond the first 500 KiB is not read.

    >>> rules = parse_rules(b"User-agent: *" + bytes([10]) + b"Disallow: /drafts", "communique")
    >>> rules.allow("/drafts/1"), rules.allow("/")
    (False, True)
    """
    groups: dict[str, _Group] = {}
    current: set[str] = set()
    is_naming = False
    for line in content[:MAX_BYTES].decode("utf-8-sig", "replace").splitlines():
        key, colon, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        if colon and key.lower() == "user-agent":
            current = (current if is_naming else set()) | {_agent(value)} & {product, "*"}
            is_naming = True
            for agent in current:
                groups.setdefault(agent, _Group())
        elif colon and key.lower() in {"allow", "disallow", "crawl-delay"}:
            is_naming = False
            for agent in current:
                groups[agent].hear(key.lower(), value)
    group = groups.get(product) or groups.get("*") or _Group()
    return Rules(tuple(group.paths), group.delay_seconds)


@dataclass(slots=True)
class _Group:
    paths: list[tuple[str, bool]] = field(default_factory=list)
    delay_seconds: float = 0.0

    def hear(self, key: str, value: str) -> None:
        if key != "crawl-delay":
            if value:
                self.paths.append((_canonical(value), key == "allow"))
        elif re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value):
            self.delay_seconds = float(value)


def _agent(value: str) -> str:
    found = _AGENT.match(value)
    return found[0].lower() if found else value[:1]


def _canonical(path: str) -> str:
    """The path with all that is not plain in percent escapes, in upper case, and none for plain letters."""
    escaped = re.sub(r"%[0-9A-Fa-f]{2}", lambda found: _unescaped(found[0]), path)
    return quote(escaped, safe=_SAFE)


def _unescaped(escape: str) -> str:
    letter = chr(int(escape[1:], 16))
    return letter if letter.isascii() and (letter.isalnum() or letter in "-._~") else escape.upper()


def _fits(path: str, asked: str) -> bool:
    """Whether a rule's path, in which * is anything and a last $ the end, is how what is asked for begins."""
    to_the_end = path.endswith("$")
    first, *others = path.removesuffix("$").split("*")
    if not asked.startswith(first):
        return False
    position = len(first)
    for number, part in enumerate(others, start=1):
        if to_the_end and number == len(others):
            found = len(asked) - len(part) if asked.endswith(part) else -1
        else:
            found = asked.find(part, position)
        if found < position:
            return False
        position = found + len(part)
    return not to_the_end or position == len(asked)
