"""A few requests to a forge's REST interface: bounded in size, time and tries; the token goes to one host only."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from compiler import __version__
from compiler.forge.refusals import forge_rejection, unexpected_answer

_SECONDS: Final = 30.0
_TRIES: Final = 3
_MAX_BYTES: Final = 16 * 1024 * 1024
_PER_PAGE: Final = 100
_RETRYABLE_STATUSES: Final = (429, 500, 502, 503, 504)
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would carry the token to another host."""

    def redirect_request(self, *_: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Api:
    """The interface at `base`, with the headers that carry the token; `pause` is what the second try waits, in
    seconds, and the third twice.
    """

    base: str
    headers: Mapping[str, str] = field(repr=False)
    pause: float = 2.0
    opener: OpenerDirector = field(default_factory=lambda: build_opener(_NoRedirect), repr=False)

    def pages(self, path: str, query: Mapping[str, str], most: int) -> Iterator[Any]:
        """The items of a list, page by page, up to `most` pages. Raises Rejected for an answer that is not a list."""
        for page in range(1, most + 1):
            parameters = urlencode({**query, "per_page": _PER_PAGE, "page": page})
            items = self.send("GET", f"{path}?{parameters}")
            if not isinstance(items, list):
                raise unexpected_answer(f"GET {path}", "it is not a list")
            yield from items
            if len(items) < _PER_PAGE:
                return

    def send(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        """The answer's JSON. Raises Rejected: refused at once, or unreachable after three tries."""
        reason = ""
        for attempt in range(_TRIES):
            time.sleep(self.pause * attempt)
            try:
                return self._once(method, path, body)
            except HTTPError as error:
                reason = f"{error.code} {_reason(error)}"
                if error.code not in _RETRYABLE_STATUSES:
                    help_text = "give the token the right that the request needs: `pull-requests: write`, or `api`"
                    raise forge_rejection("forge-refused", f"{method} {path}: {reason}", help_text) from None
            except (URLError, HTTPException, OSError) as error:
                reason = str(getattr(error, "reason", error))
            except ValueError:
                reason = "the answer is not JSON"
        raise forge_rejection("forge-unreachable", f"{method} {path}: {reason}", "run the job again")

    def _once(self, method: str, path: str, body: Mapping[str, str] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.base}{path}", data, method=method)  # noqa: S310 - `api` has checked the scheme
        for name, value in self.headers.items():
            request.add_header(name, value)
        request.add_header("User-Agent", f"shipway/{__version__}")
        if data is not None:
            request.add_header("Content-Type", "application/json")
        with self.opener.open(request, timeout=_SECONDS) as answer:
            return json.loads(answer.read(_MAX_BYTES))


def api(environment: Mapping[str, str], pause: float = 2.0) -> Api:
    """GitHub's interface, as a workflow's environment names it (GITHUB_API_URL, GITHUB_TOKEN). Raises Rejected."""
    token = environment.get("GITHUB_TOKEN", "")
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    return forge_api(
        ("GITHUB_API_URL", environment.get("GITHUB_API_URL") or "https://api.github.com"),
        ("GITHUB_TOKEN", token, "set `GITHUB_TOKEN: ${{ github.token }}` on the step"),
        headers,
        pause,
    )


def forge_api(address: tuple[str, str], token: tuple[str, str, str], headers: Mapping[str, str], pause: float) -> Api:
    """The interface at an address (its variable, its value) with a token (its variable, its value, how to set it).

    Raises Rejected for an address that is not https, and without a token.
    """
    url = urlsplit(address[1])
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in _LOOPBACK):
        message = f"{address[0]} is not https: {url.scheme}://…"
        raise forge_rejection("forge-address", message, "set it to the https address of the forge's REST interface")
    if not token[1] or not re.fullmatch(r"[\x21-\x7e]+", token[1]):
        raise forge_rejection("forge-token", f"{token[0]} is not set", token[2])
    return Api(address[1].rstrip("/"), headers, pause)


def _reason(error: HTTPError) -> str:
    """The forge's own sentence, or the status line's."""
    try:
        reason = json.loads(error.read(65_536))["message"]
    except (ValueError, KeyError, TypeError, OSError, HTTPException):
        reason = error.reason
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", str(reason))[:300]
