"""A static site of where every release stands and what was published when: no server, any number of entries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from compiler.model.plan import TrackView
from compiler.model.unit_status import UnitStatus
from compiler.report.html.page import html_page
from compiler.report.phrases import duration_text, percent_text
from compiler.report.shares import version_key, version_names
from compiler.report.svg.picture import version_tones

PER_PAGE: Final = 250
_PLAIN_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,80}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class SiteRelease:
    """Where a release or group stands, and where the forge shows its `commit` (empty: not known)."""

    status: UnitStatus
    page: str = ""

    @property
    def tracks(self) -> tuple[TrackView, ...]:
        """As the specs have them; those of a group's members with the member's name before their own, as in plans."""
        return tuple(self._named(member.name, view) for member in self.status.members for view in member.tracks)

    @property
    def live(self) -> tuple[TrackView, ...]:
        """As they are published."""
        return tuple(self._named(member.name, view) for member in self.status.members for view in member.published)

    def _named(self, member: str, view: TrackView) -> TrackView:
        return view if member == self.status.name else replace(view, track=f"{member} {view.track}")


@dataclass(frozen=True, slots=True)
class SitePublish:
    """A publish: who (`author`), when (`time` in seconds since 1970), from which specs, and the commands back to it."""

    commit: str
    time: int
    author: str
    subject: str
    source: str | None
    releases: tuple[str, ...]
    back: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    """why the pilot made it, in lines; () for a person's"""
    page: str = ""
    """where the forge shows the commit; empty: not known"""
    source_page: str = ""


@dataclass(frozen=True, slots=True)
class SiteEnvironment:
    """One environment; `publishes` the newest first, `complete` False where older ones are not known.

    `plan` is the page of the plan of what the specs say beyond what is published; empty: nothing, or not known.
    """

    name: str
    place: str
    releases: tuple[SiteRelease, ...]
    publishes: tuple[SitePublish, ...]
    complete: bool = True
    notes: tuple[str, ...] = ()
    plan: str = ""


