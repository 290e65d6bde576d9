"""One workload into one release: its spec, compiled by the ordinary pipeline, with overrides for what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from compiler.adopt.argo_rollouts import ROLLOUT, preview_services, unsayable_rollout
from compiler.adopt.beside import untouched_reason
from compiler.adopt.credentials import secret_texts, workload_without_secrets
from compiler.adopt.exposure_spec import without_dead_ports
from compiler.adopt.job_target import job_overrides
from compiler.adopt.release_overrides import (
    first_deployment,
    object_titled,
    objects_left_out,
    release_overrides,
)
from compiler.adopt.release_spec import (
    AdoptedSpec,
    UnsayableError,
    adopted_spec,
    main_container,
    spec_with_routes,
)
from compiler.adopt.route_spec import (
    call_words,
    route_words,
    routed_requests,
    sayable_requests,
    with_first_port,
    without_backends,
)
from compiler.adopt.running import Beside, RunningObject, RunningWorkload, Whereabouts
from compiler.adopt.spec_text import adopted_document, spec_file_text
from compiler.diagnostics.model import Rejected
from compiler.model.compiled import CompiledEnvironment, CompiledRelease
from compiler.model.manifest import Object
from compiler.model.objects import Key, equality_selector_matches, mapping_or_empty, nested_value, string_entries
from compiler.pipeline import check_sources
from compiler.source.document import Document
from compiler.source.workspace import Sources
from compiler.traffic.adoption import RoutedRequests, UnsayableRouteError
from compiler.traffic.providers import any_routes


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else runs: the titles of all objects, and the keys of labels by which any of them finds pods."""

    taken: frozenset[str]
    selected: frozenset[str]
    secrets: frozenset[str]
    """the names of Secrets that are there, or that pods expect"""
    providers: Mapping[str, Any]
    """the environment's traffic providers by name, each with its settings"""

    @property
    def router(self) -> bool:
        """Whether one of them writes routes."""
        return any_routes(self.providers)


@dataclass(frozen=True, slots=True)
class AdoptedRelease:
    """A workload and the release that takes it over; `file` is the spec's path, `objects` what it writes."""

    group: RunningWorkload
    spec: AdoptedSpec
    file: str
    text: str
    document: Document
    environment: CompiledEnvironment
    """the environment with this release alone"""
    extras: Mapping[str, str] = field(default_factory=dict)
    """the files that it names, by their path beside the spec"""
    withheld: tuple[str, ...] = ()
    """variables whose secret values the spec leaves out; they are to come from `secret`"""
    beside: tuple[Beside, ...] = ()
    """what it could have written, and its words cannot say"""
    secret: str = ""
    """the name of the Secret that takes the variables"""

    @property
    def compiled(self) -> CompiledRelease:
        return self.environment.release(self.name)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def objects(self) -> tuple[Object, ...]:
        return tuple(manifest.object for manifest in self.compiled.manifests)

    def job(self, word: str) -> Object:
        """The Job or CronJob that the release writes of one of its `jobs`."""
        place = ("spec", "jobs", word)
        return next(each.object for each in self.compiled.manifests if each.origin.path == place)

    def written(self, running: RunningObject) -> Object | None:
        """The object that takes the running one's place; None where the release writes none of its name."""
        return object_titled(self.compiled, running.title)


def adopt_workload(
    running: RunningWorkload, name: str, around: Surroundings, environment: Sources, file: str
) -> AdoptedRelease:
    """The release of one workload, with its route, its jobs and all its Services, or beside those that no spec can say.

    Raises UnsayableError where no spec compiles to what runs.
    """
    running = _led_workload(running)
    if not running.jobs:
        return _with_services_or_beside(running, name, around, environment, file)
    try:
        return _with_services_or_beside(running, name, around, environment, file)
    except UnsayableError:
        return _with_sayable_jobs(running, name, around, environment, file)


def _with_sayable_jobs(
    running: RunningWorkload, name: str, around: Surroundings, environment: Sources, file: str
) -> AdoptedRelease:
    """The release with each of the jobs that a spec can say; the others stand beside it, each with the reason."""
    release = _with_services_or_beside(replace(running, jobs={}), name, around, environment, file)
    kept: dict[str, RunningObject] = {}
    beside: list[Beside] = []
    for word, job in running.jobs.items():
        try:
            group = replace(running, jobs={**kept, word: job})
            release, kept = _with_services_or_beside(group, name, around, environment, file), dict(group.jobs)
        except UnsayableError as error:
            where: Whereabouts = "untouched" if untouched_reason(job, ()) else "extras"
            beside.append(Beside(job, f"`jobs` cannot express it: {error}", where))
    return replace(release, beside=(*release.beside, *beside))


