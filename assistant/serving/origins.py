"""Requests that another site's page makes in the browser of somebody who may ask here.

Such a page is known by the site that the browser names [1], by its origin, or, where its name was made to lead here
[2], by that name.

[1] W3C, "Fetch Metadata Request Headers".
[2] Jackson et al., "Protecting Browsers from DNS Rebinding Attacks", CCS 2007.
"""

import re
from collections.abc import Sequence
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

SAFE_METHODS = ("GET", "HEAD")
_OWN_SITES = ("same-origin", "none")


def foreign_host(headers: Headers, hosts: Sequence[str] | None) -> str | None:
    """Why a request may have been asked under a name that is not this server's; None where it was not.

    `hosts` are its names without ports; None is any.
    """
    host = headers.get("host", "")
    if hosts is None or name_of(host) in hosts:
        return None
    return f"this is not the server of {host[:100]!r}: ask under {hosts[0]}"


def foreign_origin(headers: Headers) -> str | None:
    """Why a request comes from another site's page, by its origin; None where it does not, or does not say."""
    origin = headers.get("origin")
    if origin is None or _is_own(headers, origin):
        return None
    return f"a page of {origin[:100]!r} may not ask here: only this server's own page may"


def foreign_with_cookie(headers: Headers) -> str | None:
    """Why a request that a browser sent with its cookie may come from another site's page; None where it does not.

    What a browser says of the site counts before all; without a word on site and origin no change is made.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return (
            None if site in _OWN_SITES else "a page of another site may not ask here: only this server's own page may"
        )
    if headers.get("origin") is None:
        return "a browser says where its request comes from, and this one does not: programs send a token"
    return foreign_origin(headers)


def name_of(host: str) -> str:
    """The name in a Host header, without its port.

    >>> [name_of(host) for host in ("127.0.0.1:7860", "LocalHost", "[::1]:80", "")]
    ['127.0.0.1', 'localhost', '[::1]', '']
    """
    return re.sub(r":\d*\Z", "", host).casefold()


def is_secure(scope: Scope) -> bool:
    """Whether a request came over https, as the server or the proxy before it says."""
    return bool(scope.get("scheme") == "https")


def is_plain_and_far(scope: Scope) -> bool:
    """Whether a request came over http to an address other than loopback, where all on the way can read it."""
    if is_secure(scope):
        return False
    host = (scope.get("server") or ("",))[0]
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def _is_own(headers: Headers, origin: str) -> bool:
    host = headers.get("host", "")
    return origin.casefold() in (f"http://{host}".casefold(), f"https://{host}".casefold())
