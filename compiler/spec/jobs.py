"""What runs beside the pods with the version's own image: once before them, or by the clock."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from compiler.spec.base import DnsLabel, DnsSubdomain, Items, Model, PositiveCount, Tree, shared_default
from compiler.spec.container import Env, Resources

SHORTHANDS: Final = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELDS: Final = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, MONTHS),
    ("day of the week", 0, 6, DAYS),
)
PART: Final = re.compile(r"(\*|\?|(\w+)(?:-(\w+))?)(?:/([1-9][0-9]*))?")


def validate_schedule(text: str) -> str:
    """The text, if it is a schedule. Source: robfig/cron v3, parser.go `ParseStandard`, which Kubernetes uses."""
    if text.startswith("@"):
        if text not in SHORTHANDS:
            raise ValueError(f"`{text}` is not a schedule; the words allowed are {', '.join(SHORTHANDS)}")
        return text
    for (name, low, high, words), field in zip(FIELDS, text.split(" "), strict=True):
        for part in field.split(","):
            validate_part(name, part, low, high, words)
    return text


def validate_part(name: str, part: str, low: int, high: int, words: tuple[str, ...]) -> None:
    form = PART.fullmatch(part)
    numbers = [] if form is None else [field_number(each, low, words) for each in form.group(2, 3) if each]
    if form is None or any(number is None or not low <= number <= high for number in numbers):
        raise ValueError(f"`{part}` is not a valid {name}: use {low} to {high}")


def field_number(text: str, low: int, words: tuple[str, ...]) -> int | None:
    if text.lower() in words:
        return words.index(text.lower()) + low
    return int(text) if text.isdecimal() else None


Schedule = Annotated[
    str,
    StringConstraints(pattern=r"^(@[a-z]+|\S+( \S+){4})$", max_length=120),
    AfterValidator(validate_schedule),
]


class ReleaseJob(Model):
    """A Job that must succeed before the first pod of a version starts (a migration, a warm-up), or, with a `schedule`,
    a CronJob whose image is that of the version that serves.

    Its container is the release's own, without ports and probes; the keys here replace parts of it.
    """

    name: DnsSubdomain | None = None
    """of a CronJob alone; by default the release's name and the job's"""
    container: DnsLabel | None = None
    """the name of its container; by default that of the release's"""
    command: Items[str] | None = None
    args: Items[str] | None = None
    env: Env = shared_default({})
    resources: Resources | None = None
    backoff_limit: Annotated[int, Field(ge=0, le=100)] = 2
    active_deadline_seconds: PositiveCount | None = None
    """seconds after which it counts as failed; a Job before pods has 600, for a gate must end by itself"""
    schedule: Schedule | None = None
    time_zone: str | None = None
    concurrency_policy: Literal["Allow", "Forbid", "Replace"] = "Forbid"
    overrides: Tree = shared_default({})
    """anything else of the Job or the CronJob, whose name may change with its content; lists merge by their keys"""

    @model_validator(mode="after")
    def by_the_clock(self) -> Self:
        clock = ("name", "time_zone", "concurrency_policy")
        given = [name for name in clock if name in self.model_fields_set]
        if self.schedule is None and given:
            raise ValueError(f"`{type(self).model_fields[given[0]].alias}` is for a CronJob: add a `schedule`")
        return self