def site_pages(environments: Sequence[SiteEnvironment], made: datetime) -> dict[str, str]:
    """The site's files by name: `index.html`, and for each environment its plan and its history, 250 publishes a page.

    `made` is the time that the pages say they show. Names, subjects and authors appear as text only.
    """
    stems = _file_stems(environments)
    files = {"index.html": _index_page(environments, stems, made)}
    for environment, stem in zip(environments, stems, strict=True):
        if environment.plan:
            files[_plan_page_file(stem)] = environment.plan
        pages = max(1, -(-len(environment.publishes) // PER_PAGE))
        for number in range(pages):
            files[_page_file(stem, number)] = _history_page(environment, stem, number, pages, made)
    return files


def _file_stems(environments: Sequence[SiteEnvironment]) -> list[str]:
    """File names that hold nothing but plain characters, whatever an environment is called."""
    return [
        f"history-{each.name}" if _PLAIN_NAME.fullmatch(each.name) else f"history-{number}"
        for number, each in enumerate(environments)
    ]


def _page_file(stem: str, number: int) -> str:
    return f"{stem}.html" if not number else f"{stem}-{number + 1}.html"


def _plan_page_file(stem: str) -> str:
    return f"{stem.replace('history', 'plan', 1)}.html"


def _site_page(template: str, title: str, made: datetime, **values: Any) -> str:
    stamp = {"iso": made.astimezone(UTC).isoformat(), "shown": f"{made.astimezone(UTC):%Y-%m-%d %H:%M} UTC"}
    return html_page(template, ("page.css", "site.css"), ("site.js",), title=title, made=stamp, **values)


def _index_page(environments: Sequence[SiteEnvironment], stems: Sequence[str], made: datetime) -> str:
    shown = [_environment_values(each, stem) for each, stem in zip(environments, stems, strict=True)]
    courses = [row for each in shown for row in each["rows"] if row["status"].next_command]
    return _site_page("site_index.html", "Releases", made, environments=shown, courses=courses)


def _environment_values(environment: SiteEnvironment, stem: str) -> dict[str, Any]:
    last = environment.publishes[0] if environment.publishes else None
    return {
        "name": environment.name,
        "place": environment.place,
        "notes": environment.notes,
        "count": sum(len(each.status.members) for each in environment.releases),
        "file": _page_file(stem, 0),
        "plan": _plan_page_file(stem) if environment.plan else "",
        "last": {"time": _moment(last.time), "author": last.author} if last is not None else None,
        "rows": [_release_values(environment, stem, release) for release in environment.releases],
    }


def _release_values(environment: SiteEnvironment, stem: str, release: SiteRelease) -> dict[str, Any]:
    tracks = [_site_track_values(track) for track in release.tracks]
    bar = _share_bar(tracks, version_names((*release.tracks, *release.live)))
    return {
        "status": release.status,
        "page": release.page,
        "place": f"{environment.name}/{release.status.name}",
        "plan": _plan_page_file(stem) if environment.plan and not release.status.published else "",
        "words": _search_words(environment.name, release),
        "waits": ", ".join(_waits(release)),
        "tracks": tracks,
        "live": [_site_track_values(each) for each in release.live] if release.live != release.tracks else [],
        "bar": bar,
        "bar_label": ", ".join(f"{part['name']} {part['width']} %" for part in bar),
        "time": _moment(release.status.time) if release.status.time is not None else None,
    }


def _site_track_values(track: TrackView) -> dict[str, Any]:
    """`share` is None where no share is known; `requests` then names the track's own requests."""
    return {
        "name": track.track,
        "key": version_key(track),
        "version": track.version,
        "percent": track.share or 0.0,
        "share": percent_text(track.share) if track.share is not None else None,
        "requests": track.requests,
    }


def _share_bar(tracks: Sequence[Mapping[str, Any]], versions: Sequence[str]) -> list[dict[str, str]]:
    """The parts of a bar 100 units wide, in the order of the plan's bars; empty where no track has a share."""
    tones = version_tones(versions)
    parts, left = [], 0.0
    for track in sorted(tracks, key=lambda track: versions.index(track["key"])):
        if track["percent"]:
            width = f"{track['percent']:g}"
            parts.append({"name": track["name"], "tone": tones[track["key"]], "left": f"{left:g}", "width": width})
            left += track["percent"]
    return parts


def _search_words(environment: str, release: SiteRelease) -> str:
    versions = " ".join(track.version for track in release.tracks)
    return f"{environment}/{release.status.name} {release.status.strategy} {release.status.position} {versions}".lower()


def _waits(release: SiteRelease) -> list[str]:
    waits = [f"soaks {duration_text(release.status.soak_left)} more"] if release.status.soak_left else []
    waits += [f"not before {release.status.not_before}"] if release.status.not_before else []
    return waits if release.status.published else [*waits, "the specs are ahead of what is published"]


def _moment(seconds: int) -> dict[str, str]:
    """A time that no forged commit can turn into an error; `iso` is empty where it is not known."""
    try:
        when = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return {"iso": "", "shown": "at an unknown time"}
    return {"iso": when.isoformat(), "shown": f"{when:%Y-%m-%d %H:%M}"}


def _history_page(environment: SiteEnvironment, stem: str, number: int, pages: int, made: datetime) -> str:
    chunk = environment.publishes[number * PER_PAGE : (number + 1) * PER_PAGE]
    return _site_page(
        "site_history.html",
        f"History of {environment.name}",
        made,
        environment=environment,
        rows=[_publish_values(each) for each in chunk],
        number=number + 1,
        pages=pages,
        newer=_page_file(stem, number - 1) if number else "",
        older=_page_file(stem, number + 1) if number < pages - 1 else "",
    )


def _publish_values(publish: SitePublish) -> dict[str, Any]:
    words = f"{publish.commit} {publish.author} {publish.subject} {' '.join(publish.releases)}".lower()
    return {"publish": publish, "time": _moment(publish.time), "words": words}
