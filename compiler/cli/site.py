"""shipway site: status, courses under way and history as a static site."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.cli.failure import WRONG
from compiler.cli.output import amount, next_command, print_diagnostics, say
from compiler.diagnostics.model import Diagnostic, Rejected

if TYPE_CHECKING:
    from compiler.cli.published import Published
    from compiler.course.standing import Standing
    from compiler.gitops.history import Publish
    from compiler.pipeline import Built
    from compiler.report.site import SiteEnvironment, SitePublish, SiteRelease


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV", help="which environments (default: all)")
    parser.add_argument("--out", default="site", metavar="DIR", help="the folder to write (default: site)")


def run(args: argparse.Namespace) -> int:
    from compiler.report.site import site  # noqa: PLC0415 - `--help` needs no stages
    from compiler.workspace import chosen_environments  # noqa: PLC0415 - the same

    root, out, now = Path(args.root), Path(args.out), datetime.now(UTC)
    found: list[Diagnostic] = []
    environments: list[SiteEnvironment] = []
    for name in chosen_environments(root, args.names):
        try:
            environments.append(environment_of(root, name, now))
        except Rejected as rejected:
            found += rejected.diagnostics
    status = print_diagnostics(found, argparse.Namespace(root=args.root, format="text"))
    if status == WRONG:
        return status
    write(out, site(environments, now))
    say(args, f"{amount(len(environments), 'environment')} as of {now:%Y-%m-%d %H:%M} UTC")
    next_command(args, f"open {out / 'index.html'}")
    return status


def environment_of(root: Path, name: str, now: datetime) -> SiteEnvironment:
    """All that the site says of one environment. Raises Rejected where its specs do not compile."""
    from compiler.cli.published import Published, built_of, published_of  # noqa: PLC0415 - as above
    from compiler.cli.standings import place_of  # noqa: PLC0415 - as above
    from compiler.course.standing import standing_of  # noqa: PLC0415 - as above
    from compiler.report.site import SiteEnvironment  # noqa: PLC0415 - as above
    from compiler.units import units  # noqa: PLC0415 - as above
    from compiler.workspace import read_environment  # noqa: PLC0415 - as above

    built = built_of(root, read_environment(root, name))
    notes: list[str] = []
    try:
        published = published_of(root, built)
    except Rejected as rejected:
        # a branch that cannot be reached leaves half of the page, which is better than none
        notes += [each.message for each in rejected.diagnostics]
        published = Published(None)
    standings = [standing_of(unit, place_of(unit, built, published), now) for unit in units(built.compiled)]
    return SiteEnvironment(
        name=name,
        place=place_words(published),
        releases=tuple(release_of(standing) for standing in standings),
        publishes=tuple(map(partial(publish_of, built), published.publishes)),
        complete=published.complete,
        notes=tuple(notes),
    )


def place_words(published: Published) -> str:
    target = published.target
    return f"{target.shown} {target.branch}:{target.path or '/'}" if target is not None else "published nowhere"


def release_of(standing: Standing) -> SiteRelease:
    from compiler.report.site import SiteRelease, SiteTrack  # noqa: PLC0415 - as above

    tracks = tuple(SiteTrack(member.name, view) for member in standing.members for view in member.tracks)
    live = tuple(SiteTrack(member.name, view) for member in standing.members for view in member.published)
    alone = len(standing.members) == 1 and standing.members[0].name == standing.name
    return SiteRelease(
        name=standing.name,
        strategy=standing.members[0].strategy if alone else "group",
        position=standing.position,
        tracks=tracks,
        next_command=standing.next_command,
        commit=standing.commit,
        time=standing.time,
        published=standing.published,
        confirmed=standing.confirmed,
        by_hand=standing.by_hand,
        soak_left=standing.soak_left,
        not_before=standing.not_before,
        live=live,
    )


def publish_of(built: Built, publish: Publish) -> SitePublish:
    from compiler.report.site import SitePublish  # noqa: PLC0415 - as above
    from compiler.units import units  # noqa: PLC0415 - as above

    touched, source = set(publish.facts.releases), publish.facts.source
    went = [unit for unit in units(built.compiled) if touched & {member.name for member in unit.members}]
    back = tuple(f"shipway rollback {unit.shown} --to {source[:12]}" for unit in went[:5]) if source else ()
    return SitePublish(
        commit=publish.commit,
        time=publish.time,
        author=publish.author,
        subject=publish.subject,
        source=source,
        releases=publish.facts.releases,
        back=back,
    )


def write(out: Path, files: dict[str, str]) -> None:
    """Writes the pages, and names each. Raises Rejected where the folder may not be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (out / name).write_text(content, encoding="utf-8")
            sys.stdout.write(f"{out / name}\n")
    except OSError as error:
        message = f"{out}: {(error.strerror or str(error)).lower()}"
        raise Rejected([Diagnostic("output-unwritable", message, None, "name a folder that you may write")]) from None
