"""An HTTP server on the loopback for tests."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class LocalServer(ThreadingHTTPServer):
    """A client that is killed between the server's look and its accept must not stop the server for ever."""

    def get_request(self) -> tuple[socket.socket, Any]:
        self.socket.settimeout(1)
        return super().get_request()


@contextmanager
def serving_http(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address (host:port) of a server whose requests the handler answers until the block ends."""
    with LocalServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
