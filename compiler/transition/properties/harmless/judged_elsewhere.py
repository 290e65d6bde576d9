"""Unjudged differences of which other objects of the folder, or other fields, show that they do no harm."""

from __future__ import annotations

import re
from typing import Any

from compiler.model.objects import (
    Key,
    mapping_items,
    nested_value,
    object_labels,
)
from compiler.traffic.readers import readers_by_kind
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.classification.shared import flux
from compiler.transition.classification.shared.project_lists import KIND_LISTS
from compiler.transition.facts.rules.projects import destination_namespaces
from compiler.transition.properties.accepted import permitted
from compiler.transition.properties.available.hook_rights import (
    are_given_by_another_binding,
    are_of_people,
    go_with_their_pods,
)
from compiler.transition.properties.available.unread_hosts import comes_for_new_hosts, gives_up_its_hosts
from compiler.transition.properties.config.secret_stores import is_store_of_kept_secrets, is_value_of_a_kept_secret
from compiler.transition.properties.harmless.database_fields import (
    adds_roles_or_databases,
    adds_standbys,
    gives_labels_that_nothing_selects,
    grows_volumes,
    is_read_at_creation,
)
from compiler.transition.properties.harmless.finalizers import is_finalizer_of_what_stays
from compiler.transition.properties.harmless.inherited_fields import takes_from_others
from compiler.transition.properties.harmless.liveness_probes import (
    is_port_by_another_name,
    is_probe_that_goes,
    is_probe_that_waits_as_long,
)
from compiler.transition.properties.harmless.misplaced_fields import is_left_out_when_written
from compiler.transition.properties.harmless.mountable_secrets import is_list_that_nothing_enforces
from compiler.transition.properties.harmless.new_names import gives_new_names, gives_new_server_names
from compiler.transition.properties.harmless.new_rollouts import steers_only_what_comes
from compiler.transition.properties.harmless.reloaders import reloads_nothing_of_this_commit
from compiler.transition.properties.harmless.scaled_triggers import scales_within_its_bounds
from compiler.transition.properties.harmless.tailnet_entries import keeps_its_entry_of_the_tailnet
from compiler.transition.properties.harmless.traefik_filters import (
    is_filter_of_nobody,
    is_first_filter_of_its_name,
    strips_other_paths_too,
)
from compiler.transition.properties.harmless.volumes import (
    grows_in_a_class_of_the_folder,
    is_volume_of_a_going_claim,
    is_volume_of_the_first_pass,
)
from compiler.transition.properties.policies.lost_allowances import comes_beside_isolating
from compiler.transition.sync.change import Change

ADDRESS_FIELDS = (
    "spec.loadBalancerIP",
    *(f"metadata.annotations.{prefix}" for prefix in (
        "io.cilium/lb-ipam-", "kube-vip.io/", "lbipam.cilium.io/", "metallb.io/", "metallb.universe.tf/",
    )),
)  # fmt: skip
"""What is read of Services of type LoadBalancer alone."""
SELECTORS_BY_LABEL = frozenset({"matchLabels", "matchExpressions", "workloadSelector"})
"""What selects by labels, and names no object: a label may well be called like a Service.

Source: apimachinery, pkg/apis/meta/v1 `LabelSelector`; Istio, api/networking/v1/sidecar.proto `WorkloadSelector`.
"""
ADDRESSES = (("", "Endpoints"), ("discovery.k8s.io", "EndpointSlice"))
SERVICE_NAME = "kubernetes.io/service-name"
PORT_PROTOCOL = "spec.ports[].appProtocol"


