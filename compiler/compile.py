"""One environment: from documents to complete manifests. Pure; the order of the calls is the order of the stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from compiler.assemble.access import Access
from compiler.assemble.config import Files
from compiler.assemble.cost import ZERO_COST, Cost, check_quota, cost_of, smoke_cost
from compiler.assemble.environment import environment_objects
from compiler.assemble.frame import Frame
from compiler.assemble.overrides import check_overrides, check_protected_paths
from compiler.assemble.presets import timing_of
from compiler.assemble.release import assemble
from compiler.assemble.tls import check_tls_hosts, tls_secret_name
from compiler.diagnostics.model import Diagnostic, Problem, Rejected
from compiler.git.target import spec_problems
from compiler.model.manifest import Manifest, ObjectName
from compiler.model.provenance import origins_of
from compiler.model.topology import Topology
from compiler.rules.groups import check_groups, memberships
from compiler.rules.neighbors import check_sibling_releases
from compiler.rules.release import check_release
from compiler.source import Document
from compiler.spec.documents import Documents, EnvironmentDocument, ReleaseDocument
from compiler.spec.pods import NetworkPolicy
from compiler.spec.traced_documents import traced_environment, traced_release
from compiler.strategies import STRATEGIES
from compiler.strategies.base import Membership, Strategy, Subject, traced_membership
from compiler.traffic.base import Exposure, distinct_manifests
from compiler.traffic.providers import PROVIDERS
from compiler.traffic.service import provider as service
from compiler.tree.paths import ENVIRONMENT


@dataclass(frozen=True)
class CompiledRelease:
    """One release as it will stand in the cluster, and what it was made from."""

    name: str
    document: Document
    subject: Subject
    strategy: Strategy
    topology: Topology
    make: Callable[[], tuple[Manifest, ...]] = field(repr=False, compare=False)
    trace: Callable[[], tuple[Manifest, ...]] = field(repr=False, compare=False)
    """as `make`, with the origin of every field: for `why` and errors"""

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        """Every object, made when first asked for: most are made and judged elsewhere, and needed nowhere again."""
        return self.make()

    @cached_property
    def traced(self) -> Mapping[ObjectName, Manifest]:
        """The manifests with the origins of their fields."""
        return {(manifest.kind, manifest.name): manifest for manifest in self.trace()}


@dataclass(frozen=True)
class CompiledEnvironment:
    """All releases of an environment, the environment's own objects, and warnings that stop nothing."""

    name: str
    documents: Documents
    releases: tuple[CompiledRelease, ...]
    own: tuple[Manifest, ...]
    warnings: tuple[Diagnostic, ...]

    @property
    def document(self) -> Document:
        return self.documents.environment.document

    @cached_property
    def traced(self) -> Mapping[ObjectName, Manifest]:
        """The environment's own manifests with the origins of their fields."""
        own = environment_objects(traced_environment(self.documents.environment).model)
        return {(manifest.kind, manifest.name): with_fields(manifest) for manifest in own}

    @cached_property
    def by_name(self) -> Mapping[str, CompiledRelease]:
        return {release.name: release for release in self.releases}

    def release(self, name: str) -> CompiledRelease:
        return self.by_name[name]


def compile_documents(name: str, documents: Documents, data: Mapping[str, Files]) -> CompiledEnvironment:
    """The environment, its objects still to be made. Raises Rejected with every error of all its releases."""
    environment = documents.environment
    found: list[Diagnostic] = [
        *check_folder(name, environment),
        *check_publish_location(environment),
        *check_groups(documents),
    ]
    found += check_argocd_path(documents)
    stop_on_errors(found)
    members = memberships(documents)
    releases = []
    for each in documents.releases:
        release = compile_release(documents.environment, each, members.get(each.name), data[each.document.file], found)
        if release is not None:
            releases.append(release)
    providers = {provider.name for provider in documents.environment.traffic}
    found += check_sibling_releases(releases, routed=providers != {"service"}, regex="ingressNginx" in providers)
    found += check_costs(documents.environment, releases)
    stop_on_errors(found)
    own = tuple(environment_objects(documents.environment.model))
    return CompiledEnvironment(name, documents, tuple(releases), own, tuple(found))


def check_folder(folder: str, environment: EnvironmentDocument) -> Iterator[Diagnostic]:
    """A copied folder that keeps the name would be published over the environment that it was copied from."""
    name = environment.model.metadata.name
    if name != folder:
        message = f"the environment is called {name}, its folder {folder}"
        problem = Problem("environment-name", message, ("metadata", "name"), f"write `name: {folder}`")
        yield environment.document.diagnose(problem)


def check_publish_location(environment: EnvironmentDocument) -> Iterator[Diagnostic]:
    """What Git must not see is said at its line, before anything asks Git."""
    gitops = environment.model.spec.gitops
    for problem in spec_problems(environment.model.metadata.name, gitops.repository, gitops.branch, gitops.path):
        yield environment.document.diagnose(problem)


def check_argocd_path(documents: Documents) -> Iterator[Diagnostic]:
    """Each folder of the published tree belongs to one: to a release, to the environment, or to Argo CD's objects."""
    path = documents.environment.model.spec.argocd.path
    if path in (ENVIRONMENT, *documents.by_name):
        message = f"the folder {path} is that of {'the environment' if path == ENVIRONMENT else 'a release'}"
        problem = Problem("argocd-path-taken", message, ("spec", "argocd", "path"), "name another folder")
        yield documents.environment.document.diagnose(problem)


def stop_on_errors(found: Sequence[Diagnostic]) -> None:
    if has_errors(found):
        raise Rejected(found)


def has_errors(found: Sequence[Diagnostic]) -> bool:
    return any(diagnostic.severity == "error" for diagnostic in found)


