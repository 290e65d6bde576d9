"""A static site of where every release stands and what was published when: no server, any number of entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from compiler.model.plan import TrackView
from compiler.report.html.page import escaped_text, html_page
from compiler.report.phrases import counted, duration_text, percent_text, short_id
from compiler.report.svg.picture import tones_of

PER_PAGE: Final = 250
_PLAIN_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,80}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class SiteTrack:
    """A track of a release, or of a member of a group."""

    member: str
    view: TrackView


@dataclass(frozen=True, slots=True)
class SiteRelease:
    """Where a release or group stands. `time` in seconds since 1970; `soak_left` in seconds.

    `tracks` are as the specs have them, `live` as they are published. `commit`: the publish that last changed it;
    `published`: it is what the specs say; `next_command` is empty where no course is under way.
    """

    name: str
    strategy: str
    position: str
    tracks: tuple[SiteTrack, ...]
    next_command: str = ""
    commit: str | None = None
    time: int | None = None
    published: bool = False
    confirmed: bool = False
    by_hand: tuple[str, ...] = ()
    soak_left: int = 0
    not_before: str | None = None
    live: tuple[SiteTrack, ...] = ()


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


@dataclass(frozen=True, slots=True)
class SiteEnvironment:
    """One environment; `publishes` the newest first, `complete` False where older ones are not known."""

    name: str
    place: str
    releases: tuple[SiteRelease, ...]
    publishes: tuple[SitePublish, ...]
    complete: bool = True
    notes: tuple[str, ...] = ()


def site_pages(environments: Sequence[SiteEnvironment], made: datetime) -> dict[str, str]:
    """The site's files by name: `index.html`, and for each environment its history, 250 publishes a page.

    `made` is the time that the pages say they show. Names, subjects and authors appear as text only.
    """
    stems = _file_stems(environments)
    files = {"index.html": _index_page(environments, stems, made)}
    for environment, stem in zip(environments, stems, strict=True):
        chunks = [environment.publishes[n : n + PER_PAGE] for n in range(0, len(environment.publishes), PER_PAGE)] or [
            ()
        ]
        for number, chunk in enumerate(chunks):
            files[_page_file(stem, number)] = _history_page(environment, chunk, (stem, number, len(chunks)), made)
    return files


def _file_stems(environments: Sequence[SiteEnvironment]) -> list[str]:
    """File names that no name of an environment can lead astray."""
    return [
        f"history-{each.name}" if _PLAIN_NAME.fullmatch(each.name) else f"history-{number}"
        for number, each in enumerate(environments)
    ]


def _page_file(stem: str, number: int) -> str:
    return f"{stem}.html" if not number else f"{stem}-{number + 1}.html"


def _site_page(title: str, body: Iterator[str], made: datetime) -> str:
    stamp = made.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    head = [
        '<header class="top"><a class="skip" href="#main">Skip to the content</a>',
        '<a class="brand" href="index.html">Shipway <span>releases</span></a>',
        f'<p class="made">as of <time datetime="{made.astimezone(UTC).isoformat()}">{stamp}</time></p>',
        '<button type="button" id="theme" class="quiet">◐ <span>Theme</span></button></header>',
        '<main id="main" tabindex="-1" class="site">',
    ]
    return html_page(title, [*head, *body, "</main>"], ("site.js",), ("picture.css", "page.css", "site.css"))


def _index_page(environments: Sequence[SiteEnvironment], stems: Sequence[str], made: datetime) -> str:
    return _site_page("Releases · Shipway", _status_section(environments, stems), made)


def _status_section(environments: Sequence[SiteEnvironment], stems: Sequence[str]) -> Iterator[str]:
    releases = sum(len(each.releases) for each in environments)
    places = counted(len(environments), "environment")
    yield f"<h1>{counted(releases, 'release')} in {places}</h1>"
    yield from _filter_input("Filter: environment, release, version")
    yield from _courses_section(environments)
    for environment, stem in zip(environments, stems, strict=True):
        yield '<section class="group">'
        yield f"<h2>{escaped_text(environment.name)}</h2>"
        last = environment.publishes[0] if environment.publishes else None
        said = f", last published {_time_element(last.time)} by {escaped_text(last.author)}" if last is not None else ""
        yield (
            f'<p class="soft wrap">{escaped_text(environment.place)}{said} · <a '
            f'href="{_page_file(stem, 0)}">history</a></p>'
        )
        yield from (f'<p class="warned">{escaped_text(note)}</p>' for note in environment.notes)
        yield from _releases_table(environment)
        yield "</section>"


def _filter_input(label: str) -> Iterator[str]:
    yield f'<p><label class="hidden" for="filter">{label}</label>'
    yield f'<input id="filter" type="search" placeholder="{label}  ( / )" autocomplete="off">'
    yield '<span id="count" class="hint" role="status"></span></p>'


def _courses_section(environments: Sequence[SiteEnvironment]) -> Iterator[str]:
    found = [(each, release) for each in environments for release in each.releases if release.next_command]
    if not found:
        yield "<p>No course is under way.</p>"
        return
    yield '<section class="group"><h2>Under way</h2><div class="cards">'
    for environment, release in found:
        yield from _course_entry(environment, release)
    yield "</div></section>"


def _course_entry(environment: SiteEnvironment, release: SiteRelease) -> Iterator[str]:
    place = f"{environment.name}/{release.name}"
    yield f'<div class="card" data-words="{_search_words(environment.name, release)}">'
    yield f'<h3>{escaped_text(place)} <span class="pill small course">{escaped_text(release.position)}</span></h3>'
    yield _share_bar_html(release)
    yield f'<p class="soft">{_track_cells(release, release.tracks)}</p>'
    waits = [f"soaks {duration_text(release.soak_left)} more"] if release.soak_left else []
    waits += [f"not before {release.not_before}"] if release.not_before else []
    waits += [] if release.published else ["the specs are ahead of what is published"]
    if waits:
        yield f'<p class="warned">{escaped_text(", ".join(waits))}</p>'
    yield f'<p class="command"><code>{escaped_text(release.next_command)}</code></p></div>'


def _releases_table(environment: SiteEnvironment) -> Iterator[str]:
    yield f'<div class="wide" tabindex="0" role="region" aria-label="Releases of {escaped_text(environment.name)}">'
    yield '<table class="edits site-table"><thead><tr>'
    yield from (
        f'<th scope="col">{name}</th>' for name in ("release", "strategy", "step", "versions", "requests", "published")
    )
    yield "</tr></thead><tbody>"
    for release in environment.releases:
        yield (
            f'<tr data-words="{_search_words(environment.name, release)}"><th '
            f'scope="row">{escaped_text(release.name)}</th>'
            f"{_labeled_cell('strategy', escaped_text(release.strategy))}"
            f"{_labeled_cell('step', escaped_text(release.position))}"
            f"{_labeled_cell('versions', _versions_text(release))}{_labeled_cell('requests', _share_bar_html(release))}"
            f"{_labeled_cell('published', _published_cell(release))}</tr>"
        )
    yield "</tbody></table></div>"


def _search_words(environment: str, release: SiteRelease) -> str:
    versions = " ".join(track.view.version for track in release.tracks)
    return escaped_text(f"{environment}/{release.name} {release.strategy} {release.position} {versions}".lower())


def _versions_text(release: SiteRelease) -> str:
    return "<br>".join(
        f"{escaped_text(_track_name(release, track))} <b>{escaped_text(track.view.version)}</b>"
        for track in release.tracks
    )


def _track_name(release: SiteRelease, track: SiteTrack) -> str:
    return track.view.track if track.member == release.name else f"{track.member} {track.view.track}"


def _track_cells(release: SiteRelease, tracks: Sequence[SiteTrack]) -> str:
    return escaped_text(
        " · ".join(
            f"{_track_name(release, track)} {track.view.version} {percent_text(track.view.share)}".replace(" –", "")
            for track in tracks
        )
    )


def _share_bar_html(release: SiteRelease) -> str:
    """The requests divided among the tracks; requests of a track's own in words."""
    tones = tones_of([_track_name(release, track) for track in release.tracks])
    parts, left, words = [], 0.0, []
    for track in release.tracks:
        share = track.view.share or 0.0
        if share:
            tone = tones[_track_name(release, track)]
            parts.append(f'<rect class="{tone}" x="{left:g}" width="{share:g}" height="8"/>')
            words.append(f"{_track_name(release, track)} {share:g} %")
            left += share
    if not parts:
        own = "<br>".join(
            escaped_text(f"{_track_name(release, each)}: {each.view.says}") for each in release.tracks if each.view.says
        )
        return own or "–"
    label = escaped_text(", ".join(words))
    drawing = f'<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{label}">'
    return f"{drawing}{''.join(parts)}</svg>"


