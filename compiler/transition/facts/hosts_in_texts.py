"""Hosts in texts that are no URLs: with a port, as lists and connection strings have them, and after an option.

Source: libpq, Connection Strings (`host=`); go-sql-driver/mysql, README.md (`user@tcp(host:port)/name`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

HOST = r"([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)"
WITH_PORT = re.compile(rf"(?<![\w.:/-]){HOST}:(\d{{1,5}})(?![\w.:])")
ANY_PORT_NUMBER = re.compile(r":[0-9]")
"""What most texts have not: looking for hosts in all of them would take as long as for URLs."""
OF_OPTION = re.compile(
    rf"(?:^|[\s;])(?:--?[\w.-]*)?(?:host|hostname|addr|address|server|endpoint|upstream)[=\s]\s*{HOST}(?=$|[\s;,])"
)


def hosts_with_ports(text: str) -> Iterator[tuple[str, int]]:
    """Each `host:port` that stands in a text by itself, behind a user, or in a list."""
    if ANY_PORT_NUMBER.search(text):
        yield from ((host, int(port)) for host, port in WITH_PORT.findall(text))


def hosts_of_options(text: str) -> Iterator[str]:
    """What options and fields that speak of a host are set to: `--api-host=api`, `host=api`."""
    yield from OF_OPTION.findall(text)
