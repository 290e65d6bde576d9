"""What the API server refuses though each field by itself is right: what several fields say together.

Each fault stands beside a near miss that is taken. Source of each: Kubernetes, pkg/apis/*/validation; Gateway API,
the CEL rules of its CRDs.
"""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.transition import verify
from tests.transition.manifests import config_map, deployment, job, metadata, route, service

BASE = [service("web"), deployment("web"), route("r", {"web": 1})]
GATEWAY_GROUP = "gateway.networking.k8s.io/v1"


def refusals(obj: Object) -> list[str]:
    answer = verify(BASE, [*BASE, obj])
    return [finding.message for finding in answer.errors if finding.property == "accepted"]


def pods(container: dict[str, Any] | None = None, **spec: Any) -> Object:
    obj = deployment("idle", **(container or {}))
    obj["spec"]["template"]["spec"].update(spec)
    return obj


def volume(source: dict[str, Any]) -> Object:
    return pods(volumes=[{"name": "v", **source}])


def node_affinity(required: dict[str, Any]) -> Object:
    return pods(affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}})


def node_term(operator: str, values: list[str]) -> Object:
    return node_affinity(
        {"nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": operator, "values": values}]}]}
    )


def spread(*otherwise: str) -> Object:
    each = {"maxSkew": 1, "topologyKey": "zone"}
    return pods(topologySpreadConstraints=[{**each, "whenUnsatisfiable": word} for word in otherwise])


def of_kind(api_version: str, kind: str, **fields: Any) -> Object:
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata("extra"), **fields}


def daemon_set(**rolling: Any) -> Object:
    obj = deployment("agent")
    spec = {key: value for key, value in obj["spec"].items() if key not in ("strategy", "replicas")}
    return {**obj, "kind": "DaemonSet", "spec": {**spec, "updateStrategy": {"rollingUpdate": rolling}}}


def scaler(target: dict[str, Any]) -> Object:
    metric = {"type": "Resource", "resource": {"name": "cpu", "target": target}}
    of = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "extra"}
    return of_kind(
        "autoscaling/v2", "HorizontalPodAutoscaler", spec={"scaleTargetRef": of, "maxReplicas": 3, "metrics": [metric]}
    )


def policy(rule: dict[str, Any]) -> Object:
    spec = {"podSelector": {"matchLabels": {"app": "idle"}}, "ingress": [rule]}
    return of_kind("networking.k8s.io/v1", "NetworkPolicy", spec=spec)


def secret(kind: str, **data: str) -> Object:
    return of_kind("v1", "Secret", type=f"kubernetes.io/{kind}", stringData=data)


def claim(modes: list[str], **requests: str) -> Object:
    return of_kind("v1", "PersistentVolumeClaim", spec={"accessModes": modes, "resources": {"requests": requests}})


def binding(subject: dict[str, Any]) -> Object:
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"}
    return of_kind("rbac.authorization.k8s.io/v1", "RoleBinding", roleRef=role, subjects=[subject])


def role(rule: dict[str, Any]) -> Object:
    return of_kind("rbac.authorization.k8s.io/v1", "Role", rules=[{"verbs": ["get"], **rule}])


def limits(**bounds: str) -> Object:
    each = {name: {"cpu": amount} for name, amount in bounds.items()}
    return of_kind("v1", "LimitRange", spec={"limits": [{"type": "Container", **each}]})


def priority(name: str, value: int) -> Object:
    return {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}, "value": value}


def indexed_job(**spec: Any) -> Object:
    obj = job("extra")
    return {**obj, "spec": {**obj["spec"], "completionMode": "Indexed", **spec}}