def _published_cell(release: SiteRelease) -> str:
    if release.commit is None:
        return "not yet"
    when = f" {_time_element(release.time)}" if release.time is not None else ""
    state = ' <span class="pill small">confirmed</span>' if release.confirmed else ""
    behind = "" if release.published else ' <span class="pill small unknown">specs differ</span>'
    if release.live not in ((), release.tracks):
        behind += f'<br><span class="soft">published: {_track_cells(release, release.live)}</span>'
    edited = len(release.by_hand)
    hand = f' <span class="pill small unsafe">{counted(edited, "hand edit")}</span>' if edited else ""
    return f"<code>{escaped_text(release.commit[:12])}</code>{when}{state}{behind}{hand}"


def _time_element(seconds: int) -> str:
    """A time of day that no forged commit can make into an error."""
    try:
        when = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return "at an unknown time"
    return f'<time datetime="{when.isoformat()}">{when.strftime("%Y-%m-%d %H:%M")}</time>'


def _history_page(
    environment: SiteEnvironment, chunk: Sequence[SitePublish], place: tuple[str, int, int], made: datetime
) -> str:
    return _site_page(f"History of {environment.name} · Shipway", _publishes_table(environment, chunk, place), made)


def _publishes_table(
    environment: SiteEnvironment, chunk: Sequence[SitePublish], place: tuple[str, int, int]
) -> Iterator[str]:
    stem, number, pages = place
    yield f"<h1>History of {escaped_text(environment.name)}</h1>"
    total = counted(len(environment.publishes), "publish", "publishes")
    cut_off = "" if environment.complete else "; older ones are not in this clone"
    yield f'<p class="soft">{total}{cut_off}</p>'
    yield from _filter_input("Filter: release, author, subject, commit")
    yield '<div class="wide" tabindex="0" role="region" aria-label="Publishes">'
    yield '<table class="edits site-table"><thead><tr>'
    yield from (f'<th scope="col">{name}</th>' for name in ("when", "what", "who", "from", "back there"))
    yield "</tr></thead><tbody>"
    for publish in chunk:
        yield _publish_row(publish)
    yield "</tbody></table></div>"
    yield from _page_links(stem, number, pages)


