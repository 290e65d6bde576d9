"""What a provider's objects do with requests, read back: a provider's module `reader` holds a `RouteReader` as READER.

The plan asks for shares. The verifier asks for everything else, and knows no kind of route by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol

from compiler.diagnostics.model import Path, Severity
from compiler.model.course import RequestShares
from compiler.model.manifest import Object
from compiler.model.objects import Key, NamedObject, object_key
from compiler.model.request import Request, RouteAction, RouteCandidate, RouteMatch

GroupKind = tuple[str, str]
SpecConversion = Callable[[Mapping[str, Any]], Mapping[str, Any]]
ReferenceReader = Callable[[Key, Object], Iterable[NamedObject]]


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """The facts of one object that routes; a provider's own facts are fields of a subclass.

    `matches` are all that tell its requests apart. `weights` has each Service that it names, with whether it may get
    requests; `served` those that get requests whatever their headers. `gates` are the objects on which it hangs, and
    `secrets` hold the certificates that it shows. A `patterned` route turns every path of its hosts into a regular
    expression, also those of other routes.
    """

    key: Key
    matches: tuple[RouteMatch, ...]
    weights: tuple[tuple[Key, bool], ...]
    served: frozenset[Key]
    gates: frozenset[Key]
    secrets: frozenset[Key]
    patterned: bool

    @property
    def services(self) -> frozenset[Key]:
        """Every Service that it names, whatever its weight."""
        return frozenset(service for service, _ in self.weights)

    @property
    def copied_to(self) -> frozenset[Key]:
        """The Services that get copies of its requests: nobody waits for what they answer."""
        return frozenset()

    @property
    def reach(self) -> tuple[object, ...]:
        """What decides which requests it takes, whatever it does with them."""
        return self.matches, self.patterned, self.gates

    @property
    def effect(self) -> tuple[object, ...]:
        """All that the object says about requests: two forms of equal effect route alike."""
        return tuple(getattr(self, name) for name in self.__match_args__)


class Entry(NamedTuple):
    """Where requests arrive, with the routes that they may find there: `gateway infra/public#https`.

    `conditions` are matches of no route, by whose conditions a route of another path decides: they tell requests apart.
    """

    name: str
    routes: Sequence[Route]
    conditions: Sequence[RouteMatch] = ()


class Requirement(NamedTuple):
    """What an object needs to become Healthy: any of `keys`, with the reason in words."""

    keys: tuple[Key, ...]
    reason: str


class RouteConflict(NamedTuple):
    """Two objects of which one has no effect: the code of the finding, what is disputed, and what to do.

    `refused`: the provider's admission takes the second one no more.
    """

    code: str
    first: Key
    second: Key
    message: str
    help: str
    refused: bool = False


class GateChange(NamedTuple):
    """What becomes of clients when an object of `GATE_KINDS` changes: a code, what happens to whom, what to do.

    `since` is the object with whose write it begins; None where that does not matter.
    """

    code: str
    message: str
    keys: tuple[Key, ...]
    help: str
    severity: Severity = "error"
    since: Key | None = None


class ConvergedObjects(Protocol):
    """The objects of one commit, as far as a provider asks for them, once the sync is done."""

    @property
    def objects(self) -> Mapping[Key, Object]: ...

    @property
    def routes(self) -> Mapping[Key, Route]:
        """The facts of those that route, of all providers."""
        ...

    def of_kind(self, kind: str) -> Sequence[Key]:
        """The keys of all objects of a kind, as `Key.distinct_kind` names it."""
        ...


class Cluster(Protocol):
    """The objects at one point of a sync, as a provider asks for them."""

    @property
    def assumed(self) -> Any:
        """What `RouteReader.assumed` found in the converged routes."""
        ...

    def object_at(self, key: Key) -> Object | None:
        """The object's form at this point; None: it does not exist."""
        ...

    def route_at(self, key: Key) -> Any:
        """The facts of the route in that form; None: it does not exist, or is no route."""
        ...

    def of_kind(self, kind: str) -> Sequence[tuple[Key, Object]]:
        """The objects of a kind that exist at this point."""
        ...

    def is_managed(self, key: Key) -> bool:
        """Whether a folder holds the object, before the commit or after it."""
        ...

    def is_aged(self, key: Key) -> bool:
        """Whether the object was there before the commit."""
        ...

    def source_of(self, key: Key) -> Key | None:
        """The object of the next commit that brings this one: itself, or that from which an operator makes it."""
        ...

    def candidate(self, route: Any, request: Request) -> RouteCandidate | None:
        """What `RouteReader.candidate` answers, worked out once."""
        ...


