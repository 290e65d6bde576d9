"""Reading JSON from a server: TLS checked, no redirect, bounded in size, time and tries; a token in no message."""

from __future__ import annotations

import json
import os
import re
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError

from compiler import __version__
from compiler.diagnostics.model import Path as SpecPath
from compiler.diagnostics.model import Problem
from compiler.spec.analysis import SERVICE_ACCOUNT

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 15.0
MAX_BYTES: Final = 64 * 1024 * 1024
TRIES: Final = 3
RETRYABLE_STATUSES: Final = (429, 502, 503, 504)
CONNECTIONS: Final = 8


class UnobservedError(Exception):
    """A server that did not give what was asked for; `lasting`: asking again would not help, a person must act."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.lasting = reason, lasting


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer as JSON, and its clock (seconds since 1970) where it shows one."""

    status: int
    data: Any
    clock: float | None


@dataclass(frozen=True, slots=True)
class Server:
    """A server at `base`. `name` is what messages call it."""

    name: str
    base: str
    token: str = field(repr=False)
    pool: urllib3.PoolManager = field(repr=False)
    pause: float = 0.3

    def read(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """GET. Raises UnobservedError: unreachable after three tries, or an answer that is not JSON."""
        return self._tried("GET", path, query or {})

    def ask(self, path: str, form: Mapping[str, str]) -> Answer:
        """POST of a form, for questions that are too long for an address. Raises as `read`."""
        return self._tried("POST", path, form)

    def _tried(self, method: str, path: str, fields: Mapping[str, str]) -> Answer:
        reason = ""
        for attempt in range(TRIES):
            time.sleep(self.pause * attempt)
            try:
                answer = self._once(method, path, fields)
            except (HTTPError, OSError) as error:
                reason = transport_reason(error)
                continue
            if answer.status not in RETRYABLE_STATUSES:
                return answer
            reason = f"it answers with status {answer.status}"
        raise UnobservedError(f"{self.name} cannot be read: {reason}")

    def _once(self, method: str, path: str, fields: Mapping[str, str]) -> Answer:
        headers = {"Accept": "application/json", "User-Agent": f"shipway/{__version__}"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        form = urlencode(fields)
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        deadline = time.monotonic() + ANSWER_SECONDS
        response = self.pool.urlopen(
            method,
            f"{self.base}{path}" + (f"?{form}" if form and method == "GET" else ""),
            body=form if method == "POST" else None,
            headers=headers,
            redirect=False,
            retries=False,
            preload_content=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS),
        )
        try:
            body = bounded_body(response, deadline)
        finally:
            response.release_conn()
        return Answer(response.status, self._parsed(response.status, body), server_clock(response.headers.get("Date")))

    def _parsed(self, status: int, body: bytes) -> Any:
        if 300 <= status < 400:
            raise UnobservedError(f"{self.name} redirects: write the address where it ends", lasting=True)
        if status in RETRYABLE_STATUSES:
            return None
        try:
            return json.loads(body)
        except ValueError:
            if status in (401, 403):
                return None
            raise UnobservedError(f"{self.name} does not answer with JSON (status {status})") from None


def bounded_body(response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """The whole body. Raises urllib3's HTTPError for one that is too long, or too slow."""
    parts: list[bytes] = []
    size = 0
    for part in response.stream(65_536, decode_content=True):
        size += len(part)
        if size > MAX_BYTES:
            raise HTTPError(f"its answer is longer than {MAX_BYTES} bytes")
        if time.monotonic() > deadline:
            raise HTTPError(f"its answer takes more than {ANSWER_SECONDS:g} s")
        parts.append(part)
    return b"".join(parts)


def server_clock(date: str | None) -> float | None:
    """The time in an answer's `Date`, in seconds since 1970."""
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, OverflowError):
        return None


def transport_reason(error: Exception) -> str:
    """The cause in a line, without the object addresses that urllib3 puts before it."""
    text = str(getattr(error, "reason", None) or error)
    text = re.sub(r"<[^<>]*>:? ?", "", text)
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text).strip()[:200] or type(error).__name__


def open_server(name: str, url: str, token_file: str | None, ca: str | None) -> Server:
    """The server, its token read from its file. Raises OSError and ValueError, which `file_problem` words."""
    token = read_token(Path(token_file)) if token_file is not None else ""
    if ca is not None:
        Path(ca).read_bytes()
    pool = urllib3.PoolManager(num_pools=2, maxsize=CONNECTIONS, ca_certs=ca, cert_reqs="CERT_REQUIRED")
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


FILE_HELP: Final = "name a file that the pilot alone can read (mode 0600, or a mounted Secret with defaultMode 0440)"
