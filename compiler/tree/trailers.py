"""What a publish says about itself at the end of its commit message, and how that is read back with distrust."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TRAILER = re.compile(r"([A-Za-z][A-Za-z0-9-]*): ?(.*)")
_NAME = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?"
_VALID = {
    "environment": re.compile(_NAME),
    "source": re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?"),
    "source-time": re.compile(r"[0-9]{1,12}"),
    "compiler": re.compile(r"[0-9A-Za-z.+-]{1,64}"),
    "releases": re.compile(rf"({_NAME})(, ({_NAME}))*"),
}
_PREFIX = "Shipway-"
DECISION = "Shipway-Decision"
"""The trailer of a move that the pilot made: the verb, and why."""
CHECK = "Shipway-Check"
OBSERVED = "Shipway-Observed-Revision"


@dataclass(frozen=True, slots=True)
class TrailerFacts:
    """What a commit's last block of trailers says; None and () where it says nothing valid.

    `source_time` is in seconds since 1970; `extra` are the other trailers; `faults` is why something was not taken.
    """

    environment: str | None = None
    source: str | None = None
    source_time: int | None = None
    compiler: str | None = None
    releases: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()


def commit_message(subject: str, body: str, facts: TrailerFacts) -> str:
    """A commit message: a line, a text (or none), and one block of trailers; raises ValueError for bad trailers."""
    pairs: list[tuple[str, str]] = [
        ("environment", facts.environment or ""),
        ("source", facts.source or ""),
        ("source-time", "" if facts.source_time is None else str(facts.source_time)),
        ("compiler", facts.compiler or ""),
        ("releases", ", ".join(facts.releases)),
    ]
    lines = []
    for key, value in pairs:
        if value and not _VALID[key].fullmatch(value):
            raise ValueError(f"{value!r} is no value for the trailer {key}")
        lines += [f"{_PREFIX}{key.title()}: {value}"] if value else []
    lines += [_extra_line(key, value) for key, value in facts.extra]
    parts = [_one_line(subject) or "Publish", body.strip(), "\n".join(lines)]
    return "\n\n".join(part for part in parts if part) + "\n"


def read_trailers(text: str) -> TrailerFacts:
    """The facts in the last paragraph of a commit message, if all its lines are trailers.

    Only that block counts, so that words quoted further up (a squash, a forged line in a title) say nothing. A key
    that stands twice, or whose value is not what `message` writes, counts as absent and is named in `faults`.
    """
    values: dict[str, list[str]] = {}
    extra = []
    for key, value in _last_block(text):
        name = key.removeprefix(_PREFIX).lower()
        if key.startswith(_PREFIX) and name in _VALID:
            values.setdefault(name, []).append(value)
        else:
            extra.append((key, value))
    taken, faults = {}, []
    for name, texts in values.items():
        if len(texts) > 1:
            faults.append(f"{_PREFIX}{name.title()} is given {len(texts)} times")
        elif not _VALID[name].fullmatch(texts[0]):
            faults.append(f"{_PREFIX}{name.title()} has an impossible value")
        else:
            taken[name] = texts[0]
    return TrailerFacts(
        environment=taken.get("environment"),
        source=taken.get("source"),
        source_time=int(taken["source-time"]) if "source-time" in taken else None,
        compiler=taken.get("compiler"),
        releases=tuple(taken["releases"].split(", ")) if "releases" in taken else (),
        extra=tuple(extra),
        faults=tuple(faults),
    )


def _last_block(text: str) -> Sequence[tuple[str, str]]:
    paragraphs = re.split(r"\n[ \t]*\n", text.strip("\n \t"))
    if len(paragraphs) < 2:
        return ()
    match = [_TRAILER.fullmatch(line) for line in paragraphs[-1].split("\n")]
    return [(m[1], m[2].strip()) for m in match if m] if all(match) else ()


def _extra_line(key: str, value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", key) or key.removeprefix(_PREFIX).lower() in _VALID:
        raise ValueError(f"{key!r} cannot be the key of an extra trailer")
    return f"{key}: {_one_line(value)}"


def _one_line(text: str) -> str:
    """Without line breaks and control characters, so that no value can start a trailer of its own."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


def evidence_lines(extra: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Why the pilot made a commit, the checks that it rested on, and the commit that Argo CD reported; () else."""
    names = {DECISION: "pilot", CHECK: "check", OBSERVED: "observed"}
    return tuple(f"{names[key]}: {value[:12] if key == OBSERVED else value}" for key, value in extra if key in names)