class RouteReader:
    """How a provider's objects are read. What a provider does not say is that it has none of it."""

    PROVIDER: ClassVar[str]
    KINDS: ClassVar[frozenset[GroupKind]] = frozenset()
    """API group and kind of each object that routes"""
    GATE_KINDS: ClassVar[frozenset[GroupKind]] = frozenset()
    """those of objects that decide whether routes count at all"""
    ENTRY: ClassVar[str] = ""
    """the first word of the names of its entries"""
    CONVERSIONS: ClassVar[Mapping[tuple[str, str], SpecConversion]] = {}
    """by `apiVersion` and kind, what makes a present `spec` of one that an older version had"""
    REFERENCES: ClassVar[Mapping[GroupKind, ReferenceReader]] = {}
    """what objects name that they cannot do without, beside the Services that `read` finds"""
    MATCHES: ClassVar[Path] = ("spec", "rules")
    """the field of a route that says which requests it takes"""

    def read(self, obj: Object, key: Key, /) -> Any:
        """The facts of a route: a `Route`."""
        raise LookupError(f"{self.PROVIDER} reads no {key.kind}")

    def unread(self, obj: Object, /) -> Collection[str]:
        """What an object of `KINDS` says about its requests that `read` does not know: then it is no route at all."""
        return ()

    def possible_hosts(self, obj: Object, /) -> Collection[str]:
        """The hosts of which an object that is not read may take requests; `*`: of any."""
        return ("*",)

    def may_serve(self, other: Object, /) -> bool:
        """Whether the proxy of the provider's routes may serve a route of another kind too, at the same entries."""
        return False

    def validation_errors(self, obj: Object, /) -> Iterable[tuple[str, str]]:
        """Why the API server or the provider's webhook refuses a route, beyond its schema, each with what fixes it."""
        return ()

    def creation_errors(self, obj: Object, /) -> Iterable[tuple[str, str]]:
        """Why the API server refuses a new route that it would leave alone if it were there already."""
        return ()

    def gate_errors(self, kind: str, spec: Mapping[str, Any], /) -> Iterable[tuple[str, str]]:
        """Why the API server refuses an object of `GATE_KINDS`, beyond its schema, each with what fixes it."""
        return ()

    def matches_of(self, obj: Object, /) -> Sequence[RouteMatch]:
        """The matches of one route."""
        matches: Sequence[RouteMatch] = self.read(obj, object_key(obj)).matches
        return matches

    def shares_of(self, objects: Sequence[Object], release: str, /) -> RequestShares | None:
        """How the release's own objects divide its requests; None where none of them is a route of this provider."""
        return None

    def entries(self, routes: Sequence[Any], forms: Mapping[Key, Sequence[Object]], /) -> Iterable[Entry]:
        """Where requests arrive, over all forms of all routes; `forms` has those of the objects of `GATE_KINDS`."""
        return ()

    def source_namespace(self, entry: str, /) -> str:
        """The namespace of the pods that pass on what arrives at one of its entries; empty: no manifest says it."""
        raise LookupError(f"{self.PROVIDER} has no entry {entry}")

    def assumed(self, settled: Iterable[Any], /) -> Any:
        """What converged routes show to exist, though no folder holds it: handed back in `Cluster.assumed`."""
        return None

    def candidate(self, route: Any, request: Request, /, *, aged: bool) -> RouteCandidate | None:
        """The best match that one route has for the request; `aged` routes were there before the commit."""
        return None

    def answer(self, routes: Sequence[Any], request: Request, cluster: Cluster, /) -> RouteAction | None:
        """The rule that takes the request, among routes that exist at one point.

        A request that arrives at the entry of another provider, which gives up its host, is taken at any own entry.
        """
        return None

    def leads_through(self, answer: RouteAction, other: Key, /) -> bool:
        """Whether requests of an answer need an object that its route names; where nobody knows, they do."""
        return True

    def linked_routes(self, routes: Sequence[Any], /) -> Mapping[Key, Collection[Key]]:
        """For routes, over all forms, those of other paths that decide too what happens to their requests."""
        return {}

    def without_effect(self, before: Sequence[Any], after: Sequence[Any], /) -> Collection[Key]:
        """Of the routes that stand before a change and after it, those whose writes no request meets in between."""
        return ()

    def ties(self, routes: Sequence[Any], request: Request, cluster: Cluster, /) -> Sequence[Key]:
        """Routes that take the request equally and answer it differently."""
        return ()

    def services_for(self, route: Any, request: Request, cluster: Cluster, /) -> Collection[Key] | None:
        """The Services to which one route may lead the request; None: it does not take it."""
        return tuple(dict.fromkeys(service for service, _ in route.weights))

    def effect_on(self, route: Any, request: Request, cluster: Cluster, /) -> object:
        """What one route does for the request: two forms of equal effect are not told apart."""
        return route

    def gates(self, routes: Sequence[Any], services: Collection[Key], written: Iterable[Key], /) -> Iterable[Key]:
        """Those of the `written` objects of `GATE_KINDS` that decide whether the routes reach the Services."""
        return ()

    def refusal(self, route: Key, service: Key, cluster: Cluster, /) -> str:
        """Why a route may not name a Service of another namespace; empty where it may."""
        return f"a route of {self.PROVIDER} leads to no other namespace"

    def backend_ports(self, route: Any, /) -> Collection[tuple[Key, int | str]]:
        """The Services that a route names, each with the port that it names."""
        return ()

    def redirected_hosts(self, obj: Object, /) -> frozenset[str]:
        """The hosts whose plain HTTP requests a route redirects to HTTPS."""
        return frozenset()

    def gate_certificates(self, obj: Object, key: Key, /) -> frozenset[Key]:
        """The Secrets whose certificates an object of `GATE_KINDS` shows."""
        return frozenset()

    def requirements(self, key: Key, cluster: Cluster, /) -> Iterable[Requirement]:
        """What an object of `KINDS` or `GATE_KINDS` needs to become Healthy, once the sync is done."""
        return ()

    def rejected_by(self, route: Any, cluster: Cluster, /) -> Key | None:
        """The object of the folders on which the route hangs, and which does not take it at this point."""
        return None

    def mirrored(self, field: str, value: Any, route: Key, /) -> tuple[Key, int] | None:
        """The Service and port that get copies of requests by this field of a route: nobody waits for the answers."""
        return None

    def inherits(self, obj: Object, field: str, before: Any, others: Iterable[Object], /) -> bool:
        """Whether a new route takes a field that it leaves out from others, which stay and say `before`."""
        return False

    def conflicts(self, routes: Iterable[Any], /) -> Iterable[RouteConflict]:
        """Routes of which one is without effect beside another one."""
        return ()

    def gate_changes(
        self, written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects, /
    ) -> Iterable[GateChange]:
        """What a commit does to clients by the objects that it writes, whatever the requests of its routes show."""
        return ()
