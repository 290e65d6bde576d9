"""`shipway` as a program that starts at once: a server has loaded its modules, and forks for each call.

A session of the documentation is a hundred calls, and most of what a call costs is the loading of modules. The calls
stay processes of their own, with their own streams, folder, variables and signals.
"""

from __future__ import annotations

import io
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

# of the dev extras: jsonschema loads it for formats that nobody checks, and its grammar takes two seconds to build
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

CLIENT = """\
#!{python} -ISE
import json, os, signal, socket, sys
connection = socket.socket(socket.AF_UNIX)
connection.connect({address!r})
call = json.dumps([sys.argv[1:], os.getcwd(), os.umask(0o077), dict(os.environ)]).encode()
socket.send_fds(connection, [len(call).to_bytes(8, "big")], [0, 1, 2])
connection.sendall(call)
replies = connection.makefile()
child = int(replies.readline())
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda number, _: os.kill(child, number))
status = int(replies.readline() or 1)
sys.exit(status if status >= 0 else 128 - status)
"""
NOT_LOADED = ("compiler.validate.bundle",)
"""run by hand, of the dev extras"""


@contextmanager
def preloaded_shipway(folder: Path) -> Iterator[Path]:
    """A folder for PATH whose `shipway` is answered by a server until the block ends."""
    address, program = folder / "socket", folder / "bin" / "shipway"
    program.parent.mkdir()
    program.write_text(CLIENT.format(python=sys.executable, address=str(address)), encoding="utf-8")
    program.chmod(0o755)
    root = Path(__file__).parents[1]
    server = subprocess.Popen([sys.executable, "-m", "tests.preloaded", str(address)], cwd=root, stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        yield program.parent
    finally:
        server.terminate()
        server.communicate()


def serve(address: str) -> NoReturn:
    """Answers each call in a process of its own."""
    for module in pkgutil.walk_packages(import_module("compiler").__path__, "compiler."):
        if module.name not in NOT_LOADED:
            import_module(module.name)
    import_module("jsonschema.validators")  # loaded where a schema refuses an object
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, reap)
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            answer(connection)
        connection.close()


def reap(*_: object) -> None:
    """Waits for those who have answered, so that their time counts as this process'."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def answer(connection: socket.socket) -> NoReturn:
    """Runs the call in a child, whose number and exit status go back."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(connection, 8, 3)
    with connection.makefile("rb") as stream:
        arguments, folder, mask, variables = json.loads(stream.read(int.from_bytes(size, "big")))
    child = os.fork()
    if child == 0:
        connection.close()
        os.umask(mask)
        os.chdir(folder)
        become(streams, arguments, variables)
    for each in streams:
        os.close(each)
    connection.sendall(f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def become(streams: list[int], arguments: list[str], variables: dict[str, str]) -> NoReturn:
    """The call itself, as the console script would run it."""
    for number, each in enumerate(streams):
        os.dup2(each, number)
        os.close(each)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["shipway", *arguments]
    sys.stdin = io.TextIOWrapper(open(0, "rb", closefd=False), encoding="utf-8")  # noqa: SIM115 - it lives to the end
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(open(number, "wb", buffering=0, closefd=False), encoding="utf-8", write_through=True)  # noqa: SIM115
        for number in (1, 2)
    )
    import_module("compiler.cli.main").run()
    raise AssertionError


if __name__ == "__main__":
    serve(sys.argv[1])
