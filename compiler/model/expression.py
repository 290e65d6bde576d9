"""Regular expressions of paths, headers and parameters: as proxies mean them, and what they take."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

PART: Final = re.compile(r"\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\{,[0-9]*\}|\(\?<(?![=!])|.", re.DOTALL)
POSIX_CLASS: Final = re.compile(r"\[:(\^?\w+):\]")
POSIX_CLASSES: Final = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "digit": "0-9", "lower": "a-z", "upper": "A-Z", "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f", "blank": r" \t", "space": r"\s", "punct": r"!-/:-@\[-`{-~", "graph": "!-~", "print": " -~",
}  # fmt: skip
"""Characters of the classes that PCRE (pcre2pattern, "Posix character classes") and RE2 (syntax) know, in ASCII."""


def as_python_reads(pattern: str) -> str:
    """The expression in Python's words, which say some things otherwise than PCRE (nginx) and RE2 (Envoy, Traefik).

    Classes such as `[:alpha:]` are characters of a set to Python, and groups are named `(?P<name>`. Raises re.error for
    a class that is not known, and for `{,n}`, which is text to RE2 and a number of times to a newer PCRE.
    """
    if not any(sign in pattern for sign in ("[:", "{,", "(?<")):
        return pattern
    return "".join(map(_part_as_python_reads, PART.findall(pattern)))


def _part_as_python_reads(part: str) -> str:
    if part == "(?<":
        return "(?P<"
    if part.startswith("{,"):
        raise re.error(f"{part} does not mean the same everywhere")
    return POSIX_CLASS.sub(_characters_of_class, part) if part.startswith("[") else part


def _characters_of_class(named: re.Match[str]) -> str:
    if named[1] not in POSIX_CLASSES:
        raise re.error(f"{named[0]} is not known")
    return POSIX_CLASSES[named[1]]


def location_pattern(pattern: str) -> str:
    """The expression of nginx's location for a path, which may be found anywhere in a request's.

    ingress-nginx, nginx.tmpl (`buildLocation`): it writes a `^` before the path. So of `/a|/b` only the first is bound
    to the beginning.
    """
    return f"^{pattern}"


def compiled_location(pattern: str) -> re.Pattern[str] | None:
    """The expression of nginx's location for a path, or None for one that Python cannot read."""
    return compiled_pattern(location_pattern(pattern), re.IGNORECASE)


def location_matches(pattern: str, path: str) -> bool:
    """Whether nginx's `location ~* "^pattern"` takes the path, or the path is the pattern (`pattern_matches`)."""
    location = compiled_location(pattern)
    return pattern == path or (location is not None and location.search(path) is not None)


def pattern_matches(pattern: str, text: str) -> bool:
    """Whether a regular expression matches all of `text`, or is the text.

    So every pattern takes a request, also one that Python cannot read, or of which no plain text is found: its own text
    stands for all that it alone takes.
    """
    expression = compiled_pattern(pattern)
    return pattern == text or (expression is not None and expression.fullmatch(text) is not None)


def whole_text_pattern(pattern: str) -> str:
    """The expression for whole texts of one that may match any part of them.

    So look nginx (balancer.lua, `ngx.re.match`) and Go (`Regexp.MatchString`).
    """
    if "|" in pattern or "\\" in pattern:
        return f".*(?:{pattern}).*"
    inner = pattern.removeprefix("^").removesuffix("$")
    return f"{'' if pattern.startswith('^') else '.*'}{inner}{'' if pattern.endswith('$') else '.*'}"


@lru_cache(maxsize=4096)
def compiled_pattern(pattern: str, flags: int = 0) -> re.Pattern[str] | None:
    """The expression, or None for one that Python cannot read."""
    try:
        with without_regex_warnings():
            return re.compile(as_python_reads(pattern), flags)
    except (re.error, RecursionError, OverflowError):
        return None


@contextmanager
def without_regex_warnings() -> Iterator[None]:
    """What Python finds odd in an expression is no matter of the user's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
