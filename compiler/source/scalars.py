"""What an unquoted YAML word means: by YAML 1.2 in specs, by the rules of Kubernetes' own reader in manifests."""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

_NOT_TEXT_STARTS = frozenset("0123456789+-.~nNtTfF")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_A_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")

_GO_STARTS = _NOT_TEXT_STARTS | frozenset("yYoO")
_GO_WORDS: dict[str, Scalar] = {
    **_WORDS,
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), False),
}
_GO_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")

_DIGITS_OF_INT64 = 70


class ScalarError(ValueError):
    """A word that stands for no value a manifest can hold; `code` is the diagnostic's."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = fix


def spec_scalar(text: str) -> Scalar:
    """The value of an unquoted word in a spec: YAML 1.2's core schema, less what YAML 1.1 readers read otherwise.

    Raises ScalarError for integers outside int64, for infinite and NaN floats, and for decimals with a leading zero
    (octal to YAML 1.1). Source: YAML 1.2.2, chapter 10.3.2.
    """
    if text and text[0] not in _NOT_TEXT_STARTS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if _LEADING_ZERO.fullmatch(text):
            raise ScalarError(
                "yaml-leading-zero",
                f"{_shortened(text)} is a different number in YAML 1.1, which reads it as octal, than in YAML 1.2",
                "write the number without leading zeros, or quote it to keep it as text",
            )
        return _integer(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        return _finite_float(text)
    if _NOT_A_NUMBER.fullmatch(text):
        raise _not_finite(text)
    return text


def manifest_scalar(text: str) -> Scalar:
    """The value of an unquoted word in a manifest: as kubectl and Argo CD read it (`yes` is true, `010` is 8).

    Raises ScalarError for integers outside int64 and for infinite and NaN floats, which no API server takes.
    Source: sigs.k8s.io/yaml, goyaml.v2/resolve.go, `resolve`.
    """
    if text and text[0] not in _GO_STARTS:
        return text
    if text in _GO_WORDS:
        return _GO_WORDS[text]
    plain = text.replace("_", "")
    if _GO_INTEGER.fullmatch(plain):
        return _integer(plain, _go_base(plain.lstrip("+-")))
    if _FLOAT.fullmatch(plain):
        number = _finite_float(plain)
        return int(number) if number.is_integer() and abs(number) < 2**63 else number
    if _NOT_A_NUMBER.fullmatch(text):
        raise _not_finite(text)
    return text


def _go_base(digits: str) -> int:
    prefix = digits[:2].lower()
    if prefix in ("0x", "0b"):
        return 16 if prefix == "0x" else 2
    return 8 if digits[0] == "0" and len(digits) > 1 else 10


def _integer(text: str, base: int) -> int:
    if len(text) <= _DIGITS_OF_INT64:
        number = int(text, base)
        if -(2**63) <= number < 2**63:
            return number
    raise ScalarError(
        "yaml-number-range",
        f"{_shortened(text)} does not fit into a 64-bit integer",
        "quote it if it is text; Kubernetes has no larger integers",
    )


def _finite_float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _not_finite(text)
    return number


def _not_finite(text: str) -> ScalarError:
    return ScalarError(
        "yaml-number-range",
        f"{_shortened(text)} is not a finite number",
        "quote it if it is text; neither JSON nor Kubernetes has infinities or NaN",
    )


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:24]}… ({len(text)} characters)"
