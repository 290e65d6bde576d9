"""The arguments of every command. Light on purpose: `--help` and completion load this and no stage.

A command's module (`commands/NAME.py`) has `run(args) -> int` and is imported once its arguments are read.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from typing import Final

ArgumentsOf = Callable[[argparse.ArgumentParser], None]

DIAGNOSTIC_FORMATS: Final = ("text", "json", "sarif", "github", "gitlab")
PLAN_FORMATS: Final = ("text", "md", "json", "html", "svg", "sarif", "github", "gitlab", "junit")
VERDICT_FORMATS: Final = (*DIAGNOSTIC_FORMATS, "svg")
RECEIPT_FORMATS: Final = ("text", "md", "json")
ANY_KIND: Final = "any"
SCHEMA_KINDS: Final = ("environment", "release", "group", ANY_KIND)
CI_SYSTEMS: Final = ("github", "gitlab", "none")
FIRST_STRATEGIES: Final = ("blueGreen", "canary", "versioned", "rolling", "recreate")
SHELLS: Final = ("bash", "zsh", "fish")
QUIET_HELP: Final = "print only errors, warnings and what was asked for: a report, a dry run, --format json"


def integer_at_least(smallest: int) -> Callable[[str], int]:
    """An option's type: a whole number of at least `smallest`; anything else is a usage error."""

    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text[:18]) < smallest:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {smallest}")
        return int(text[:18])

    return number


def action_address(text: str) -> str:
    """An option's value as an action pinned by commit; anything else is a usage error."""
    if not re.fullmatch(r"[\w.-]+/[\w.-]+(/[\w.-]+)*@[0-9a-f]{40}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not OWNER/REPOSITORY@COMMIT with a commit's 40 digits")
    return text


def common_arguments(parser: argparse.ArgumentParser, defaults: Mapping[str, object]) -> None:
    """-C, -q and -v, which may come before or after a command's name."""
    common = parser.add_argument_group("common")
    absent = argparse.SUPPRESS
    root, quiet, verbose = (defaults.get(name, absent) for name in ("root", "quiet", "verbose"))
    common.add_argument("-C", dest="root", metavar="DIR", default=root, help="the folder that holds environments/")
    common.add_argument("-q", dest="quiet", action="store_true", default=quiet, help=QUIET_HELP)
    common.add_argument("-v", dest="verbose", action="store_true", default=verbose, help="print more details")


def cache_option(parser: argparse.ArgumentParser) -> None:
    text = "neither read nor write the cache (SHIPWAY_CACHE names its folder; empty: no cache)"
    parser.add_argument("--no-cache", action="store_true", help=text)


def part_and_count(text: str) -> tuple[int, int]:
    """An option's value as a part of several, `I/N`; anything else is a usage error."""
    first, _, second = text.partition("/")
    part, count = map(integer_at_least(1), (first, second))
    if part > count:
        raise argparse.ArgumentTypeError(f"{text!r} is not a part: I is at most N")
    return part, count


def shard_option(parser: argparse.ArgumentParser) -> None:
    text = "only part I of N of the releases, to divide the work among machines; a group stays in one part"
    parser.add_argument("--shard", type=part_and_count, default=(1, 1), metavar="I/N", help=text)


def check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV[/RELEASE]", help="what to check (default: all)")
    shard_option(parser)
    cache_option(parser)
    parser.add_argument(
        "--format", choices=DIAGNOSTIC_FORMATS, default="text", help="how findings are written (default: text)"
    )


def build_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV[/RELEASE]", help="what to build (default: all)")
    shard_option(parser)
    cache_option(parser)
    parser.add_argument("--out", default="out", metavar="DIR", help="write below DIR/<environment>/ (default: out)")


