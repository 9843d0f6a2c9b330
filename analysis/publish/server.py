"""Serve the finished site to this machine alone."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from analysis.publish.errors import BuildError

HOST = "127.0.0.1"
"""Never another address: a preview is nobody else's business."""

MOST_PORT = 65_535

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    # What a page cannot say of itself: nobody may show it inside another page.
    "Content-Security-Policy": "frame-ancestors 'none'",
}
"""Sent with everything: fetch a rebuilt page anew, take files for what they are called, tell other
hosts nothing."""


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line for each request, and without letting them be cached."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Say how the browser should treat what it gets."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()


def make_server(site: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of the site, not yet serving.

    Parameters
    ----------
    site : Path
        The finished site.
    port : int
        Port of this machine; 0 takes a free one.

    Raises
    ------
    BuildError
        When there is no site or the port is taken.
    """
    if not (site / "index.html").is_file():
        raise BuildError(f"there is no site in {site.name}/ yet: run `python -m analysis book`.")
    if not 0 <= port <= MOST_PORT:
        raise BuildError(f"port {port} is none: give 1024 to {MOST_PORT}, or 0 for a free one.")
    try:
        return ThreadingHTTPServer((HOST, port), partial(QuietHandler, directory=str(site)))
    except OSError as error:
        reason = error.strerror
        raise BuildError(
            f"port {port} cannot be used ({reason}): try --port {port + 1}."
        ) from error
