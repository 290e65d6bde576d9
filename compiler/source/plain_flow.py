"""The quick way through a flow collection that stands on one line: `{name: web}`, `[--workers, "4"]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from compiler.source.dialects import SPEC

KEY: Final = r"""[^\W\d][\w./-]{0,99} | "[^"\\\t]{1,99}" | '[^'\t]{1,99}' """
QUOTED: Final = r""" "[^"\\\t]*" | '[^'\t]*' """
_TOKEN: Final = re.compile(
    rf"""\ *+(?:([\[\]{{}},])
      |({KEY}):\                                                    # a key
      |((?:[\w./$+~(]|-(?=[\w-]))[^\s:\#,\[\]{{}}]*+(?:(?::(?=[\w/])|\ ++(?=[^\s:\#,\[\]{{}}]))[^\s:\#,\[\]{{}}]*+)*+)
      |({QUOTED})
      |(?<=\ )\#.*|$                                                # a comment
      |(.))""",
    re.VERBOSE,
)
Token = tuple[str, ...]
_END: Final = ("", "", "", "", "")


class NeedsFullParseError(Exception):
    """Something in the text deserves a finding, or a YAML parser's care."""


def flow_data(text: str, above: int) -> Any:
    """The value of a flow collection that so many others hold. Raises NeedsFullParseError, and as `SPEC.plain` does."""
    reader = _FlowReader(text, above)
    data = reader.value(reader.following())
    if any(map(any, reader.tokens)):
        raise NeedsFullParseError
    return data


def key_text(written: str) -> str:
    """What a key says, which is text. Raises NeedsFullParseError, and as `SPEC.plain` does."""
    text = written[1:-1] if written[0] in "\"'" else SPEC.plain(written)
    if type(text) is not str or text == "<<":
        raise NeedsFullParseError
    return text


class _FlowReader:
    def __init__(self, text: str, above: int) -> None:
        self.tokens: Iterator[Token] = iter(_TOKEN.findall(text))
        self.depth = above

    def following(self) -> Token:
        return next(self.tokens, _END)

    def value(self, token: Token) -> Any:
        sign, _, word, quoted, _ = token
        if word:
            return SPEC.plain(word)
        if quoted:
            return quoted[1:-1]
        if sign not in ("[", "{") or self.depth == SPEC.limits.depth:
            raise NeedsFullParseError
        self.depth += 1
        data = self.items() if sign == "[" else self.entries()
        self.depth -= 1
        return data

    def items(self) -> list[Any]:
        data: list[Any] = []
        token = self.following()
        if token[0] != "]":
            data.append(self.value(token))
            while self.goes_on("]"):
                data.append(self.value(self.following()))
        return data

    def entries(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        token = self.following()
        if token[0] != "}":
            self.add_entry(data, token)
            while self.goes_on("}"):
                self.add_entry(data, self.following())
        return data

    def add_entry(self, data: dict[str, Any], token: Token) -> None:
        written = token[1]
        if not written or (key := key_text(written)) in data:
            raise NeedsFullParseError
        data[key] = self.value(self.following())

    def goes_on(self, end: str) -> bool:
        """Whether another item follows; after the last one the collection ends."""
        sign = self.following()[0]
        if sign not in (",", end):
            raise NeedsFullParseError
        return sign == ","
