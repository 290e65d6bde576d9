"""Servers that answer late, without end, too much, elsewhere, or with a certificate that proves nothing."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from compiler.observe import http
from compiler.observe.http import Server, UnobservedError, open_server
from tests.pilot.cluster import serving

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def secured(connection: socket.socket, context: ssl.SSLContext | None) -> socket.socket:
    return connection if context is None else context.wrap_socket(connection, server_side=True)


@contextmanager
def raw_server(answer: Callable[[socket.socket], None], context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that does with each connection what `answer` does; its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    talks: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def one(connection: socket.socket) -> None:
        with suppress(OSError), connection, secured(connection, context) as talking:
            talks.append(talking)
            talking.recv(65_536)
            answer(talking)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threads.append(threading.Thread(target=one, args=(listening.accept()[0],), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listening.getsockname()[1]
    finally:
        # a thread that still accepts would take the connections of the next server that gets this number
        listening.shutdown(socket.SHUT_RDWR)
        accepting.join(10)
        listening.close()
        # and one that still answers keeps later tests of this process from forking
        for talking in talks:
            with suppress(OSError):
                talking.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(10)


def reader(port: int, scheme: str = "http", ca: str | None = None) -> Server:
    return open_server("Prometheus", f"{scheme}://127.0.0.1:{port}", None, ca)


def silent(connection: socket.socket) -> None:
    connection.recv(1)  # returns when the connection is closed


def trickle(first: bytes) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.sendall(first)
        for _ in range(300):
            time.sleep(0.1)
            connection.sendall(b"1")

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        silent,
        trickle(b"HTTP/1.1 200 OK\r\nX-Padding: "),
        trickle(HEAD + b"Content-Length: 1000000\r\n\r\n"),
        trickle(HEAD + b"\r\n"),
        trickle(HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n"),
    ],
    ids=["nothing", "headers", "length", "until-close", "chunk"],
)
def test_an_answer_has_a_deadline_however_it_is_late(
    answer: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "ANSWER_SECONDS", 1.0)
    began = time.monotonic()
    with raw_server(answer) as port, pytest.raises(UnobservedError, match=r"takes longer than|[Tt]imed out"):
        reader(port).read("/")
    assert 0.9 < time.monotonic() - began < 8


def endless(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"1" * 65_536 + b"\r\n")


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_BYTES", 1_000_000)
    with raw_server(endless) as port, pytest.raises(UnobservedError, match="longer than 1000000 bytes"):
        reader(port).read("/")


@pytest.mark.parametrize(("status", "asked"), [(429, 3), (502, 3), (503, 3), (504, 3), (500, 1), (404, 1)])
def test_what_may_pass_is_asked_again(status: int, asked: int) -> None:
    with serving(lambda *_: (status, {})) as served:
        server = open_server("Argo CD", served.url, None, None)
        with suppress(UnobservedError):
            server.read("/")
        assert len(served.asked) == asked


@pytest.mark.parametrize(("wait", "asked"), [("0", 3), ("120", 1), ("Wed, 21 Oct 2026 07:28:00 GMT", 3)])
def test_a_server_that_asks_for_time_is_left_alone(wait: str, asked: int) -> None:
    with serving(lambda *_: (503, {})) as served:
        served.headers["Retry-After"] = wait
        with pytest.raises(UnobservedError, match="status 503" + (" and asks to wait 120 s" if wait == "120" else "")):
            open_server("Argo CD", served.url, None, None).read("/")
        assert len(served.asked) == asked


def test_no_token_follows_a_redirect(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("s3cret\n")
    token.chmod(0o600)
    with serving(lambda *_: (200, {})) as other, serving(lambda *_: (307, b"")) as first:
        first.headers["Location"] = other.url
        with pytest.raises(UnobservedError, match="Argo CD redirects") as raised:
            open_server("Argo CD", first.url, str(token), None).read("/")
        assert other.asked == []
    assert "s3cret" not in str(raised.value)


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate that signs itself, for the address 127.0.0.1 or for another name."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        [*words, "-keyout", key, "-out", cert, "-subj", "/CN=test", "-addext", f"subjectAltName={name}", "-days", "2"],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


def whole(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}")


@pytest.mark.parametrize(
    ("name", "trusted", "message"),
    [
        ("IP:127.0.0.1", True, ""),
        ("IP:127.0.0.1", False, "self-signed certificate"),
        ("DNS:prometheus.example.com", True, "127.0.0.1"),
    ],
)
def test_a_certificate_is_checked(tmp_path: Path, name: str, trusted: bool, message: str) -> None:
    cert, context = certificate(tmp_path, name)
    with raw_server(whole, context) as port:
        server = reader(port, "https", str(cert) if trusted else None)
        if not message:
            assert server.read("/").data == {}
            return
        with pytest.raises(UnobservedError, match=message):
            server.read("/")


def test_plain_text_where_tls_is_expected_is_reported() -> None:
    with raw_server(whole) as port, pytest.raises(UnobservedError, match=r"SSL|TLS"):
        reader(port, "https").read("/")


def test_a_late_answer_with_tls_has_a_deadline_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "ANSWER_SECONDS", 1.0)
    cert, context = certificate(tmp_path, "IP:127.0.0.1")
    began = time.monotonic()
    late = raw_server(trickle(HEAD + b"Content-Length: 1000000\r\n\r\n"), context)
    with late as port, pytest.raises(UnobservedError, match="takes longer than"):
        reader(port, "https", str(cert)).read("/")
    assert time.monotonic() - began < 8
