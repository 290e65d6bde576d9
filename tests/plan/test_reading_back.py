"""Who writes reads back: what strategies and providers make of a topology shows that topology again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from compiler.model.compiled import CompiledRelease
from compiler.model.plan import TrackView
from compiler.model.topology import ShareMechanism, Split
from compiler.plan.states import no_course_open
from compiler.plan.tracks import shown_tracks, tracks_of
from compiler.traffic import PACKAGES
from compiler.traffic.providers import providers
from compiler.traffic.readers import reader_of, route_readers
from tests.course.matrix import Course, courses, objects_of

EVERY = list(courses())
ALONE = [course for course in EVERY if not course.name.startswith("group")]


def releases_of(course: Course) -> Iterator[tuple[str, CompiledRelease, tuple[TrackView, ...]]]:
    for name, compiled in course.states:
        for release in compiled.releases:
            yield name, release, tracks_of([manifest.object for manifest in release.manifests], release.name)


@pytest.mark.parametrize("course", EVERY, ids=[course.name for course in EVERY])
def test_tracks_are_those_that_were_written(course: Course) -> None:
    for name, release, views in releases_of(course):
        objects = [manifest.object for manifest in release.manifests]
        shown, _ = shown_tracks(objects)
        written = {each.track: each for each in release.topology.workloads}
        assert shown == release.strategy.NAME, name
        assert {view.track: (view.version, view.contract, view.pods) for view in views} == {
            track: (each.version.version, each.contract, each.replicas) for track, each in written.items()
        }, name


@pytest.mark.parametrize("course", ALONE, ids=[course.name for course in ALONE])
def test_shares_are_those_that_were_written(course: Course) -> None:
    for name, release, views in releases_of(course):
        (split, *others) = [each for each in release.topology.splits if each.match.header is None]
        shares = {view.track: view.share for view in views}
        if others or course.name.startswith("versioned-service"):
            assert set(shares.values()) == {None}, name
            assert {view.track for view in views if view.requests} <= set(shares), name
        else:
            assert shares == pytest.approx(expected_shares(split, views), abs=0.1), name


def expected_shares(split: Split, views: tuple[TrackView, ...]) -> dict[str, float]:
    """What the topology says; a split by pods divides by their numbers."""
    pods = {view.track: view.pods for view in views}
    if split.by is not ShareMechanism.PODS:
        return {share.track: float(share.percent) for share in split.shares if share.track in pods}
    sharing = {share.track: pods[share.track] for share in split.shares if share.track in pods}
    return {track: 100 * count / sum(sharing.values()) for track, count in sharing.items()}


@pytest.mark.parametrize("course", EVERY, ids=[course.name for course in EVERY])
def test_a_course_is_open_from_its_first_commit_to_its_last(course: Course) -> None:
    """Of versioned no course is open: versions serve beside each other for good. A rolling release has none."""
    for name, compiled in course.states:
        open_now = any(release.strategy.ahead(release.subject) for release in compiled.releases)
        if compiled.releases[0].strategy.NAME in ("blueGreen", "canary"):
            assert not (open_now and no_course_open(objects_of(compiled))), name
        else:
            assert no_course_open(objects_of(compiled)), name


def test_each_provider_reads_back_what_it_writes() -> None:
    written = [reader.PROVIDER for reader in route_readers() if reader.PROVIDER in providers()]
    assert written == list(providers())
    assert len(PACKAGES) == len(providers())
    for course in EVERY:
        for _, compiled in course.states:
            used = {provider.name for provider in compiled.documents.environment.traffic} - {"service"}
            readers = {reader.PROVIDER for obj in objects_of(compiled) if (reader := reader_of(obj)) is not None}
            internal = all(release.subject.release.spec.expose.internal for release in compiled.releases)
            assert readers == (set() if internal else used), course.name