def verify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "before",
        metavar="FROM",
        help="what runs now: a folder, a file, or REPO@REV:PATH; an empty folder means nothing",
    )
    parser.add_argument("after", metavar="TO", help="what comes next: a folder, a file, or REPO@REV:PATH")
    repeatable(parser, "--sync-option", "NAME=VALUE", "how the Application syncs (PruneLast=true)")
    parser.add_argument("--application", metavar="FILE", help="take the options of this Argo CD Application")
    parser.add_argument("--namespace", metavar="NAME", help="where the Application puts objects that name no namespace")
    repeatable(parser, "--exclude", "GLOB", "files that the Application leaves out (`directory.exclude`)")
    parser.add_argument(
        "--kustomize",
        action="store_true",
        help="judge what kustomize builds of each side, as Argo CD does (runs kustomize, or kubectl)",
    )
    parser.add_argument(
        "--baseline",
        action="store_true",
        help="also judge a plain change of every image as it works today; exit 0 if the change loses no more than that",
    )
    name = "KIND/NAMESPACE/NAME"
    repeatable(
        parser,
        "--graceful",
        f"{name}=REASON",
        "a workload whose process finishes its requests before it exits; REASON says who vouches for it",
    )
    parser.add_argument(
        "--kubernetes", metavar="VERSION", help="the cluster's version, as 1.34 (default: the newest that serves FROM)"
    )
    parser.add_argument(
        "--lag", type=float, metavar="SECONDS", help="after how many seconds a proxy knows new endpoints (default: 5)"
    )
    repeatable(parser, "--outside", name, "an object that exists in the cluster but in neither folder")
    inert = "a kind or a field that Shipway does not judge and that does no harm here; REASON says why"
    repeatable(parser, "--inert", "KIND[:FIELD]=REASON", inert)
    parser.add_argument(
        "--format", choices=VERDICT_FORMATS, default="text", help="how the verdict is written (default: text)"
    )


def repeatable(parser: argparse.ArgumentParser, name: str, metavar: str, help: str) -> None:
    """An option that may be given several times; its values are a list."""
    parser.add_argument(name, action="append", default=[], metavar=metavar, help=help)


def adopt_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="manifests of what runs: a folder, a file, REPO@REV:PATH, or - (standard input)",
    )
    parser.add_argument("--into", required=True, metavar="ENV", help="the environment that takes the releases in")
    parser.add_argument("--release", metavar="NAME", help="the release's name, if the source has only one workload")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--application", metavar="FILE", help="the Argo CD Application that applies the source today")
    place.add_argument("--namespace", metavar="NAME", help="where objects that name no namespace run")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--dry-run", action="store_true", help="show the receipt; write nothing")
    mode.add_argument(
        "--check", action="store_true", help="write nothing; fail if the source has changed since it was adopted"
    )
    parser.add_argument(
        "--format", choices=RECEIPT_FORMATS, default="text", help="how the receipt is written (default: text)"
    )


def bootstrap_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="ENV", help="which environment")
    parser.add_argument(
        "--pilot", action="store_true", help="print the CronJob that runs the pilot, and its rights, instead"
    )


def plan_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV[/RELEASE]", help="what to plan (default: all)")
    shard_option(parser)
    running_option(parser)
    parser.add_argument("--confirmed", metavar="REV", help="a published commit that you know Argo CD has synced")
    parser.add_argument(
        "--format",
        action="append",
        choices=PLAN_FORMATS,
        default=[],
        help="how the plan is written (default: text); may be repeated, each followed by its --output",
    )
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FILE",
        help="write to FILE; the first --output belongs to the first --format, and so on. `{environment}` in the name "
        "writes one file for each environment",
    )
    parser.add_argument(
        "--limit",
        type=integer_at_least(4096),
        default=65_536,
        metavar="BYTES",
        help="the longest Markdown that --format md writes (default: 65536; at least 4096)",
    )


def running_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="running",
        metavar="PLACE",
        help="what runs before a first publish: a folder, file, or REPO@REV:PATH",
    )


def publish_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV", help="which environments (default: all)")
    shard_option(parser)
    parser.add_argument(
        "--again",
        metavar="ENV/RELEASE",
        help="publish the same content as a new commit, because Argo CD never retries a failed one",
    )
    running_option(parser)
    parser.add_argument("--plan", metavar="DIGEST", help="publish only what this plan showed (one environment)")
    parser.add_argument("--confirmed", metavar="REV", help="a published commit that you know Argo CD has synced")
    parser.add_argument(
        "--allow", action="append", default=[], metavar="CODE", help="publish although there are findings of this code"
    )
    parser.add_argument(
        "--reason", metavar="TEXT", help="why you allow it; the commit records the reason (with --allow)"
    )
    parser.add_argument(
        "--format", choices=DIAGNOSTIC_FORMATS, default="text", help="how findings are written (default: text)"
    )


