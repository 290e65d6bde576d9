"""The versions that `start` was told to bring in, as a spec writes them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from compiler.course.refusals import verb_rejection
from compiler.diagnostics.suggest import did_you_mean

if TYPE_CHECKING:
    from compiler.model.unit import Unit


def requested_release_version(unit: Unit, args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """One version. Raises Rejected where it is missing, or none that a spec may hold."""
    if args.version is None or args.member:
        message = f"which version of {unit.shown} is to start was not said"
        mend = f"shipway start {unit.shown} --version TAG --digest sha256:…"
        raise verb_rejection("course-version-missing", message, mend, unit)
    data = {"version": args.version} | ({"digest": args.digest} if args.digest is not None else {})
    if args.change is not None:
        data["change"] = args.change
    env = parse_variables(unit, args.env)
    return {unit.name: validated_version(unit, data | ({"env": env} if env else {}))}


def requested_group_versions(unit: Unit, args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """A version for each member that was named. Raises Rejected as `of_release` does."""
    if not args.member or args.version is not None or args.digest is not None or args.env:
        first = unit.members[0].name
        message = f"{unit.shown} is a group: say for each member that changes which version is to start"
        mend = f"shipway start {unit.shown} --member {first}=TAG@sha256:…"
        raise verb_rejection("course-version-missing", message, mend, unit)
    found = {}
    names = [member.name for member in unit.members]
    for said in args.member:
        name, _, image = said.partition("=")
        if name not in names:
            guess = did_you_mean(name, names)
            mend = f"did you mean `{guess}`?" if guess else f"the members are: {', '.join(names)}"
            raise verb_rejection("course-member-unknown", f"{unit.shown} has no member called {name!r}", mend, unit)
        version, _, digest = image.partition("@")
        data = {"version": version} | ({"digest": digest} if digest else {})
        found[name] = validated_version(unit, data | ({"change": args.change} if args.change is not None else {}))
    missing = [name for name in names if name not in found]
    if args.change == "major" and missing:
        message = (
            f"a major change moves every member of {unit.shown}: {', '.join(missing)} would not speak the new contract"
        )
        mend = f"add --member {missing[0]}=TAG@sha256:…"
        raise verb_rejection("course-version-missing", message, mend, unit)
    return found


def parse_variables(unit: Unit, said: list[str]) -> dict[str, str]:
    found = {}
    for each in said:
        name, equals, value = each.partition("=")
        if not (name and equals):
            raise verb_rejection("course-version-invalid", f"{each!r} is no variable", "write --env NAME=VALUE", unit)
        found[name] = value
    return found


def validated_version(unit: Unit, data: dict[str, Any]) -> dict[str, Any]:
    from compiler.spec.container import Version  # noqa: PLC0415 - pydantic, which `--help` need not load
    from compiler.spec.read import read_model  # noqa: PLC0415 - the same

    _, problems = read_model(Version, data)
    if problems:
        raise verb_rejection("course-version-invalid", problems[0].message, problems[0].help, unit)
    return data
