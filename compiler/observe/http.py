"""Reading JSON from a server: TLS checked, no redirect, bounded in size, time and tries; a token in no message."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from compiler import __version__
from compiler.diagnostics.model import Path as SpecPath
from compiler.diagnostics.model import Problem
from compiler.spec.analysis import SERVICE_ACCOUNT

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 15.0
"""Until the last byte of an answer, all tries together."""
PATIENCE_SECONDS: Final = 5.0
"""A server that asks to be left alone for longer (`Retry-After`) is not asked again."""
MAX_BYTES: Final = 64 * 1024 * 1024
TRIES: Final = 3
RETRYABLE_STATUSES: Final = (429, 502, 503, 504)
CONNECTIONS: Final = 8


class UnobservedError(Exception):
    """A server that did not give what was asked for; `lasting`: asking again would not help, a person must act."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.lasting = reason, lasting


class UnreachableError(UnobservedError):
    """A server that gave no answer at all, or asks to be left alone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer as JSON, and its clock (seconds since 1970) where it shows one."""

    status: int
    data: Any
    clock: float | None
    wait: float = 0.0
    """seconds that the server asks to be left alone"""


@dataclass(frozen=True, slots=True)
class Server:
    """A server at `base`. `name` is what messages call it."""

    name: str
    base: str
    token: str = field(repr=False)
    pool: urllib3.PoolManager = field(repr=False)
    pause: float = 0.3

    def read(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """GET. Raises UnreachableError after three tries, and UnobservedError for an answer that is not JSON."""
        return self._tried("GET", path, query or {})

    def ask(self, path: str, form: Mapping[str, str]) -> Answer:
        """POST of a form, for questions that are too long for an address. Raises as `read`."""
        return self._tried("POST", path, form)

    def _tried(self, method: str, path: str, fields: Mapping[str, str]) -> Answer:
        reason, ends = "", time.monotonic() + ANSWER_SECONDS
        for attempt in range(1, TRIES + 1):
            wait = self.pause * attempt
            try:
                answer = self._once(method, path, fields, ends - time.monotonic())
            except (HTTPError, OSError) as error:
                reason = transport_reason(error)
            else:
                if answer.status not in RETRYABLE_STATUSES:
                    return answer
                reason = f"it answers with status {answer.status}"
                wait = max(wait, answer.wait)
                if answer.wait:
                    reason += f" and asks to wait {answer.wait:g} s"
            if attempt == TRIES or wait > PATIENCE_SECONDS or time.monotonic() + wait >= ends:
                break
            time.sleep(wait)
        raise UnreachableError(f"{self.name} cannot be read: {reason}")

    def _once(self, method: str, path: str, fields: Mapping[str, str], seconds: float) -> Answer:
        headers = {"Accept": "application/json", "User-Agent": f"shipway/{__version__}"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        form = urlencode(fields)
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with answer_deadline(seconds):
            response = self.pool.urlopen(
                method,
                f"{self.base}{path}" + (f"?{form}" if form and method == "GET" else ""),
                body=form if method == "POST" else None,
                headers=headers,
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, seconds), read=seconds),
            )
            try:
                body = bounded_body(response)
            finally:
                response.release_conn()
        answered = self._parsed(response.status, body)
        clock, wait = server_clock(response.headers.get("Date")), asked_wait(response.headers.get("Retry-After"))
        return Answer(response.status, answered, clock, wait)

    def _parsed(self, status: int, body: bytes) -> Any:
        if 300 <= status < 400:
            raise UnobservedError(f"{self.name} redirects: use the final address", lasting=True)
        if status in RETRYABLE_STATUSES:
            return None
        try:
            return json.loads(body)
        except ValueError:
            if status in (401, 403):
                return None
            raise UnobservedError(f"{self.name} does not answer with JSON (status {status})") from None


