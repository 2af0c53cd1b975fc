"""Where the event stream of live pages is: a process of its own, because it holds connections.

`PSEW_LIVE_URL` names it where a proxy puts it under the site's own origin; `PSEW_LIVE_PORT` where
it listens beside the web server. Cookies ignore ports, but scripts and policies do not.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

PATH = "/live/stream"


def stream_address(request: HttpRequest) -> str:
    """Return the address that this request's page asks for the stream; empty where none runs."""
    if settings.LIVE_URL or not settings.LIVE_PORT:
        return str(settings.LIVE_URL)
    try:
        host = urlsplit(f"//{request.get_host()}").hostname or ""
    except DisallowedHost:
        return ""
    host = f"[{host}]" if ":" in host else host
    return f"{request.scheme}://{host}:{settings.LIVE_PORT}{PATH}"


def stream_origin(request: HttpRequest) -> str:
    """Return the stream's origin where it is not the page's own, for the content policy."""
    parts = urlsplit(stream_address(request))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def may_read(origin: str, host: str) -> bool:
    """Tell whether a page of this origin may read a stream asked for under this host name."""
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        page, site = urlsplit(origin), urlsplit(settings.PUBLIC_URL)
        return page.hostname == urlsplit(f"//{host}").hostname and page.port == site.port
    except ValueError:
        return False