def _with_services_or_beside(
    running: RunningWorkload, name: str, around: Surroundings, environment: Sources, file: str
) -> AdoptedRelease:
    try:
        return _with_route_or_beside(running, name, around, environment, file)
    except UnsayableError as error:
        if not running.further:
            raise
        alone = replace(running, further=(), left=(*running.left, *running.further))
        release = _with_route_or_beside(alone, name, around, environment, file)
        reason = f"a further Service of {running.source.title}: {error}"
        return replace(release, beside=(*release.beside, *(Beside(each, reason, "extras") for each in running.further)))


def _led_workload(running: RunningWorkload) -> RunningWorkload:
    """The workload with its Services as far as they lead to a port of its pods."""
    pod, own, headless = running.source.pod, running.service, running.headless
    return replace(
        running,
        service=None if own is None else without_dead_ports(own, pod),
        headless=None if headless is None else without_dead_ports(headless, pod),
        further=tuple(without_dead_ports(each, pod) for each in running.further),
    )


def _with_route_or_beside(
    running: RunningWorkload, name: str, around: Surroundings, environment: Sources, file: str
) -> AdoptedRelease:
    """The release with both its routes, with the one that can be said, or with none: then they stand beside it."""
    beside: dict[Key, Beside] = {}
    service = "its Service" if running.service is None else running.service.name
    for kept in route_choices(running):
        try:
            release = _with_routes(kept, name, around, environment, file)
        except (UnsayableRouteError, UnsayableError) as error:
            beside |= {each.key: Beside(each, f"a route to {service}: {error}", "extras") for each in kept.routes}
            continue
        written = {each.key for each in kept.routes}
        return replace(release, beside=tuple(each for key, each in beside.items() if key not in written))
    release = _with_routes(replace(running, route=None, calls=None), name, around, environment, file)
    return replace(release, beside=tuple(beside.values()))


def _with_routes(
    running: RunningWorkload, name: str, around: Surroundings, environment: Sources, file: str
) -> AdoptedRelease:
    """The release with exactly these routes. Raises UnsayableRouteError where one would lead other requests."""
    if running.service is None or not running.routes:
        return _adopted(running, {}, name, around, environment, file)
    service = running.service
    previews = preview_services([running.source])
    alone = [without_backends(each, previews) for each in running.routes]
    requests = {each.kind: sayable_requests(each, service, around.providers) for each in alone}
    group = replace(running, service=with_first_port(service, next(iter(requests.values())).port))
    release = _adopted(group, requests, name, around, environment, file)
    for each in running.routes:
        refuse_other_requests(release, each, requests[each.kind])
    return release


def route_choices(running: RunningWorkload) -> Iterator[RunningWorkload]:
    """The workload with both its routes, and with one of them: the first that a spec can say counts."""
    if running.route is not None and running.calls is not None:
        yield running
    if running.route is not None:
        yield replace(running, calls=None)
    if running.calls is not None:
        yield replace(running, route=None)


def refuse_other_requests(release: AdoptedRelease, route: RunningObject, requests: RoutedRequests) -> None:
    """Raises UnsayableRouteError where the release's route is not what runs: no client may see a difference."""
    written = release.written(route)
    if written is None or _requests_of_release(release, replace(route, object=written), requests) != requests:
        raise UnsayableRouteError("the route that the release writes would answer other requests")


def _requests_of_release(release: AdoptedRelease, route: RunningObject, before: RoutedRequests) -> RoutedRequests:
    """What the release's own route does, as if it named the Service from before.

    A route by weight names the Services of tracks: the one that gets all requests has the pods that the former had.
    """
    pods = string_entries(
        nested_value(first_deployment(release.compiled) or {}, "spec", "template", "metadata", "labels")
    )
    serving, resting = set[str](), set[str]()
    for obj in release.objects:
        if obj["kind"] == "Service":
            taken = equality_selector_matches(mapping_or_empty(nested_value(obj, "spec", "selector")), pods)
            (serving if taken else resting).add(str(obj["metadata"]["name"]))
    requests = routed_requests(without_backends(route, resting))
    same = requests.service in serving
    return replace(requests, service=before.service, port=before.port) if same else requests