def _publish_row(publish: SitePublish) -> str:
    releases = escaped_text(", ".join(publish.releases))
    source = f"<code>{escaped_text(short_id(publish.source))}</code>" if publish.source else "uncommitted specs"
    back = "<br>".join(f"<code>{escaped_text(command)}</code>" for command in publish.back) or "–"
    words = escaped_text(f"{publish.commit} {publish.author} {publish.subject} {' '.join(publish.releases)}".lower())
    what = (
        f"{escaped_text(publish.subject)}<br><code>{escaped_text(publish.commit[:12])}</code> <span "
        f'class="soft">{releases}</span>'
    )
    cells = {
        "when": _time_element(publish.time),
        "what": what,
        "who": escaped_text(publish.author),
        "from": source,
        "back there": back,
    }
    return f'<tr data-words="{words}">{"".join(_labeled_cell(name, cell) for name, cell in cells.items())}</tr>'


def _labeled_cell(name: str, content: str) -> str:
    """A cell that knows its column: on a phone it stands below the others, and says so."""
    return f'<td data-name="{name}"><div>{content}</div></td>'


def _page_links(stem: str, number: int, pages: int) -> Iterator[str]:
    if pages < 2:
        return
    newer = f'<a rel="prev" href="{_page_file(stem, number - 1)}">‹ newer</a> ' if number else ""
    older = f' <a rel="next" href="{_page_file(stem, number + 1)}">older ›</a>' if number < pages - 1 else ""
    yield f'<nav aria-label="Pages"><p>{newer}page {number + 1:,} of {pages:,}{older}</p></nav>'