@contextmanager
def answer_deadline(seconds: float) -> Iterator[None]:
    """Ends what this thread reads from a server `seconds` from now, however slowly each byte comes.

    A socket's own timeout begins anew with each byte. Raises urllib3's HTTPError when the time is over.
    """
    sockets: list[socket.socket] = []
    over = threading.Event()

    def end() -> None:
        over.set()
        for each in sockets:
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, seconds), end)
    timer.daemon = True
    READING.sockets = sockets
    timer.start()
    try:
        yield
    except (HTTPError, OSError, ValueError):
        if not over.is_set():
            raise
    finally:
        timer.cancel()
        READING.sockets = None
    if over.is_set():
        raise HTTPError(f"its answer takes longer than {seconds:.3g} s")


READING: Final = threading.local()
"""Where each thread notes the socket that it reads an answer from."""


class PlainConnection(HTTPConnection):
    """urllib3's connection, which tells `answer_deadline` what it reads from."""

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # as urllib3's own
        """The answer to the request that was sent."""
        READING.sockets.append(self.sock)
        return super().getresponse()


class TlsConnection(HTTPSConnection):
    """urllib3's connection with TLS, which tells `answer_deadline` what it reads from."""

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # as urllib3's own
        """The answer to the request that was sent."""
        READING.sockets.append(self.sock)
        return super().getresponse()


class PlainPool(HTTPConnectionPool):
    """Connections to one server."""

    ConnectionCls = PlainConnection


class TlsPool(HTTPSConnectionPool):
    """Connections to one server with TLS."""

    ConnectionCls = TlsConnection


def bounded_body(response: urllib3.BaseHTTPResponse) -> bytes:
    """The whole body. Raises urllib3's HTTPError for one that is too long."""
    parts: list[bytes] = []
    size = 0
    for part in response.stream(65_536, decode_content=True):
        size += len(part)
        if size > MAX_BYTES:
            raise HTTPError(f"its answer is longer than {MAX_BYTES} bytes")
        parts.append(part)
    return b"".join(parts)


def asked_wait(header: str | None) -> float:
    """The seconds of a `Retry-After` that gives seconds; 0 for none, or a date."""
    return float(header) if header is not None and re.fullmatch(r"[0-9]{1,6}", header.strip()) else 0.0


def server_clock(date: str | None) -> float | None:
    """The time in an answer's `Date`, in seconds since 1970."""
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, OverflowError):
        return None


def transport_reason(error: Exception) -> str:
    """The cause in a line, without the objects that urllib3 puts before it."""
    text = str(getattr(error, "reason", None) or error)
    text = re.sub(r"<[^<>]*>:? ?|\b[A-Z]\w*\(host=[^()]*\): ", "", text)
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text).strip()[:200] or type(error).__name__


def open_server(name: str, url: str, token_file: str | None, ca: str | None) -> Server:
    """The server, its token read from its file. Raises OSError and ValueError, which `file_problem` words."""
    token = read_token(Path(token_file)) if token_file is not None else ""
    if ca is not None:
        Path(ca).read_bytes()
    pool = urllib3.PoolManager(num_pools=2, maxsize=CONNECTIONS, ca_certs=ca, cert_reqs="CERT_REQUIRED")
    pool.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}
    return Server(name, url.rstrip("/"), token, pool)


def read_token(path: Path) -> str:
    """The token in a file. Raises OSError, and ValueError for a file that others can read or that holds no token.

    The kubelet writes a pod's own token readable for all of its one container (`serviceaccount`, projected volumes).
    """
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise ValueError("it is not a file")
        if mode & stat.S_IROTH and not str(path).startswith(f"{SERVICE_ACCOUNT}/"):
            raise ValueError("everybody can read it")
        text = file.read(16_384).decode("utf-8", "replace").strip()
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        raise ValueError("it holds no token: one line without spaces")
    return text


def file_problem(path: SpecPath, file: str, error: Exception) -> Problem:
    """Why a token's or a certificate's file cannot be used, at its line of the spec."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Problem("observe-file", f"{file} cannot be used: {reason}", path, FILE_HELP)


FILE_HELP: Final = "use a file that only the pilot can read (mode 0600, or a mounted Secret with defaultMode 0440)"