def _adopted(
    running: RunningWorkload,
    requests: Mapping[str, RoutedRequests],
    name: str,
    around: Surroundings,
    environment: Sources,
    file: str,
) -> AdoptedRelease:
    unsayable = unsayable_rollout(running.source)
    if unsayable:
        raise UnsayableError(unsayable)
    secret = next(each for each in free_names(f"{name}-env") if each not in around.secrets)
    group, withheld = workload_without_secrets(running, secret)
    spec = adopted_spec(group, name, around.selected, router=around.router)
    if requests:
        spec = spec_with_routes(spec, _routing_words(group, requests, around.providers, spec))
    plain = compiled_release(group, spec, environment, file)
    if group.source.kind != ROLLOUT and plain.written(group.source) is None:
        raise UnsayableError(f"a release cannot write a {group.source.kind} in its place")
    overrides = {**release_overrides(group, plain.compiled), **objects_left_out(group, plain.compiled, around.taken)}
    own = {**spec.data["spec"], **({"overrides": overrides} if overrides else {})}
    data = {**spec.data, "spec": own | ({"jobs": _jobs_with_overrides(group, plain)} if group.jobs else {})}
    refuse_secrets(data)
    return replace(
        compiled_release(group, replace(spec, data=data), environment, file), withheld=withheld, secret=secret
    )


def _routing_words(
    group: RunningWorkload, requests: Mapping[str, RoutedRequests], providers: Mapping[str, Any], spec: AdoptedSpec
) -> dict[str, Any]:
    """The part of `expose` that writes the workload's routes."""
    words: dict[str, Any] = {}
    if group.route is not None:
        words |= route_words(group.route, requests[group.route.kind], providers)
    if group.calls is not None:
        ports = spec.data["spec"]["expose"]["service"]["ports"]
        words |= call_words(requests[group.calls.kind], ports, alone=group.route is None)
    return words


def _jobs_with_overrides(group: RunningWorkload, plain: AdoptedRelease) -> dict[str, Any]:
    """`spec.jobs`, each with what its own words do not say."""
    services = (each.object for each in plain.compiled.manifests if each.kind == "Service")
    selectors = [each["spec"].get("selector") for each in services]
    written: dict[str, Any] = plain.spec.data["spec"]["jobs"]
    usual = str(main_container(group).get("name"))
    patches = {
        word: job_overrides(job, plain.job(word), written[word].get("container", usual), selectors)
        for word, job in group.jobs.items()
    }
    return {
        word: {**words, **({"overrides": patches[word]} if patches[word] else {})} for word, words in written.items()
    }


def free_names(first: str) -> Iterator[str]:
    """The name, and others like it for where that is taken."""
    yield first
    yield from (f"{first}-{number}" for number in count(2))


def refuse_secrets(data: Mapping[str, Any]) -> None:
    """Raises UnsayableError for a spec that would hold a secret as text: it names the place, and no value."""
    for place, kind in secret_texts(data["spec"]):
        raise UnsayableError(f"{place} holds a secret as text ({kind}): put it into a Secret first")


def compiled_release(group: RunningWorkload, spec: AdoptedSpec, environment: Sources, file: str) -> AdoptedRelease:
    """The spec, compiled and validated alone in its environment. Raises UnsayableError with the first finding."""
    text = spec_file_text(spec.data)
    document = adopted_document(text, file)
    try:
        compiled = check_sources(adopted_sources(environment, document, {}))[0]
    except Rejected as rejected:
        raise UnsayableError(_first_error(rejected)) from None
    return AdoptedRelease(group, spec, file, text, document, compiled)


def adopted_sources(environment: Sources, document: Document, texts: Mapping[str, str]) -> Sources:
    """The environment with this spec alone; `texts` are the files that it names."""
    own = environment.environment.file
    return replace(environment, others=(document,), data={own: environment.data[own], document.file: texts})


def _first_error(rejected: Rejected) -> str:
    first = next(each for each in rejected.diagnostics if each.severity == "error")
    return f"{first.message} ({first.code})"
