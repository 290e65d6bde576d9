"""What makes the API server refuse a CronJob.

Source: Kubernetes, pkg/apis/batch/validation/validation.go (`validateCronJobSpec`, `validateScheduleFormat`,
`validateTimeZone`); github.com/robfig/cron/v3, parser.go (`ParseStandard`, `getRange`) and spec.go (`bounds`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from compiler.model.objects import integer_or_default, mapping_or_empty

ScheduleError = tuple[str, str]
Spec = Mapping[str, Any]
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELDS: Final[tuple[tuple[str, range, Mapping[str, int]], ...]] = (
    ("minute", range(60), {}),
    ("hour", range(24), {}),
    ("day of the month", range(1, 32), {}),
    ("month", range(1, 13), {name: number for number, name in enumerate(MONTHS, 1)}),
    ("day of the week", range(7), {name: number for number, name in enumerate(DAYS)}),
)
DESCRIPTORS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
DURATION = re.compile(r"[+-]?(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)")
"""Go, time.ParseDuration."""
WITHIN_A_FIELD = re.compile(r"[+]?[0-9]+|[a-z]+")
COUNTS = ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
NEVER_MISSING: Final = "UTC"


def cron_job_errors(obj: Mapping[str, Any]) -> Iterator[ScheduleError]:
    """Why the API server refuses a CronJob: its schedule, its time zone, its counts."""
    spec = mapping_or_empty(obj.get("spec"))
    if (fault := schedule_fault(str(spec.get("schedule") or ""))) is not None:
        yield f"its schedule is refused: {fault}", "write five fields, such as 0 3 * * *"
    if "timeZone" in spec and not is_time_zone(str(spec["timeZone"])):
        yield f"{spec['timeZone']} is not a time zone", "name one of the IANA database, such as Europe/Paris"
    for name in COUNTS:
        if integer_or_default(spec.get(name), 0) < 0:
            yield f"its {name} is less than 0", "set 0 or more"


@lru_cache(maxsize=256)
def is_time_zone(name: str) -> bool:
    """Whether the API server knows the zone; any well-formed name is one where this machine has no database."""
    if not name or name.lower() == "local":
        return False
    try:
        ZoneInfo(name)
    except (ValueError, OSError):
        return False
    except KeyError:
        return not _has_time_zones()
    return True


def _has_time_zones() -> bool:
    try:
        ZoneInfo(NEVER_MISSING)
    except KeyError:
        return False
    return True


@lru_cache(maxsize=256)
def schedule_fault(text: str) -> str | None:
    """What is wrong with a schedule, in words; None of one that is taken."""
    if text.startswith("@"):
        every = text.removeprefix("@every ")
        known = text in DESCRIPTORS or (every != text and DURATION.fullmatch(every))
        return None if known else f"{text} is not a descriptor"
    parts = text.split()
    if len(parts) != len(FIELDS):
        return f"it has {len(parts)} fields, not {len(FIELDS)}"
    for (name, numbers, words), part in zip(FIELDS, parts, strict=True):
        if not all(_is_in_field(each, numbers, words) for each in part.split(",") if each):
            return f"{part} is not valid for the {name}"
    return None


def _is_in_field(text: str, numbers: range, words: Mapping[str, int]) -> bool:
    """Whether `*`, `a`, `a-b`, with or without `/step`, lies within the numbers of its field."""
    span, slash, step = text.partition("/")
    if slash and not (re.fullmatch(r"\+?[0-9]+", step) and int(step) > 0):
        return False
    ends = span.split("-")
    if ends[0] in ("*", "?"):
        return True
    values = [_field_number(end.lower(), words) for end in ends]
    if len(values) > 2 or any(value is None for value in values):
        return False
    low, high = (value for value in (values[0], values[-1]) if value is not None)
    return low in numbers and high in numbers and low <= high


def _field_number(text: str, words: Mapping[str, int]) -> int | None:
    if not WITHIN_A_FIELD.fullmatch(text):
        return None
    return words.get(text) if text.isalpha() else int(text)
