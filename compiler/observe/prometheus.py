"""Figures of Prometheus: one number for one question at one time (Prometheus, `docs/querying/api.md`)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Final

from compiler.observe.http import Answer, Server, UnobservedError

QUERY_SECONDS: Final = "10s"


class QueryRefusedError(UnobservedError):
    """The query itself is at fault: it is refused, or has no single number as its answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, lasting=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """A query's number, None without data; and the server's clock where it shows one."""

    value: float | None
    clock: float | None


def read_figure(server: Server, query: str, at: int) -> Reading:
    """The query's value at the time `at` (seconds since 1970).

    Raises UnobservedError where the server cannot be read, and QueryRefusedError where the query has no single number.
    """
    form = {"query": query, "time": str(at), "timeout": QUERY_SECONDS}
    answer = server.ask("/api/v1/query", form)
    return Reading(single_number(server.name, answer), answer.clock)


def single_number(name: str, answer: Answer) -> float | None:
    data = answer.data if isinstance(answer.data, dict) else {}
    if answer.status in (401, 403):
        raise UnobservedError(f"{name} refuses the token (status {answer.status})", lasting=True)
    if data.get("status") == "error" and data.get("errorType") in ("bad_data", "execution"):
        raise QueryRefusedError(f"{name} refuses the query: {plain_line(data.get('error'))}")
    result = data.get("data")
    if answer.status != 200 or data.get("status") != "success" or not isinstance(result, dict):
        raise UnobservedError(f"{name} gave no answer (status {answer.status}): {plain_line(data.get('error'))}")
    return number_of(result.get("resultType"), result.get("result"))


def number_of(kind: Any, result: Any) -> float | None:
    """The one number of a scalar or of a vector with one series; NaN and infinity are no data."""
    if kind not in ("scalar", "vector"):
        raise QueryRefusedError(f"the query gives a {plain_line(kind)}, not one number")
    if not isinstance(result, list):
        raise QueryRefusedError("the query's result has no values")
    if kind == "vector":
        if not result:
            return None
        if len(result) > 1:
            raise QueryRefusedError(f"the query gives {len(result)} series, not one: wrap it in `sum(…)` or `max(…)`")
        result = result[0].get("value") if isinstance(result[0], dict) else None
    try:
        number = float(result[1])
    except (TypeError, ValueError, IndexError, KeyError):
        raise QueryRefusedError("the query's value is not a number") from None
    return number if math.isfinite(number) else None


def plain_line(text: Any) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", str(text or "no reason given"))[:300]
