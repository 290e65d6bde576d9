"""Every command by name: its module, its line of help, its examples. Plain data, so that `--help` imports nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Command:
    """`shared`: its module serves several commands and is told which one."""

    module: str
    help: str
    examples: tuple[str, ...]
    shared: bool = False

    def example_lines(self) -> str:
        return "\n".join(f"  shipway {example}" for example in self.examples)


COMMANDS: Final[dict[str, Command]] = {
    "check": Command(
        "check",
        "compile and validate specs; write nothing",
        ("check", "check prod", "check prod/recommender", "check --format github"),
    ),
    "build": Command(
        "build",
        "write the published tree as files",
        ("build", "build prod --out /tmp/rendered", "build prod/recommender"),
    ),
    "verify": Command(
        "verify",
        "judge the change from one set of manifests to another, Shipway's or not",
        ("verify old/ new/", "verify old/ new/ --sync-option PruneLast=true", "verify .@main:prod .@HEAD:prod"),
    ),
    "bootstrap": Command(
        "bootstrap",
        "print Argo CD's AppProject and Applications for an environment",
        ("bootstrap prod", "bootstrap prod | kubectl apply -f -"),
    ),
    "plan": Command(
        "plan",
        "show what a publish would change: the verdict, the course, the differences",
        ("plan", "plan prod", "plan --format md --output plan.md --format html --output plan.html"),
    ),
    "publish": Command(
        "publish",
        "commit and push the next state for Argo CD",
        ("publish", "publish prod", "publish prod --dry-run"),
    ),
    "schema": Command(
        "schema", "print the JSON Schema of a kind of spec", ("schema Release", "schema --write schemas")
    ),
    "explain": Command(
        "explain", "say what a code of an error means, and how to mend it", ("explain yaml-duplicate-key",)
    ),
}