def is_judged_elsewhere(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether the rest of the change shows what the field does."""
    return any(
        shows(change, key, difference)
        for shows in (
            _is_right_of_nobody,
            is_port_by_another_name,
            is_probe_that_waits_as_long,
            _is_resolved_mirror,
            takes_from_others,
            is_finalizer_of_what_stays,
            steers_only_what_comes,
            _is_rule_of_known_objects,
            _is_unnamed_source,
            is_read_at_creation,
            adds_standbys,
            adds_roles_or_databases,
            grows_volumes,
            gives_labels_that_nothing_selects,
            scales_within_its_bounds,
            grows_in_a_class_of_the_folder,
            is_volume_of_the_first_pass,
            is_volume_of_a_going_claim,
            _is_opening_policy,
            _is_of_a_new_entry,
            is_probe_that_goes,
            reloads_nothing_of_this_commit,
            is_first_filter_of_its_name,
            is_filter_of_nobody,
            strips_other_paths_too,
            comes_for_new_hosts,
            gives_up_its_hosts,
            gives_new_names,
            gives_new_server_names,
            _is_protocol_by_its_name,
            _is_address_of_a_new_service,
            is_left_out_when_written,
            is_store_of_kept_secrets,
            is_value_of_a_kept_secret,
            is_list_that_nothing_enforces,
            keeps_its_entry_of_the_tailnet,
        )
    )


def _is_right_of_nobody(change: Change, key: Key, _difference: UnjudgedDifference) -> bool:
    given = (go_with_their_pods, are_given_by_another_binding, are_of_people)
    return any(rights(change, key) for rights in given)


def _is_rule_of_known_objects(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a project's list of kinds differs, and the folder has objects, which are judged, wherever it may deploy.

    Of a place that only a pattern names, or that has nothing here, other folders hold what nobody sees.
    """
    if key.kind != "AppProject" or difference.field.removeprefix("spec.").partition("[")[0] not in KIND_LISTS:
        return False
    sides = [side for side in (change.live, change.target) if key in side.objects]
    governed = {
        other.namespace
        for side in sides
        for other in side.objects
        if other != key and permitted.governing_project(change, side, other) is side.objects[key]
    }
    places = {place for side in sides for place in destination_namespaces(side.objects[key])}
    return bool(places) and places <= governed


def _is_resolved_mirror(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether requests come to be mirrored to a port that is there all the time: nobody waits for its answers."""
    reader = readers_by_kind().get(key[:2])
    mirror = None if reader is None else reader.mirrored(difference.field, difference.after, key)
    if mirror is None or difference.after is None:
        return mirror is not None
    service, port = mirror
    comes_first = service not in change.live.objects and service in change.ops and change.ops[service] < change.ops[key]
    sides = (change.target,) if comes_first else (change.live, change.target)
    forms = [snapshot.services.get(service) for snapshot in sides]
    return service.namespace == key.namespace and all(facts is not None and port in facts.ports for facts in forms)


def _is_unnamed_source(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a source of Flux comes that nobody waited for, or goes that nobody names any more.

    Nothing is deployed from a source that no object names (source-controller, docs/spec).
    """
    if key.group != flux.GROUP or not difference.field:
        return False
    sides = [snapshot for snapshot in (change.live, change.target) if key not in snapshot.objects]
    beside = change.live if sides == [change.live] else change.target
    return bool(sides) and not any(
        other.group.endswith("fluxcd.io") and {key.kind, key.name} <= referenced_words(obj)
        for other, obj in beside.objects.items()
        if other != key
    )


def _is_address_of_a_new_service(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether addresses come for a Service that comes with them: nobody has asked it.

    Source: Kubernetes, pkg/apis/discovery/types.go `LabelServiceName`; Endpoints have the name of their Service.
    """
    if difference.field or key[:2] not in ADDRESSES or key in change.live.objects:
        return False
    label = object_labels(change.target.objects[key]).get(SERVICE_NAME)
    service = Key("", "Service", key.namespace, key.name if key.kind == "Endpoints" else str(label))
    return service in change.target.objects and service not in change.live.objects


def _is_protocol_by_its_name(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether ports come to say `http` that are called so all the time: routes speak that where a port says nothing.

    Source: Istio, pkg/config/kube/conversion.go `ConvertProtocol` (`appProtocol`, or the name up to a dash); Gateway
    API, GEP-1911 (without `appProtocol` HTTP/1.1).
    """
    if difference.field != PORT_PROTOCOL or not {difference.before, difference.after} <= {None, "", "http"}:
        return False
    ports = [
        port
        for side in (change.live, change.target)
        for port in mapping_items(nested_value(side.objects.get(key, {}), "spec", "ports"))
    ]
    numbers = {str(port.get("port")) for port in ports if port.get("appProtocol") == "http"}
    return all(str(port.get("name")).partition("-")[0] == "http" for port in ports if str(port.get("port")) in numbers)


def _is_opening_policy(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a NetworkPolicy comes whose pods are isolated already: it only opens."""
    ways = {"spec.egress": "Egress", "spec.ingress": "Ingress"}
    way = next((way for field, way in ways.items() if difference.field.startswith(field)), "")
    return key.distinct_kind == "NetworkPolicy" and bool(way) and comes_beside_isolating(change, key, way)


def _is_of_a_new_entry(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a load balancer that nobody used before has this address: the Service was of another type."""
    named = difference.field.startswith(ADDRESS_FIELDS)
    old = change.live.objects.get(key, {})
    return key.distinct_kind == "Service" and named and nested_value(old, "spec", "type") != "LoadBalancer"


def referenced_words(value: Any) -> set[str]:
    """Every text in an object's spec but for labels, and the first part of those that are host names."""
    words: set[str] = set()
    pending = [part for name, part in value.items() if name not in ("metadata", "status")]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending += [part for name, part in item.items() if name not in SELECTORS_BY_LABEL]
        elif isinstance(item, list):
            pending += item
        elif isinstance(item, str):
            words.update(words_of_text(item))
    return words


def words_of_text(text: str) -> tuple[str, ...]:
    """The text, and its first part if it is a host name or an address."""
    return text, text.split(".", maxsplit=1)[0], text.partition("://")[2].split(".")[0].partition(":")[0]


def names_of_other_namespaces(value: Any) -> set[tuple[str, str]]:
    """Every name that an object's spec gives together with a namespace: in a reference, or as a host of the cluster."""
    names: set[tuple[str, str]] = set()
    pending = [part for name, part in value.items() if name not in ("metadata", "status")]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending += item.values()
            names.add((str(item.get("namespace")), str(item.get("name"))))
        elif isinstance(item, list):
            pending += item
        elif isinstance(item, str) and "." in item:
            first, second, *_ = (*re.split(r"[.:/]", item.rpartition("://")[2]), "")
            names.add((second, first))
    return names
