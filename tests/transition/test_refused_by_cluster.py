"""What the API server refuses of routes, policies, webhooks, and of what belongs to the cluster.

Each fault stands beside a near miss that is taken. Source of each: Kubernetes, pkg/apis/*/validation; Gateway API,
the CEL rules of its CRDs.
"""

from __future__ import annotations

import pytest

from compiler.model.manifest import Object
from tests.transition.refusable_objects import (
    backend_headers,
    called,
    certificate,
    default_backend,
    lease,
    listener,
    listeners,
    match,
    members_of,
    parents,
    path_of,
    policy,
    priority,
    quota,
    refusals,
    rewritten,
    selected,
    slice_of,
    storage_class,
    watched,
    webhook,
)

PAIRS: dict[str, tuple[Object, Object]] = {
    "default backend": (
        default_backend({"name": "web"}), default_backend({"name": "web", "port": {"number": 80}}),
    ),
    "path": (path_of(path="/a//b"), path_of(path="/a/b/")),
    "interpreted path": (
        path_of(path="/a//b", pathType="Exact"), path_of(path="/a//b", pathType="ImplementationSpecific"),
    ),
    "range": (
        policy({"from": [{"ipBlock": {"cidr": "10.0.0.0/33"}}]}),
        policy({"from": [{"ipBlock": {"cidr": "10.0.0.0/32"}}]}),
    ),
    "binding": (storage_class(volumeBindingMode="Late"), storage_class(volumeBindingMode="WaitForFirstConsumer")),
    "reclaim": (storage_class(reclaimPolicy="Recycle"), storage_class(reclaimPolicy="Retain")),
    "small priority": (priority("mine", -2147483649), priority("mine", -2147483648)),
    "preemption": (
        {**priority("mine", 1), "preemptionPolicy": "Always"}, {**priority("mine", 1), "preemptionPolicy": "Never"},
    ),
    "opposite scopes": (
        quota("pods", scopes=["BestEffort", "NotBestEffort"]), quota("pods", scopes=["BestEffort", "NotTerminating"]),
    ),
    "scope of pods": (quota("services", scopes=["Terminating"]), quota("pods", scopes=["Terminating"])),
    "best effort": (quota("cpu", scopes=["BestEffort"]), quota("cpu", scopes=["NotBestEffort"])),
    "name of a scope": (quota("pods", scopes=["Best"]), quota("pods", scopes=["BestEffort"])),
    "values of a scope": (
        selected(scopeName="PriorityClass", operator="In"),
        selected(scopeName="PriorityClass", operator="In", values=["high"]),
    ),
    "operator of a scope": (
        selected(scopeName="Terminating", operator="DoesNotExist"),
        selected(scopeName="Terminating", operator="Exists"),
    ),
    "lease": (lease(leaseDurationSeconds=0), lease(leaseDurationSeconds=1)),
    "slice's family": (slice_of(["fd00::1"]), slice_of(["fd00::1"], "IPv6")),
    "slice's host": (slice_of(["127.0.0.1"]), slice_of(["192.0.2.1"])),
    "slice without addresses": (slice_of([]), slice_of(["192.0.2.1"])),
    "slice's ports": (slice_of(["192.0.2.1"], ports=("a", "a")), slice_of(["192.0.2.1"], ports=("a", "b"))),
    "side effects": (webhook(sideEffects="Some"), webhook(sideEffects="NoneOnDryRun")),
    "no side effects": (webhook(sideEffects=None), webhook(sideEffects="None")),
    "failure": (webhook(failurePolicy="Retry"), webhook(failurePolicy="Ignore")),
    "webhook's name": (webhook(name="check.example"), webhook(name="check.example.com")),
    "webhook's time": (webhook(timeoutSeconds=31), webhook(timeoutSeconds=30)),
    "webhook's address": (
        webhook(clientConfig={"url": "http://check.example.com"}),
        webhook(clientConfig={"url": "https://check.example.com"}),
    ),
    "review": (webhook(admissionReviewVersions=["v2"]), webhook(admissionReviewVersions=["v2", "v1"])),
    "condition": (
        webhook(matchConditions=[{"name": "a", "expression": ""}]),
        webhook(matchConditions=[{"name": "a", "expression": "true"}]),
    ),
    "condition twice": (
        webhook(matchConditions=[{"name": "a", "expression": "true"}] * 2),
        webhook(matchConditions=[{"name": name, "expression": "true"} for name in "ab"]),
    ),
    "watched operation": (watched(operations=["READ"]), watched(operations=["UPDATE"])),
    "watched groups": (watched(apiGroups=["*", "apps"]), watched(apiGroups=["*"])),
    "watched resources": (watched(resources=[]), watched(resources=["widgets", "widgets/scale"])),
    "path of a match": (match(path={"value": "/a//b"}), match(path={"value": "/a/b/"})),
    "expression": (
        match(path={"type": "Exact", "value": "/a b"}), match(path={"type": "RegularExpression", "value": "/a b"}),
    ),
    "header twice": (
        match(headers=[{"name": "a", "value": "1"}, {"name": "a", "value": "2"}]),
        match(headers=[{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]),
    ),
    "rewritten": (
        rewritten(type="ReplaceFullPath", replacePrefixMatch="/"),
        rewritten(type="ReplaceFullPath", replaceFullPath="/"),
    ),
    "filters of a backend": (backend_headers("a", "b"), backend_headers("a")),
    "service of a call": (called({"service": "shop-api.Cart"}), called({"service": "shop_api.Cart"})),
    "method of a call": (called({"method": "Add.One"}), called({"method": "Add_1"})),
    "expression of a call": (
        called({"method": "Add.*"}),
        called({"method": "Add.*", "type": "RegularExpression"}),
    ),
    "section": (parents("https", ""), parents("https", "http")),
    "tls of a protocol": (
        listener(protocol="HTTP", tls={"certificateRefs": [{"name": "c"}]}),
        listener(protocol="HTTPS", tls={"certificateRefs": [{"name": "c"}]}),
    ),
    "certificate": (listener(tls={"mode": "Terminate"}), listener(protocol="TLS", tls={"mode": "Passthrough"})),
    "host of a stream": (
        listener(protocol="TCP", hostname="a.example.com"), listener(protocol="HTTP", hostname="a.example.com"),
    ),
    "no listeners": (listeners(0), listeners(64)),
    "too many listeners": (listeners(65), listeners(1)),
    "members' Service": (members_of("Data_Base"), members_of("data-base")),
    "names of a certificate": (certificate(dnsNames=[]), certificate(dnsNames=[], commonName="www.example.com")),
    "common name": (certificate(commonName="a" * 65), certificate(commonName="a" * 64)),
    "issuer": (certificate(issuerRef={"kind": "Issuer"}), certificate(issuerRef={"name": "ca"})),
    "kind of issuer": (
        certificate(issuerRef={"name": "ca", "kind": "AWSPCAIssuer"}),
        certificate(issuerRef={"name": "ca", "kind": "AWSPCAIssuer", "group": "awspca.cert-manager.io"}),
    ),
    "duration": (certificate(duration="59m"), certificate(duration="1h")),
    "renewal": (certificate(duration="24h", renewBefore="24h"), certificate(duration="24h", renewBefore="23h59m")),
    "default duration": (certificate(renewBefore="2160h"), certificate(renewBefore="2159h")),
    "late renewal": (certificate(renewBefore="4m59s"), certificate(renewBefore="5m")),
    "renewal twice": (
        certificate(renewBefore="8h", renewBeforePercentage=20), certificate(renewBeforePercentage=20),
    ),
    "size of a key": (
        certificate(privateKey={"algorithm": "ECDSA", "size": 2048}), certificate(privateKey={"size": 2048}),
    ),
    "listener's name": (listener(name="A_b", protocol="HTTP"), listener(name="a-b", protocol="HTTP")),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_what_the_cluster_refuses_is_found_and_its_near_miss_is_taken(name: str) -> None:
    fault, near_miss = PAIRS[name]
    assert refusals(fault), "taken"
    assert refusals(near_miss) == []