def confirm_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="ENV", help="which environment")
    parser.add_argument("rev", metavar="REV", nargs="?", help="the published commit (default: the branch's head)")


def start_arguments(parser: argparse.ArgumentParser) -> None:
    unit_argument(parser)
    parser.add_argument("--version", metavar="TAG", help="the image's tag")
    parser.add_argument("--digest", metavar="sha256:…", help="the image's digest")
    change_option(parser, "major: the input contract changes")
    parser.add_argument("--path", metavar="PATH", help="where clients find the new track (versioned)")
    parser.add_argument("--env", action="append", default=[], metavar="K=V", help="a variable of this version")
    parser.add_argument(
        "--member",
        action="append",
        default=[],
        metavar="NAME=TAG@DIGEST",
        help="the new version of a member (of a group)",
    )
    edit_options(parser)


def advance_arguments(parser: argparse.ArgumentParser) -> None:
    unit_argument(parser)
    parser.add_argument("--to", metavar="STEP", help="take all steps up to this one in one commit: 50, switch")
    now_option(parser)
    edit_options(parser)


def abort_arguments(parser: argparse.ArgumentParser) -> None:
    unit_argument(parser)
    edit_options(parser)
    publish_option(parser)


def finish_arguments(parser: argparse.ArgumentParser) -> None:
    unit_argument(parser)
    now_option(parser)
    edit_options(parser)


def rollback_arguments(parser: argparse.ArgumentParser) -> None:
    unit_argument(parser)
    parser.add_argument(
        "--to",
        metavar="REV|VERSION",
        help="a version that served, or a commit of the specs or of the published branch (default: the same as abort)",
    )
    edit_options(parser)
    publish_option(parser)


def promote_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="RELEASE", help="a release or group that both environments have")
    parser.add_argument("--from", dest="source", required=True, metavar="ENV", help="where the version serves")
    parser.add_argument("--to", dest="target", required=True, metavar="ENV", help="where to start it")
    change_option(parser, "default: as in the spec of that version")
    edit_options(parser)


def unit_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="ENV/RELEASE", help="a release, or a group (its members move together)")


def change_option(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--change", choices=("minor", "major"), help=text)


def now_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--now", action="store_true", help="do not wait for the end of the soak time or for a promised date"
    )


def edit_options(parser: argparse.ArgumentParser) -> None:
    """What every verb takes that edits a spec; `publish` and `version` are options of some verbs only."""
    parser.set_defaults(publish=False, version=None)
    parser.add_argument("--dry-run", action="store_true", help="show the edit and write nothing")
    parser.add_argument("--commit", action="store_true", help="commit the edit on a branch of its own")
    parser.add_argument(
        "--push", action="store_true", help="commit the edit on a branch of its own, and push that branch"
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how the result is written (default: text)"
    )


def publish_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--publish", action="store_true", help="edit, commit, verify and push at once")


def pilot_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV[/RELEASE]", help="what to watch (default: all)")
    pace = parser.add_mutually_exclusive_group()
    pace.add_argument("--once", action="store_true", help="look once, then end (default)")
    pace.add_argument("--every", type=pace_seconds, metavar="30s", help="look again after this time, until you stop it")
    parser.add_argument("--dry-run", action="store_true", help="print what it would do, and change nothing")
    parser.add_argument(
        "--via",
        choices=("commit", "branch"),
        default="commit",
        help="branch: each move becomes a branch for a pull request; an abort is still published at once",
    )
    report_format(parser)


def why_moved_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("commit", metavar="COMMIT", help="a published commit that the pilot made")
    parser.add_argument("name", nargs="?", metavar="ENV", help="which environment (default: all)")
    report_format(parser)


def pace_seconds(text: str) -> int:
    """Seconds in a duration of at least one second. Raises ArgumentTypeError."""
    match = re.fullmatch(r"(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?", text)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    total = 3600 * hours + 60 * minutes + seconds
    if not 1 <= total <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 30s, 5m or 1h")
    return total


def status_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV[/RELEASE]", help="what to show (default: all)")
    parser.add_argument(
        "--wait", action="store_true", help="wait until Argo CD reports what is published as Synced and Healthy"
    )
    parser.add_argument(
        "--timeout", type=pace_seconds, default=600, metavar="10m", help="the longest --wait (default: 10m)"
    )
    report_format(parser)