def ingress(host: str) -> Object:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    rule = {"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    return of_kind("networking.k8s.io/v1", "Ingress", spec={"ingressClassName": "nginx", "rules": [rule]})


def other_route(**rule: Any) -> Object:
    return {**route("extra", {"web": 1}, **rule), "metadata": metadata("extra")}


def mirror(**share: Any) -> Object:
    return other_route(
        filters=[{"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "web", "port": 80}, **share}}]
    )


def headers(*names: str) -> Object:
    return other_route(
        filters=[
            {"type": f"{name}HeaderModifier", f"{name.lower()}HeaderModifier": {"remove": ["a"]}} for name in names
        ]
    )


def parents(*sections: str) -> Object:
    obj = other_route()
    of = [{"name": "public", "namespace": "gateways", "sectionName": section} for section in sections]
    return {**obj, "spec": {**obj["spec"], "parentRefs": of}}


def called(match: dict[str, Any]) -> Object:
    rule = {"matches": [{"method": match}], "backendRefs": [{"name": "web", "port": 80}]}
    spec = {
        "parentRefs": [{"name": "public", "namespace": "gateways"}],
        "hostnames": ["grpc.example.com"],
        "rules": [rule],
    }
    return of_kind(GATEWAY_GROUP, "GRPCRoute", spec=spec)


def gateway(protocol: str, mode: str) -> Object:
    tls = {"mode": mode, "certificateRefs": [{"name": "c"}]}
    listener = {"name": "tls", "port": 443, "protocol": protocol, "tls": tls}
    return of_kind(GATEWAY_GROUP, "Gateway", spec={"gatewayClassName": "envoy", "listeners": [listener]})


def definition(name: str) -> Object:
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}
    names = {"kind": "Widget", "plural": "widgets", "singular": "widget"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": name},
        "spec": {"group": "acme.example", "names": names, "scope": "Namespaced", "versions": [version]},
    }  # fmt: skip


def budget(share: str) -> Object:
    return of_kind(
        "policy/v1", "PodDisruptionBudget", spec={"minAvailable": share, "selector": {"matchLabels": {"a": "b"}}}
    )


def mounted(**mount: Any) -> Object:
    at = {"name": "v", "mountPath": "/v", **mount}
    return pods({"volumeMounts": [at]}, volumes=[{"name": "v", "emptyDir": {}}])


def domains(otherwise: str) -> Object:
    each = {"maxSkew": 1, "topologyKey": "zone", "minDomains": 2, "whenUnsatisfiable": otherwise}
    return pods(topologySpreadConstraints=[each])


def with_spec(obj: Object, **spec: Any) -> Object:
    return {**obj, "spec": {**obj["spec"], **spec}}


def failing(restart: str) -> Object:
    obj = job("extra")
    obj["spec"]["template"]["spec"]["restartPolicy"] = restart
    codes = {"operator": "In", "values": [1]}
    return with_spec(obj, podFailurePolicy={"rules": [{"action": "FailJob", "onExitCodes": codes}]})


def account_metadata(name: str, account: str) -> dict[str, Any]:
    return {**metadata(name), "annotations": {"kubernetes.io/service-account.name": account}}


def cluster_binding(kind: str) -> Object:
    obj = binding({"kind": "User", "name": "u", "apiGroup": "rbac.authorization.k8s.io"})
    role_ref = {**obj["roleRef"], "kind": kind}
    return {**obj, "kind": "ClusterRoleBinding", "metadata": {"name": "extra"}, "roleRef": role_ref}


def quota(name: str) -> Object:
    return of_kind("v1", "ResourceQuota", spec={"hard": {name: "100"}})


def limit_types(*kinds: str) -> Object:
    return of_kind("v1", "LimitRange", spec={"limits": [{"type": kind, "max": {"storage": "9"}} for kind in kinds]})


PORTS = [{"name": "a", "containerPort": 3000, "hostPort": 80}, {"name": "b", "containerPort": 3001, "hostPort": 81}]
SAME_PORTS = [{**port, "hostPort": 80} for port in PORTS]
TOKEN = {"path": "token", "expirationSeconds": 600}
STEP = {"name": "step", "image": "img:1"}
PAIRS: dict[str, tuple[Object, Object]] = {
    "variable": (pods({"env": [{"name": "A=B", "value": "1"}]}), pods({"env": [{"name": "A.B", "value": "1"}]})),
    "amount": (
        pods({"resources": {"requests": {"cpu": "-1"}}}), pods({"resources": {"requests": {"cpu": "0"}}}),
    ),
    "host ports": (pods({"ports": SAME_PORTS}), pods({"ports": PORTS})),
    "node's network": (
        pods({"ports": [{"containerPort": 3000, "hostPort": 80}]}, hostNetwork=True),
        pods({"ports": [{"containerPort": 3000, "hostPort": 3000}]}, hostNetwork=True),
    ),
    "deadline of pods": (pods(activeDeadlineSeconds=60), pods(terminationGracePeriodSeconds=60)),
    "ephemeral container": (pods(ephemeralContainers=[STEP]), pods(initContainers=[STEP])),
    "probe of a step": (
        pods(initContainers=[{**STEP, "livenessProbe": {"tcpSocket": {"port": 1}}}]),
        pods(initContainers=[{**STEP, "livenessProbe": {"tcpSocket": {"port": 1}}, "restartPolicy": "Always"}]),
    ),
    "no terms": (node_affinity({"nodeSelectorTerms": []}), node_term("In", ["x"])),
    "no values": (node_term("In", []), node_term("Exists", [])),
    "spread": (spread("DoNotSchedule", "DoNotSchedule"), spread("DoNotSchedule", "ScheduleAnyway")),
    "name servers": (pods(dnsPolicy="None"), pods(dnsPolicy="None", dnsConfig={"nameservers": ["10.0.0.10"]})),
    "processes": (pods(hostPID=True, shareProcessNamespace=True), pods(shareProcessNamespace=True)),
    "token": (
        volume({"projected": {"sources": [{"serviceAccountToken": {**TOKEN, "expirationSeconds": 599}}]}}),
        volume({"projected": {"sources": [{"serviceAccountToken": TOKEN}]}}),
    ),
    "daemon set at rest": (daemon_set(maxSurge=0, maxUnavailable=0), daemon_set(maxSurge=1, maxUnavailable=0)),
    "daemon set of defaults": (daemon_set(maxSurge=1), daemon_set(maxUnavailable=2)),
    "metric": (scaler({"type": "Utilization"}), scaler({"type": "Utilization", "averageUtilization": 80})),
    "ranges": (
        service("extra", "idle", loadBalancerSourceRanges=["10.0.0.0/8"]),
        service("extra", "idle", type="LoadBalancer", loadBalancerSourceRanges=["10.0.0.0/8"]),
    ),
    "external address": (
        service("extra", "idle", externalIPs=["127.0.0.1"]), service("extra", "idle", externalIPs=["192.0.2.1"]),
    ),
    "families": (
        service("extra", "idle", ipFamilies=["IPv4", "IPv4"]), service("extra", "idle", ipFamilies=["IPv4", "IPv6"]),
    ),
    "exception": (
        policy({"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["192.168.0.0/16"]}}]}),
        policy({"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}]}),
    ),
    "two peers in one": (
        policy({"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}]}),
        policy({"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}, {"podSelector": {}}]}),
    ),
    "range of ports": (policy({"ports": [{"port": 9, "endPort": 8}]}), policy({"ports": [{"port": 8, "endPort": 9}]})),
    "range from a name": (policy({"ports": [{"port": "http", "endPort": 8}]}), policy({"ports": [{"port": "http"}]})),
    "key of a certificate": (secret("tls", **{"tls.crt": "x"}), secret("tls", **{"tls.crt": "x", "tls.key": "y"})),
    "registry's text": (
        secret("dockerconfigjson", **{".dockerconfigjson": "x"}),
        secret("dockerconfigjson", **{".dockerconfigjson": "{}"}),
    ),
    "password": (secret("basic-auth", user="x"), secret("basic-auth", username="x")),
    "key twice": (
        {**config_map("extra"), "binaryData": {"A": "YQ=="}}, {**config_map("extra"), "binaryData": {"B": "YQ=="}},
    ),
    "storage": (claim(["ReadWriteOnce"]), claim(["ReadWriteOnce"], storage="1Gi")),
    "modes": (
        claim(["ReadWriteOncePod", "ReadWriteOnce"], storage="1Gi"), claim(["ReadWriteOncePod"], storage="1Gi"),
    ),
    "subject": (
        binding({"kind": "ServiceAccount", "name": "a"}),
        binding({"kind": "ServiceAccount", "name": "a", "namespace": "shop"}),
    ),
    "rule without resources": (role({"apiGroups": [""]}), role({"apiGroups": [""], "resources": ["pods"]})),
    "share": (budget("101%"), budget("100%")),
    "bounds": (limits(min="2", max="1"), limits(min="1", max="2")),
    "default beyond the bound": (limits(default="2", max="1"), limits(default="1", max="1")),
    "reserved name": (priority("system-mine", 1), priority("mine", 1)),
    "priority": (priority("mine", 1_000_000_001), priority("mine", 1_000_000_000)),
    "completions": (indexed_job(), indexed_job(completions=2)),
    "host": (ingress("10.0.0.1"), ingress("ten.example.com")),
    "timeouts": (
        other_route(timeouts={"request": "1s", "backendRequest": "1001ms"}),
        other_route(timeouts={"request": "1s", "backendRequest": "1000ms"}),
    ),
    "no timeout": (
        other_route(timeouts={"request": "1s", "backendRequest": "2s"}),
        other_route(timeouts={"request": "0s", "backendRequest": "2s"}),
    ),
    "share of a mirror": (mirror(percent=5, fraction={"numerator": 5}), mirror(percent=5)),
    "filter twice": (headers("Request", "Request"), headers("Request", "Response")),
    "parent twice": (parents("https", "https"), parents("https", "http")),
    "method": (called({}), called({"service": "shop.Cart"})),
    "passed through": (gateway("HTTPS", "Passthrough"), gateway("TLS", "Passthrough")),
    "host path": (volume({"hostPath": {"path": "/a/../b"}}), volume({"hostPath": {"path": "/a..b"}})),
    "type of a host path": (
        volume({"hostPath": {"path": "/a", "type": "Folder"}}),
        volume({"hostPath": {"path": "/a", "type": "Directory"}}),
    ),
    "share of a server": (
        volume({"nfs": {"server": "s", "path": "a"}}),
        volume({"nfs": {"server": "s", "path": "/a"}}),
    ),
    "propagation": (mounted(mountPropagation="Bidirectional"), mounted(mountPropagation="HostToContainer")),
    "two paths below": (mounted(subPath="a", subPathExpr="b"), mounted(subPath="a")),
    "profile": (
        pods(securityContext={"seccompProfile": {"type": "Localhost"}}),
        pods(securityContext={"seccompProfile": {"type": "Localhost", "localhostProfile": "p.json"}}),
    ),
    "part of a device": (
        pods({"resources": {"limits": {"nvidia.com/gpu": "500m"}}}),
        pods({"resources": {"limits": {"nvidia.com/gpu": "1"}}}),
    ),
    "grace of a readiness probe": (
        pods({"readinessProbe": {"tcpSocket": {"port": 3000}, "terminationGracePeriodSeconds": 5}}),
        pods({"livenessProbe": {"tcpSocket": {"port": 3000}, "terminationGracePeriodSeconds": 5}}),
    ),
    "domains": (domains("ScheduleAnyway"), domains("DoNotSchedule")),
    "single stack": (
        service("extra", "idle", ipFamilyPolicy="SingleStack", ipFamilies=["IPv4", "IPv6"]),
        service("extra", "idle", ipFamilyPolicy="RequireDualStack", ipFamilies=["IPv4", "IPv6"]),
    ),
    "distribution": (
        service("extra", "idle", trafficDistribution="Near"),
        service("extra", "idle", trafficDistribution="PreferClose"),
    ),
    "two values of a metric": (
        scaler({"type": "Utilization", "averageUtilization": 80, "averageValue": "1"}),
        scaler({"type": "AverageValue", "averageValue": "1"}),
    ),
    "selector of a Job": (
        with_spec(job("extra"), selector={"matchLabels": {"job": "extra"}}),
        with_spec(job("extra"), selector={"matchLabels": {"job": "extra"}}, manualSelector=True),
    ),
    "failure of pods": (failing("OnFailure"), failing("Never")),
    "account of a token": (
        secret("service-account-token"),
        {**secret("service-account-token"), "metadata": account_metadata("extra", "default")},
    ),
    "cluster's binding": (cluster_binding("Role"), cluster_binding("ClusterRole")),
    "empty peer": (policy({"from": [{}]}), policy({"from": [{"podSelector": {}}]})),
    "quota": (quota("pod"), quota("pods")),
    "limits of a type": (limit_types("Container", "Container"), limit_types("Container", "Pod")),
    "no storage": (claim(["ReadWriteOnce"], storage="0"), claim(["ReadWriteOnce"], storage="1")),
    "filter without its field": (
        other_route(filters=[{"type": "URLRewrite"}]),
        other_route(filters=[{"type": "URLRewrite", "urlRewrite": {"hostname": "a.example.com"}}]),
    ),
    "definition": (definition("widget.acme.example"), definition("widgets.acme.example")),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_the_fault_is_refused_and_its_near_miss_is_taken(name: str) -> None:
    fault, near_miss = PAIRS[name]
    assert refusals(fault), "taken"
    assert refusals(near_miss) == []
