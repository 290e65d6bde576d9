"""Small objects in which one detail decides whether the API server takes them."""

from __future__ import annotations

from typing import Any

from compiler.model.manifest import Object
from compiler.transition import verify
from tests.transition.manifests import deployment, job, metadata, route, service, template

BASE = [service("web"), deployment("web"), route("r", {"web": 1})]
GATEWAY_GROUP = "gateway.networking.k8s.io/v1"


def refusals(obj: Object) -> list[str]:
    """What the verifier says about the object when it is added to a small release."""
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


def scaler_of(**spec: Any) -> Object:
    return with_spec(scaler({"type": "Utilization", "averageUtilization": 80}), **spec)


def of_pods(target: dict[str, Any]) -> Object:
    return scaler_of(metrics=[{"type": "Pods", "pods": {"metric": {"name": "m"}, "target": target}}])


def scaled(**spec: Any) -> Object:
    trigger = {"type": "kafka", "metadata": {"topic": "orders"}}
    of = {"scaleTargetRef": {"name": "worker"}, "triggers": [trigger]}
    return of_kind("keda.sh/v1alpha1", "ScaledObject", spec={**of, **spec})


def cron_job(name: str = "extra", **spec: Any) -> Object:
    template = {"spec": job("extra")["spec"]}
    obj = of_kind("batch/v1", "CronJob", spec={"schedule": "0 3 * * *", "jobTemplate": template, **spec})
    return {**obj, "metadata": metadata(name)}


def webhook(**fields: Any) -> Object:
    hook = {
        "name": "pods.check.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
        "clientConfig": {"url": "https://check.example.com/pods"}, **fields,
    }  # fmt: skip
    kind = "ValidatingWebhookConfiguration"
    obj = of_kind("admissionregistration.k8s.io/v1", kind, webhooks=[hook])
    return {**obj, "metadata": {"name": "extra"}}


def watched(**rule: Any) -> Object:
    every = {"operations": ["CREATE"], "apiGroups": ["acme.example"], "apiVersions": ["v1"], "resources": ["widgets"]}
    return webhook(rules=[{**every, **rule}], failurePolicy="Ignore")


def storage_class(**fields: Any) -> Object:
    obj = of_kind("storage.k8s.io/v1", "StorageClass", provisioner="disk.acme.example", **fields)
    return {**obj, "metadata": {"name": "extra"}}


def lease(**spec: Any) -> Object:
    return of_kind("coordination.k8s.io/v1", "Lease", spec=spec)


def slice_of(addresses: list[str], kind: str = "IPv4", ports: tuple[str, ...] = ("http",)) -> Object:
    return of_kind(
        "discovery.k8s.io/v1", "EndpointSlice", addressType=kind, endpoints=[{"addresses": addresses}],
        ports=[{"name": name, "port": 80} for name in ports],
    )  # fmt: skip


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


def path_of(**item: Any) -> Object:
    obj = ingress("ten.example.com")
    obj["spec"]["rules"][0]["http"]["paths"][0].update(item)
    return obj


def default_backend(service: dict[str, Any]) -> Object:
    return of_kind("networking.k8s.io/v1", "Ingress", spec={"defaultBackend": {"service": service}})


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
    whole = {"name": "public", "namespace": "gateways"}
    of = [{**whole, "sectionName": section} if section else whole for section in sections]
    return {**obj, "spec": {**obj["spec"], "parentRefs": of}}


def match(**term: Any) -> Object:
    return other_route(matches=[term])


def rewritten(**path: Any) -> Object:
    return other_route(filters=[{"type": "URLRewrite", "urlRewrite": {"path": path}}])


def backend_headers(*names: str) -> Object:
    changes = [{"set": [{"name": name, "value": "1"}]} for name in names]
    filters = [{"type": "RequestHeaderModifier", "requestHeaderModifier": change} for change in changes]
    return other_route(backendRefs=[{"name": "web", "port": 80, "filters": filters}])


def listener(**fields: Any) -> Object:
    each = {"name": "one", "port": 443, "protocol": "HTTPS", **fields}
    return of_kind(GATEWAY_GROUP, "Gateway", spec={"gatewayClassName": "envoy", "listeners": [each]})


def listeners(count: int) -> Object:
    each = [{"name": f"l{number}", "port": 8000 + number, "protocol": "HTTP"} for number in range(count)]
    return of_kind(GATEWAY_GROUP, "Gateway", spec={"gatewayClassName": "envoy", "listeners": each})


def certificate(**fields: Any) -> Object:
    issuer = {"name": "ca", "kind": "ClusterIssuer"}
    spec = {"secretName": "tls", "dnsNames": ["www.example.com"], "issuerRef": issuer, **fields}
    return of_kind("cert-manager.io/v1", "Certificate", spec=spec)


def members_of(service: str) -> Object:
    obj = deployment("members")
    spec = {name: value for name, value in obj["spec"].items() if name != "strategy"}
    return {**obj, "kind": "StatefulSet", "spec": {**spec, "serviceName": service}}


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


def rollout(way: str = "canary", **strategy: Any) -> Object:
    """A Rollout of Argo Rollouts with this strategy, whose pods no Service selects."""
    pods_of = {"selector": {"matchLabels": {"app": "extra"}}, "template": template({"app": "extra"}, "img:1")}
    return of_kind("argoproj.io/v1alpha1", "Rollout", spec={**pods_of, "strategy": {way: strategy}})


def canary_step(**step: Any) -> Object:
    return rollout(steps=[step])


def account_metadata(name: str, account: str) -> dict[str, Any]:
    return {**metadata(name), "annotations": {"kubernetes.io/service-account.name": account}}


def cluster_binding(kind: str) -> Object:
    obj = binding({"kind": "User", "name": "u", "apiGroup": "rbac.authorization.k8s.io"})
    role_ref = {**obj["roleRef"], "kind": kind}
    return {**obj, "kind": "ClusterRoleBinding", "metadata": {"name": "extra"}, "roleRef": role_ref}


def quota(name: str, **scopes: Any) -> Object:
    return of_kind("v1", "ResourceQuota", spec={"hard": {name: "100"}, **scopes})


def selected(**requirement: Any) -> Object:
    return quota("pods", scopeSelector={"matchExpressions": [requirement]})


def limit_types(*kinds: str) -> Object:
    return of_kind("v1", "LimitRange", spec={"limits": [{"type": kind, "max": {"storage": "9"}} for kind in kinds]})


PORTS = [{"name": "a", "containerPort": 3000, "hostPort": 80}, {"name": "b", "containerPort": 3001, "hostPort": 81}]
SAME_PORTS = [{**port, "hostPort": 80} for port in PORTS]
TOKEN = {"path": "token", "expirationSeconds": 600}
RESTART = {"action": "Restart", "exitCodes": {"operator": "In", "values": [42]}}
STEP = {"name": "step", "image": "img:1"}