def history_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="ENV[/RELEASE]", help="what to show (default: all environments)")
    parser.add_argument("--diff", metavar="REV", help="show what that publish changed, field by field")
    parser.add_argument(
        "--limit", type=integer_at_least(1), default=20, metavar="N", help="the most rows to show (default: 20)"
    )
    report_format(parser)


def site_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV", help="which environments (default: all)")
    parser.add_argument("--out", default="site", metavar="DIR", help="the folder to write (default: site)")


def why_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("place", metavar="FILE:LINE|ENV/RELEASE", help="a line of a rendered file, or a release")
    parser.add_argument("field", nargs="?", metavar="KIND/NAME:FIELD", help="with ENV/RELEASE: a field of an object")
    report_format(parser)


def report_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how it is written (default: text)")


def comment_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="the plans: what `plan --output 'DIR/{environment}.md'` wrote")
    parser.add_argument("--event", metavar="FILE", help="the event that started the workflow ($GITHUB_EVENT_PATH)")
    parser.add_argument(
        "--author",
        metavar="LOGIN",
        default="github-actions[bot]",
        help="whose comments are edited (default: github-actions[bot])",
    )


def init_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="name what it would write, and write nothing")
    init_ci_option(parser)
    parser.add_argument(
        "--strategy",
        choices=FIRST_STRATEGIES,
        default=FIRST_STRATEGIES[0],
        metavar="|".join(FIRST_STRATEGIES),
        help="how the example's version changes in prod (default: blueGreen)",
    )
    parser.add_argument("folder", nargs="?", default=".", metavar="DIR", help="where (default: here)")
    parser.add_argument(
        "--action",
        type=action_address,
        metavar="OWNER/REPOSITORY@COMMIT",
        help="the Shipway action that the workflows use (default: what this Shipway was installed from)",
    )


def init_ci_option(parser: argparse.ArgumentParser) -> None:
    text = "for which CI the files are (default: gitlab if there is a .gitlab-ci.yml, else github)"
    parser.add_argument("--ci", choices=CI_SYSTEMS, metavar="|".join(CI_SYSTEMS), help=text)


def demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dir", metavar="DIR", help="work there and leave it (default: a new temporary folder)")


def completion_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="the shell to write the script for")


def schema_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind",
        nargs="?",
        type=str.lower,
        choices=SCHEMA_KINDS,
        metavar="KIND",
        help="environment, release or group; any: one schema for files of every kind, told apart by `kind`",
    )
    parser.add_argument("--write", metavar="DIR", help="write all of them as files below DIR")
    parser.add_argument("--fields", action="store_true", help="print every key of every kind, as Markdown")


def explain_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "code", nargs="?", metavar="CODE", help="the code that an error shows in brackets (default: list all)"
    )
    report_format(parser)
    parser.add_argument(
        "--fields", action="store_true", help="print which fields of which kinds `verify` judges, as Markdown"
    )


def docs_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", nargs="?", metavar="PAGE|CODE|COMMAND", help="what to print (default: list the pages)")
    parser.add_argument("--write", metavar="DIR", help="write all pages as files below DIR, to build a site from")
    parser.add_argument(
        "--open",
        action="store_true",
        help="show the page of the built site in a browser, until Ctrl-C (default: index)",
    )


ARGUMENTS: Final[Mapping[str, ArgumentsOf]] = {
    "check": check_arguments,
    "build": build_arguments,
    "verify": verify_arguments,
    "adopt": adopt_arguments,
    "bootstrap": bootstrap_arguments,
    "plan": plan_arguments,
    "publish": publish_arguments,
    "confirm": confirm_arguments,
    "start": start_arguments,
    "advance": advance_arguments,
    "abort": abort_arguments,
    "finish": finish_arguments,
    "rollback": rollback_arguments,
    "demo": demo_arguments,
    "comment": comment_arguments,
    "promote": promote_arguments,
    "pilot": pilot_arguments,
    "why-moved": why_moved_arguments,
    "status": status_arguments,
    "history": history_arguments,
    "site": site_arguments,
    "why": why_arguments,
    "init": init_arguments,
    "completion": completion_arguments,
    "schema": schema_arguments,
    "explain": explain_arguments,
    "docs": docs_arguments,
}
