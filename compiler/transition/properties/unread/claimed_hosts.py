"""What nobody has proven: new objects whose operators make routes, for a host that a route has.

Source: Keycloak operator, docs (`ingress`, `hostname`); Grafana operator, docs (`ingress`); Jaeger operator, `ingress`;
VictoriaMetrics operator, `ingress.host`; Seldon Core, annotation `seldon.io/istio-host`; Knative, docs/serving
(a DomainMapping is called like its host).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from compiler.model.manifest import Object
from compiler.model.objects import Key
from compiler.model.request import host_matches
from compiler.transition.classification import Unjudged, classified_kind
from compiler.transition.classification.custom_kinds import MADE
from compiler.transition.properties.available.unread_hosts import routed_hosts
from compiler.transition.properties.unread.selecting_policies import content_of, leaves_of
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"
DOMAIN_MAPPING = ("serving.knative.dev", "DomainMapping")
ANY_HOST = "*"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The objects that come, make pods that nobody sees, and name a host of a route that was there before."""
    change = judged.change
    new = [key for key in change.ops if key not in change.live.objects and _is_made_by_an_operator(key)]
    taken = set(routed_hosts(change.live)) - {ANY_HOST} if new else set()
    for key in new if taken else ():
        host = _claimed_host(key, change.target.objects[key], taken)
        if host:
            yield PropertyBreach(
                "unknown-kind",
                PROPERTY,
                f"{key} is added and names {host}, which a route has. Not judged: whether its operator makes a route "
                "that takes requests of this host",
                (key,),
                "give it a host of its own, or make sure that its operator makes no route",
                "warning",
                change.moment(key),
            )


def _is_made_by_an_operator(key: Key) -> bool:
    known = classified_kind(key.group, key.kind)
    return isinstance(known, Unjudged) and known.influence == MADE


def _claimed_host(key: Key, obj: Object, taken: Collection[str]) -> str:
    """The first host of a route that the object names: as a host, or by its own name."""
    named = [str(value) for field, value, _ in leaves_of(content_of(obj)) if "host" in field.lower()]
    if key[:2] == DOMAIN_MAPPING:
        named.append(key.name)
    hosts = (name.lower() for name in named if "." in name)
    return next((host for host in hosts if any(host_matches(other, host) for other in taken)), "")
