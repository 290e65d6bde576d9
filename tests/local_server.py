"""An HTTP server on the loopback for tests."""

from __future__ import annotations

import socket
from http.server import ThreadingHTTPServer
from typing import Any


class LocalServer(ThreadingHTTPServer):
    """A client that is killed between the server's look and its accept must not stop the server for ever."""

    def get_request(self) -> tuple[socket.socket, Any]:
        self.socket.settimeout(1)
        return super().get_request()
