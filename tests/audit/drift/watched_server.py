"""A site on loopback that answers conditional requests, and whose pages a test changes."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """Pages by path, and what was asked."""

    port: int = 0
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Media type and bytes."""
    statuses: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    """Paths that answer otherwise, with headers."""
    answers: list[tuple[str, int]] = field(default_factory=list)
    """Paths asked for, and the statuses given."""
    has_etags: bool = True

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, text: str, media_type: str = "text/markdown; charset=utf-8") -> None:
        self.pages[path] = (media_type, text.encode())


@contextlib.contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, data = answer(self.path, self.headers.get("If-None-Match", ""))
            site.answers.append((self.path, status))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None: ...

    def answer(path: str, asked: str) -> tuple[int, dict[str, str], bytes]:
        if path in site.statuses:
            return *site.statuses[path], b""
        if path not in site.pages:
            return 404, {}, b""
        media_type, data = site.pages[path]
        tag = f'"{hashlib.md5(data).hexdigest()}"'
        headers = {"Content-Type": media_type} | ({"ETag": tag} if site.has_etags else {})
        return (304, headers, b"") if site.has_etags and asked == tag else (200, headers, data)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
