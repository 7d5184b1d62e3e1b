"""How much one user, one address and one connection may ask of the server: the numbers, and the budget of requests.

Sizes of bodies are `edge.py`'s to hold, failed logins are slowed by `slowing.py`.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server takes; the defaults are generous to people and to programs that wait for their answers.

    `requests_per_second` and `burst` are those of each user, and of each address of strangers, in homes with users;
    of `max_keys` at most they are remembered. A body must come at `body_bytes_per_second` at least, after
    `patience_seconds`; the head of a request within `head_seconds` and `max_head_bytes`. `connections` are those of the
    whole server.
    """

    requests_per_second: float = 20.0
    burst: int = 600
    max_keys: int = 10_000
    patience_seconds: float = 30.0
    body_bytes_per_second: int = 10_000
    head_seconds: float = 15.0
    max_head_bytes: int = 64 * 1024
    connections: int = 1_000


LIMITS = Limits()


class Budgets:
    """Requests left to each key: a bucket [1] each, `burst` deep.

    [1] Turner, "New directions in communications", IEEE Communications Magazine 24(10), 1986.
    """

    def __init__(self, limits: Limits = LIMITS, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Takes a request from the key's budget: 0, or the seconds after which there is one again.

        Of more keys than `max_keys` those are forgotten that asked longest ago.
        """
        limits = self._limits
        with self._lock:
            now = self._clock()
            left, at = self._left.pop(key, (float(limits.burst), now))
            left = min(float(limits.burst), left + (now - at) * limits.requests_per_second)
            enough = left >= 1.0
            self._left[key] = (left - 1.0 if enough else left, now)
            while len(self._left) > limits.max_keys:
                self._left.popitem(last=False)
        return 0.0 if enough else (1.0 - left) / limits.requests_per_second

    def __len__(self) -> int:
        return len(self._left)


def network_of(host: str) -> str:
    """The address that is held to account: of IPv6 the network, since one machine has all of its addresses.

    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2::9"), network_of("::ffff:192.0.2.7"), network_of("testclient")
    ('192.0.2.7', '2001:db8:1:2::/64', '192.0.2.7', 'testclient')
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host[:100]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> 64 << 64)}/64"
