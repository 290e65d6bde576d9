"""shipway site: status, courses under way and history as a static site."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from compiler.cli.environment_status import publication_state
from compiler.cli.exit_status import EXIT_FAILURE
from compiler.cli.output import count_with_noun, next_command, print_diagnostics, print_notice
from compiler.cli.release_selection import chosen_environments
from compiler.course.unit_status import UnitStatus, unit_status
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.history import Publish
from compiler.model.unit import units_of
from compiler.pipeline import BuiltEnvironment
from compiler.publish.published_environment import PublishedEnvironment, built_environment, fetch_published
from compiler.report.html.site import SiteEnvironment, SitePublish, SiteRelease, SiteTrack, site_pages
from compiler.source.workspace import read_sources


def run(args: argparse.Namespace) -> int:
    root, out, now = Path(args.root), Path(args.out), datetime.now(UTC)
    found: list[Diagnostic] = []
    environments: list[SiteEnvironment] = []
    for name in chosen_environments(root, args.names):
        try:
            environments.append(site_environment(root, name, now))
        except Rejected as rejected:
            found += rejected.diagnostics
    status = print_diagnostics(found, argparse.Namespace(root=args.root, format="text"))
    if status == EXIT_FAILURE:
        return status
    write_site(out, site_pages(environments, now))
    print_notice(args, f"{count_with_noun(len(environments), 'environment')} as of {now:%Y-%m-%d %H:%M} UTC")
    next_command(args, f"open {out / 'index.html'}")
    return status


def site_environment(root: Path, name: str, now: datetime) -> SiteEnvironment:
    """All that the site says of one environment. Raises Rejected where its specs do not compile."""
    built = built_environment(root, read_sources(root, name))
    notes: list[str] = []
    try:
        published = fetch_published(root, built)
    except Rejected as rejected:
        # a branch that cannot be reached leaves half of the page, which is better than none
        notes += [each.message for each in rejected.diagnostics]
        published = PublishedEnvironment(None)
    standings = [unit_status(unit, publication_state(unit, built, published), now) for unit in units_of(built.compiled)]
    return SiteEnvironment(
        name=name,
        place=published_place_text(published),
        releases=tuple(site_release(standing) for standing in standings),
        publishes=tuple(map(partial(site_publish, built), published.publishes)),
        complete=published.complete,
        notes=tuple(notes),
    )


def published_place_text(published: PublishedEnvironment) -> str:
    target = published.target
    return f"{target.shown} {target.branch}:{target.path or '/'}" if target is not None else "published nowhere"


def site_release(standing: UnitStatus) -> SiteRelease:
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


def site_publish(built: BuiltEnvironment, publish: Publish) -> SitePublish:
    touched, source = set(publish.facts.releases), publish.facts.source
    went = [unit for unit in units_of(built.compiled) if touched & {member.name for member in unit.members}]
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


def write_site(out: Path, files: dict[str, str]) -> None:
    """Writes the pages, and names each. Raises Rejected where the folder may not be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (out / name).write_text(content, encoding="utf-8")
            sys.stdout.write(f"{out / name}\n")
    except OSError as error:
        message = f"{out}: {(error.strerror or str(error)).lower()}"
        raise Rejected([Diagnostic("output-unwritable", message, None, "name a folder that you may write")]) from None
