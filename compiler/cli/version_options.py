"""The versions that the options of `start` name, as a spec writes them."""

from __future__ import annotations

import argparse
from typing import Any

from compiler.course.refusals import verb_rejection
from compiler.model.unit import Unit
from compiler.spec.container import Version
from compiler.spec.read import read_model
from compiler.support.suggest import did_you_mean


def requested_versions(unit: Unit, args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """By member, what the options of `start` ask for. Raises Rejected for what no spec may hold."""
    return requested_release_version(unit, args) if unit.group is None else requested_group_versions(unit, args)


def requested_release_version(unit: Unit, args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """One version. Raises Rejected where it is missing, or not valid in a spec."""
    if args.version is None or args.member:
        message = f"no version of {unit.shown} was given"
        advice = f"shipway start {unit.shown} --version TAG --digest sha256:…"
        raise verb_rejection("course-version-missing", message, advice, unit)
    data = {"version": args.version} | ({"digest": args.digest} if args.digest is not None else {})
    if args.change is not None:
        data["change"] = args.change
    env = parse_variables(unit, args.env)
    version = validated_version(unit, data | ({"env": env} if env else {}))
    return {unit.name: version | requested_path(unit, args)}


def requested_path(unit: Unit, args: argparse.Namespace) -> dict[str, str]:
    """The path of a new track. Raises Rejected where the start adds none that clients call by a path of its own."""
    if args.path is None:
        return {}
    if unit.members[0].strategy.NAME != "versioned" or args.change != "major":
        message = "`--path` is the path of a new track, which only a major change of a `versioned` release adds"
        raise verb_rejection("course-version-invalid", message, "leave it out, or add --change major", unit)
    return {"path": args.path}


def requested_group_versions(unit: Unit, args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """A version for each member that was named. Raises Rejected where one is missing, or not valid in a spec."""
    if not args.member or args.version is not None or args.digest is not None or args.env:
        first = unit.members[0].name
        message = f"{unit.shown} is a group: name the new version of each member that changes"
        advice = f"shipway start {unit.shown} --member {first}=TAG@sha256:…"
        raise verb_rejection("course-version-missing", message, advice, unit)
    versions = {}
    names = [member.name for member in unit.members]
    for option in args.member:
        name, _, image = option.partition("=")
        if name not in names:
            guess = did_you_mean(name, names)
            advice = f"did you mean `{guess}`?" if guess else f"the members are: {', '.join(names)}"
            raise verb_rejection("course-member-unknown", f"{unit.shown} has no member called {name!r}", advice, unit)
        version, _, digest = image.partition("@")
        data = {"version": version} | ({"digest": digest} if digest else {})
        versions[name] = validated_version(unit, data | ({"change": args.change} if args.change is not None else {}))
    missing = [name for name in names if name not in versions]
    if args.change == "major" and missing:
        message = f"a major change moves every member of {unit.shown}: {', '.join(missing)} would keep the old contract"
        advice = f"add --member {missing[0]}=TAG@sha256:…"
        raise verb_rejection("course-version-missing", message, advice, unit)
    return versions


def parse_variables(unit: Unit, options: list[str]) -> dict[str, str]:
    variables = {}
    for each in options:
        name, equals, value = each.partition("=")
        if not (name and equals):
            raise verb_rejection(
                "course-version-invalid", f"{each!r} is not a variable", "write --env NAME=VALUE", unit
            )
        variables[name] = value
    return variables


def validated_version(unit: Unit, data: dict[str, Any]) -> dict[str, Any]:
    _, problems = read_model(Version, data)
    if problems:
        raise verb_rejection("course-version-invalid", problems[0].message, problems[0].help, unit)
    return data