def compile_release(
    environment: EnvironmentDocument,
    source: ReleaseDocument,
    membership: Membership | None,
    files: Files,
    found: list[Diagnostic],
) -> CompiledRelease | None:
    """The release, or None where it is wrong, with the findings added to `found`."""
    strategy = STRATEGIES[source.strategy.name]
    subject = Subject(source.model, source.strategy.model, membership)
    kept = check_protected_paths(source.model.spec.overrides)
    problems = [*check_release(environment, source), *kept, *strategy.check(subject)]
    if collect_problems(source.document, problems, found):
        return None
    topology = strategy.lower(subject)
    exposures = exposures_of(environment, subject, topology)
    problems = check_tls_hosts(source.model.spec.expose, topology, routed=set(exposures) != {service.NAME})
    problems += [problem for name, each in exposures.items() for problem in PROVIDERS[name].check(each)]
    if collect_problems(source.document, problems, found):
        return None
    release = CompiledRelease(
        name=source.name,
        document=source.document,
        subject=subject,
        strategy=strategy,
        topology=topology,
        make=partial(make_objects, environment, source, subject, topology, exposures, files),
        trace=partial(trace_objects, environment, source, membership, files),
    )
    overrides = source.model.spec.overrides
    problems = check_overrides(overrides, release.manifests, source.name, topology) if overrides else []
    return None if collect_problems(source.document, problems, found) else release


def make_objects(
    environment: EnvironmentDocument,
    source: ReleaseDocument,
    subject: Subject,
    topology: Topology,
    exposures: Mapping[str, Exposure],
    files: Files,
) -> tuple[Manifest, ...]:
    """The complete objects of a release that was found right."""
    routing = distinct_manifests(
        [manifest for name, each in exposures.items() for manifest in PROVIDERS[name].render(each)]
    )
    frame = frame_of(environment, subject, topology)
    return assemble(frame, source.model, topology, routing, files, access_to(environment, source))


def trace_objects(
    environment: EnvironmentDocument, source: ReleaseDocument, membership: Membership | None, files: Files
) -> tuple[Manifest, ...]:
    """The objects anew, by the same builders over traced specs: each field knows where it came from."""
    environment, source = traced_environment(environment), traced_release(source)
    subject = Subject(source.model, source.strategy.model, traced_membership(membership))
    topology = STRATEGIES[source.strategy.name].lower(subject)
    exposures = exposures_of(environment, subject, topology)
    manifests = make_objects(environment, source, subject, topology, exposures, files)
    return tuple(with_fields(manifest) for manifest in manifests)


def with_fields(manifest: Manifest) -> Manifest:
    return replace(manifest, fields=origins_of(manifest.object))


def collect_problems(document: Document, problems: Sequence[Problem], found: list[Diagnostic]) -> bool:
    """Adds the problems to `found`; True if one of them is an error."""
    found += [document.diagnose(problem) for problem in problems]
    return any(problem.severity == "error" for problem in problems)


def frame_of(environment: EnvironmentDocument, subject: Subject, topology: Topology) -> Frame:
    metadata = subject.release.metadata
    return Frame(
        release=subject.name,
        namespace=environment.model.spec.namespace,
        gated=topology.gated,
        group=subject.membership.group if subject.membership is not None else None,
        labels=metadata.labels,
        annotations=metadata.annotations,
    )


def exposures_of(environment: EnvironmentDocument, subject: Subject, topology: Topology) -> dict[str, Exposure]:
    """What each provider writes from: the environment's, two while moving from one to the other; Services alone for
    what is internal.
    """
    spec = subject.release.spec
    frame = frame_of(environment, subject, topology)
    secret = tls_secret_name(subject.name, spec.expose.tls)
    longest = timing_of(spec).longest_request
    if spec.expose.internal:
        return {service.NAME: Exposure(frame, topology, spec.expose, service.SPEC(), secret, longest)}
    return {
        provider.name: Exposure(frame, topology, spec.expose, provider.model, secret, longest)
        for provider in environment.traffic
    }


def access_to(environment: EnvironmentDocument, source: ReleaseDocument) -> Access:
    """Who may reach the release's pods: where the environment denies by default, each release opens its own port.

    Requests come in from the namespaces of the gateways' pods, as far as the environment says.
    """
    wanted = source.model.spec.network_policy
    if wanted is None and environment.model.spec.default_deny:
        wanted = NetworkPolicy()
    routed = () if source.model.spec.expose.internal else environment.traffic
    names = (getattr(provider.model, "namespace", None) for provider in routed)
    return Access(wanted, tuple(name for name in names if name is not None))


def check_costs(environment: EnvironmentDocument, releases: Sequence[CompiledRelease]) -> list[Diagnostic]:
    """The peak of each release's course, while the others rest, against the environment's quota."""
    quota = environment.model.spec.quota
    if quota is None:
        return []
    costs = [costs_of(release) for release in releases]
    total = sum((rest for rest, _ in costs), ZERO_COST)
    found = []
    for release, (rest, peak) in zip(releases, costs, strict=True):
        others = Cost(total.pods - rest.pods, total.cpu - rest.cpu, total.memory - rest.memory)
        found += [release.document.diagnose(problem) for problem in check_quota(quota, others, peak)]
    return found


def costs_of(release: CompiledRelease) -> tuple[Cost, Cost]:
    """What the release takes as it stands, and at the peak of its course."""
    model = release.subject.release
    versions = release.strategy.tracks(release.subject).values()
    pod = cost_of(model, 1, [version.resources for version in versions])
    pods = sum(workload.replicas for workload in release.topology.workloads)
    return pod * pods, pod * release.strategy.peak(release.subject) + smoke_cost(model)
