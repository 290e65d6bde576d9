"""A value for each key, another one where the key is needed, and what else the spec must hold for it to count."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from compiler.strategies import STRATEGIES
from tests.model.spec_keys import SpecKey
from tests.model.spec_value import DIGEST, Value

OF_ONE_TRACK: Final = tuple(name for name, strategy in STRATEGIES.items() if strategy.ONE_TRACK)
ROUTERS = ("gatewayApi", "ingressNginx")
EVERY_PROVIDER = (*ROUTERS, "service")
NODES = {"spec.expose.service.type": "NodePort"}
REQUESTS = {"spec.container.resources": {"requests": {"cpu": 1, "memory": "1Gi"}}}
HOST = {"spec.expose.host": "api.example.org"}
INLINE = {"spec.policy": {"inlineSecrets": "allow"}}
SOURCE = {"secret": "tokens", "key": "token"}
CLAIM: Final = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
NIGHTLY: Final = {"schedule": "0 3 * * *"}
PORTS: Final = {"ports": {"web": 9000}}
SELECTED: Final = {"selector": {"app": "old"}}
TREE = [{"key": "gpu", "operator": "Exists"}]

COURSE: Final = "a course's next steps read it"
TAKES: Final = "it takes manifests away"
ORDER: Final = "their order says nothing; another member is another release's group"
WITH_HOST: Final = {"spec.expose.host": "api.example.org"}
CALLED: Final = {**WITH_HOST, "spec.expose.grpc": {"host": "grpc.example.org"}}
EXPRESSED: Final = {"spec.identity.labels": {"tier": "edge", "zone": "a"}}
FOLDER: Final = "the folder has this name, and no manifest"
UNUSED: Final = "no manifest is the environment's or the group's own"

VALUES: Final[dict[str, Value]] = {
    "Metadata.name": Value("api", "web"),
    "Metadata.labels": Value({"team": "search"}),
    "Metadata.annotations": Value({"example.org/owner": "search"}),
    # the container
    "Container.image": Value("ghcr.io/acme/api", "ghcr.io/acme/other"),
    "Container.preset": Value("bentoml"),
    "Container.command": Value(["python", "-m", "server"]),
    "Container.args": Value(["--verbose"]),
    "Container.port": Value(8000),
    "Container.ports": Value({"web": 8000, "grpc": 8001}),
    "ContainerPort.port": Value(53, 54),
    "ContainerPort.protocol": Value("UDP", beside={"port": 53}, also={"spec.container.port": 8000}),
    "Container.imagePullPolicy": Value("Always"),
    "Container.env": Value({"LOG": "debug", "DEPTH": 3, "TRACE": True}),
    "Container.envFrom": Value(
        [{"secretRef": {"name": "tokens"}}], also={"spec.container.config": {"values": {"A": "b"}}}
    ),
    "Container.startupSeconds": Value(500),
    "Container.longestRequestSeconds": Value(120),
    "Container.drainSeconds": Value(25),
    "Container.securityContext": Value({"readOnlyRootFilesystem": True}),
    "Container.volumeMounts": Value(
        [{"name": "cache", "mountPath": "/cache"}],
        also={
            "spec.pods.volumes": [{"name": "cache", "emptyDir": {}}],
            "spec.pods.models": [{"name": "m", "mountPath": "/m", "claim": "m"}],
        },
    ),
    "Container.workingDir": Value("/srv"),
    "SecretKey.secret": Value("tokens", "others", {"key": "token"}),
    "SecretKey.key": Value("token", "other", {"secret": "tokens"}),
    "SecretKey.optional": Value(True, beside=SOURCE),
    "ConfigMapKey.configMap": Value("tokens", "others", {"key": "token"}),
    "ConfigMapKey.key": Value("token", "other", {"configMap": "tokens"}),
    "ConfigMapKey.optional": Value(True, beside={"configMap": "tokens", "key": "token"}),
    "ResourceField.resource": Value("limits.memory", "limits.cpu"),
    "ResourceField.container": Value("api", beside={"resource": "limits.memory"}),
    "ResourceField.divisor": Value("1Mi", beside={"resource": "limits.memory"}),
    "FieldRef.field": Value("metadata.name", "metadata.uid"),
    "Resources.requests": Value({"cpu": "500m", "memory": "1Gi"}),
    "Resources.limits": Value({"memory": "2Gi"}),
    "Config.values": Value({"LEVEL": "info"}),
    "Config.files": Value({"model.json": "{}"}),
    "Config.mountPath": Value("/etc/model", beside={"files": {"model.json": "{}"}}),
    "ConfigFile.path": Value("model.json", "other.json"),
    "Probe.path": Value("/up"),
    "Probe.tcp": Value(True, also={"spec.container.preset": "http"}),
    "Probe.grpc": Value(True),
    "Probe.command": Value(["true"]),
    "Probe.port": Value(9000, beside={"path": "/up"}),
    "Probe.initialDelaySeconds": Value(7, beside={"path": "/up"}),
    "Probe.periodSeconds": Value(7, beside={"path": "/up"}),
    "Probe.timeoutSeconds": Value(7, beside={"path": "/up"}),
    "Probe.failureThreshold": Value(70, beside={"path": "/up"}),
    "Probe.headers": Value({"Cookie": "session=probe"}, beside={"path": "/up"}),
    "Probe.scheme": Value("HTTPS", beside={"path": "/up"}),
    "Probe.host": Value("127.0.0.1", beside={"path": "/up"}),
    "Probe.service": Value("health", beside={"grpc": True}),
    "Probe.off": Value("asked by nobody", also={"spec.container.preset": "http"}, nothing=TAKES),
    "Probe.successThreshold": Value(1, beside={"path": "/up"}),
    # names and labels from before
    "Identity.deployment": Value("old-deployment", beside=SELECTED),
    "Identity.selector": Value({"app": "old"}, {"app": "older"}),
    "Identity.expressions": Value(
        [{"key": "tier", "operator": "In", "values": ["edge"]}],
        [{"key": "app", "operator": "Exists"}],
        beside={"labels": {"tier": "edge"}, **SELECTED},
    ),
    "SelectorTerm.key": Value("tier", "zone", beside={"operator": "Exists"}, also=EXPRESSED),
    "SelectorTerm.values": Value(["a"], ["b"], beside={"key": "tier", "operator": "NotIn"}, also=EXPRESSED),
    "Identity.labels": Value({"tier": "edge"}, beside=SELECTED),
    "Identity.autoscaler": Value("old-scaler", beside=SELECTED, also={"spec.autoscale": {"min": 2, "max": 6}}),
    "Identity.budget": Value("old-budget", beside=SELECTED),
    "Identity.service": Value("old-service"),
    "Identity.container": Value("server"),
    "Identity.account": Value("old-account", also={"spec.smokeTest": {"image": "t"}}),
    "Identity.networkPolicy": Value("old-policy", environment={"spec.defaultDeny": True}),
    "Identity.route": Value("old-route", providers=ROUTERS),
    "Identity.grpcRoute": Value("old-calls", providers=("gatewayApi",), also=CALLED),
    # jobs
    "ReleaseJob.name": Value("nightly", beside=NIGHTLY),
    "ReleaseJob.container": Value("worker", beside=NIGHTLY),
    "ReleaseJob.overrides": Value({"spec": {"suspend": True}}, beside=NIGHTLY),
    "ReleaseJob.command": Value(["migrate"], beside=NIGHTLY),
    "ReleaseJob.args": Value(["up"], beside=NIGHTLY),
    "ReleaseJob.env": Value({"MODE": "all"}, beside=NIGHTLY),
    "ReleaseJob.resources": Value({"requests": {"cpu": 1}}, beside=NIGHTLY),
    "ReleaseJob.backoffLimit": Value(5, beside=NIGHTLY),
    "ReleaseJob.activeDeadlineSeconds": Value(50, beside=NIGHTLY),
    "ReleaseJob.schedule": Value("0 3 * * *", "0 4 * * *"),
    "ReleaseJob.timeZone": Value("Europe/Berlin", beside=NIGHTLY),
    "ReleaseJob.concurrencyPolicy": Value("Allow", beside=NIGHTLY),
    # claims, and names that stay
    "Stateful.serviceName": Value("peers"),
    "Stateful.claims": Value([CLAIM]),
    "Stateful.podManagementPolicy": Value("Parallel"),
    "Stateful.persistentVolumeClaimRetentionPolicy": Value({"whenScaled": "Delete"}),
    # a version
    "Version.version": Value("1.5", "1.6"),
    "Version.digest": Value(DIGEST),
    "Version.image": Value("ghcr.io/acme/special"),
    "Version.change": Value("minor", nothing=COURSE),
    "Version.contract": Value(3),
    "Version.env": Value({"LOG": "debug"}, also={"spec.container.env": {"LOG": "info"}}),
    "Version.args": Value(["--fast"]),
    "Version.aborted": Value(True),
    # strategies
    "Rolling.maxSurge": Value(2),
    "Rolling.maxUnavailable": Value("25%"),
    "Rolling.gated": Value(True),
    "BlueGreen.active": Value("green", "blue"),
    "BlueGreen.pause": Value("1h", nothing=COURSE),
    "BlueGreen.preview": Value("off", nothing=TAKES),
    "Header.name": Value("X-Preview", "X-Other"),
    "Header.value": Value("yes", beside={"name": "X-Preview"}),
    "Preview.host": Value("preview.example.org", "other.example.org"),
    "Canary.by": Value("pods"),
    "Canary.steps": Value([10, 100], nothing=COURSE),
    "Canary.at": Value(30),
    "Canary.cookie": Value("beta", providers=("ingressNginx",)),
    "CanaryStep.at": Value(10, 20, nothing=COURSE),
    "CanaryStep.pause": Value("1h", beside={"at": 10}, nothing=COURSE),
    "CanaryHeader.name": Value("X-Beta"),
    "CanaryHeader.value": Value("on"),
    "VersionTrack.path": Value("/first", providers=ROUTERS),
    "VersionTrack.host": Value("v1.example.org", providers=ROUTERS),
    "VersionHeader.name": Value("X-Version", "X-Other", {"value": "1"}),
    "VersionHeader.value": Value("1", "2", {"name": "X-Version"}),
    "VersionTrack.deprecated": Value("2030-01-01"),
    "VersionTrack.sunset": Value("2031-01-01"),
    "VersionTrack.replicas": Value(5),
    # reaching it
    "Expose.internal": Value(True, nothing=TAKES),
    "GrpcExposure.host": Value("grpc.example.org", "rpc.example.org", providers=("gatewayApi",), also=WITH_HOST),
    "GrpcExposure.hosts": Value(
        ["grpc.example.org", "rpc.example.org"], ["calls.example.org"], providers=("gatewayApi",), also=WITH_HOST
    ),
    "GrpcExposure.methods": Value(
        ["acme.Search"], beside={"host": "grpc.example.org"}, providers=("gatewayApi",), also=WITH_HOST
    ),
    "GrpcExposure.port": Value(
        "grpc",
        beside={"host": "grpc.example.org"},
        also={**WITH_HOST, "spec.expose.service.ports": {"http": 80, "grpc": {"port": 9001, "targetPort": 9001}}},
        providers=("gatewayApi",),
    ),
    "Expose.host": Value("api.example.org", providers=ROUTERS),
    "Expose.hosts": Value(["a.example.org", "b.example.org"], providers=ROUTERS),
    "Expose.path": Value("/api", providers=ROUTERS),
    "Expose.pathType": Value("Exact", also={"spec.expose.path": "/api"}, providers=ROUTERS),
    "Expose.paths": Value(["/a", "/b"], providers=ROUTERS),
    "ExposedPath.path": Value("/a", "/b", {"pathType": "Exact"}, providers=ROUTERS),
    "ExposedPath.pathType": Value("Exact", beside={"path": "/a"}, providers=ROUTERS),
    "Expose.ingressClass": Value("internal", providers=("ingressNginx",)),
    "Expose.stripPrefix": Value(True, also={"spec.expose.path": "/api"}, providers=ROUTERS),
    "Expose.bodySize": Value("64Mi", providers=("ingressNginx",)),
    "Expose.timeoutSeconds": Value(400, providers=EVERY_PROVIDER),
    "Expose.annotations": Value({"example.org/a": "b"}, providers=ROUTERS),
    "ServicePort.type": Value("NodePort", providers=EVERY_PROVIDER),
    "ServicePort.port": Value(8443, providers=EVERY_PROVIDER),
    "ServicePort.appProtocol": Value("kubernetes.io/h2c"),
    "ServicePort.nodePort": Value(30080, also=NODES, providers=EVERY_PROVIDER),
    "ServicePort.ports": Value({"web": 8443, "admin": {"port": 9000, "targetPort": 9001}}, providers=EVERY_PROVIDER),
    "NamedServicePort.port": Value(8443, 8444, {"targetPort": "http"}),
    "NamedServicePort.targetPort": Value(9001, beside={"port": 9000}),
    "NamedServicePort.protocol": Value("SCTP", beside={"port": 9000, "targetPort": 9001}),
    "NamedServicePort.appProtocol": Value("kubernetes.io/h2c", beside={"port": 9000, "targetPort": 9001}),
    "NamedServicePort.nodePort": Value(30080, beside={"port": 9000, "targetPort": 9001}, also=NODES),
    "FurtherService.ports": Value({"web": 9000}, {"web": 9001}),
    "FurtherService.type": Value("LoadBalancer", beside=PORTS),
    "FurtherService.headless": Value(True, beside=PORTS),
    "FurtherService.pods": Value("all", beside=PORTS, strategy="blueGreen", nothing=TAKES),
    "FurtherService.labels": Value({"team": "search"}, beside=PORTS),
    "FurtherService.annotations": Value({"example.org/a": "b"}, beside=PORTS),
    "ServicePort.annotations": Value({"example.org/a": "b"}),
    "Tls.secrets": Value(
        {"wildcard": ["api.example.org"]}, {"own": ["api.example.org"]}, also=HOST, providers=("ingressNginx",)
    ),
    "Tls.secretName": Value("wildcard", "other", also=HOST, providers=("ingressNginx",)),
    "Certificate.issuer": Value("ca", "other", also=HOST),
    "Certificate.issuerKind": Value("Issuer", beside={"issuer": "ca"}, also=HOST),
    "Certificate.secretName": Value("own-tls", beside={"issuer": "ca"}, also=HOST, providers=ROUTERS),
    "ExternalSecret.store": Value("vault", "other", {"crt": "a#c", "key": "a#k"}, also=HOST),
    "ExternalSecret.storeKind": Value("SecretStore", beside={"store": "s", "crt": "a#c", "key": "a#k"}, also=HOST),
    "ExternalSecret.crt": Value("a#c", "b#d", {"store": "s", "key": "a#k"}, also=HOST),
    "ExternalSecret.key": Value("a#k", "b#l", {"store": "s", "crt": "a#c"}, also=HOST),
    "ExternalSecret.secretName": Value("own-tls", beside={"store": "s", "crt": "a#c", "key": "a#k"}, also=HOST),
    "ExternalSecret.refreshInterval": Value("2h", beside={"store": "s", "crt": "a#c", "key": "a#k"}, also=HOST),
    "SealedSecret.crt": Value("QUJD", "REVG", {"key": "QUJD"}, also=HOST),
    "SealedSecret.key": Value("QUJD", "REVG", {"crt": "QUJD"}, also=HOST),
    "SealedSecret.secretName": Value("own-tls", beside={"crt": "QUJD", "key": "QUJD"}, also=HOST),
    "InlineTls.crt": Value("tls.crt", "o.crt", {"key": "tls.key"}, also=HOST, environment=INLINE),
    "InlineTls.key": Value("tls.key", "o.crt", {"crt": "tls.crt"}, also=HOST, environment=INLINE),
    "InlineTls.secretName": Value(
        "own-tls", beside={"crt": "tls.crt", "key": "tls.key"}, also=HOST, environment=INLINE
    ),
    # pods
    "ReleaseSpec.replicas": Value(3),
    "ReleaseSpec.overrides": Value(
        {
            "Deployment/api": {
                "spec": {"paused": True, "template": {"spec": {"dnsConfig": {"nameservers": ["1.1.1.1"]}}}}
            }
        }
    ),
    "ReleaseSpec.networkPolicy": Value({}),
    "Pods.nodeSelector": Value({"pool": "gpu"}),
    "Pods.tolerations": Value(TREE),
    "Pods.affinity": Value(
        {
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": TREE}]}
            }
        }
    ),
    "Pods.topologySpread": Value([{"maxSkew": 2, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}]),
    "Pods.imagePullSecrets": Value(["registry"], also={"spec.smokeTest": {"image": "t"}}),
    "Pods.initContainers": Value([{"name": "init", "image": "busybox:1"}]),
    "Pods.sidecars": Value([{"name": "proxy", "image": "envoy:1"}]),
    "Pods.volumes": Value(
        [{"name": "cache", "emptyDir": {}}], also={"spec.pods.models": [{"name": "m", "mountPath": "/m", "claim": "m"}]}
    ),
    "ModelVolume.name": Value("weights", "others", {"mountPath": "/m", "claim": "m"}),
    "ModelVolume.mountPath": Value("/m", "/n", {"name": "weights", "claim": "m"}),
    "ModelVolume.claim": Value("m", "n", {"name": "weights", "mountPath": "/m"}),
    "ModelVolume.image": Value("m:1", "n:1", {"name": "weights", "mountPath": "/m"}),
    "ModelVolume.subPath": Value("deep", beside={"name": "weights", "mountPath": "/m", "claim": "m"}),
    "Pods.securityContext": Value({"fsGroup": 2000}),
    "Pods.serviceAccount": Value("robot", also={"spec.smokeTest": {"image": "t"}}),
    "Pods.automountServiceAccountToken": Value(True),
    "Pods.priorityClassName": Value("high"),
    "Pods.runtimeClassName": Value("gvisor"),
    "Pods.labels": Value({"team": "search"}),
    "Pods.annotations": Value({"example.org/a": "b"}),
    "Pods.terminationGracePeriodSeconds": Value(300),
    "Pods.minReadySeconds": Value(33),
    "NetworkPolicy.fromNamespaces": Value([{"team": "search"}]),
    "NetworkPolicy.fromPods": Value([{"app": "web"}]),
    "SmokeTest.image": Value("curl:1", "curl:2"),
    "SmokeTest.command": Value(["curl"], beside={"image": "curl:1"}),
    "SmokeTest.args": Value(["-f"], beside={"image": "curl:1"}),
    "SmokeTest.backoffLimit": Value(5, beside={"image": "curl:1"}),
    "SmokeTest.activeDeadlineSeconds": Value(50, beside={"image": "curl:1"}),
    "SmokeTest.securityContext": Value({"readOnlyRootFilesystem": True}, beside={"image": "curl:1"}),
    "Autoscale.min": Value(2, 3, {"max": 6}),
    "Autoscale.max": Value(6, 7, {"min": 2}),
    "Autoscale.cpu": Value(55, beside={"min": 2, "max": 6}),
    "Autoscale.memory": Value(55, beside={"min": 2, "max": 6, "cpu": 70}),
    "Autoscale.switchAt": Value(4, beside={"min": 2, "max": 6}, strategy="blueGreen"),
    "Autoscale.behavior": Value({"scaleDown": {"stabilizationWindowSeconds": 60}}, beside={"min": 2, "max": 6}),
    # groups
    "GroupSpec.entry": Value("api", "web"),
    "GroupSpec.members": Value(["api", "web"], ["web", "api"], nothing=ORDER),
    "GroupSpec.active": Value("green", "blue"),
    # environments
    "EnvironmentSpec.namespace": Value("ml", "other"),
    "EnvironmentSpec.defaultDeny": Value(True),
    "EnvironmentSpec.namespaceLabels": Value({"team": "search"}),
    "Quota.cpu": Value("99", also=REQUESTS),
    "Quota.memory": Value("99Gi", also=REQUESTS),
    "Quota.pods": Value(99),
    "Quota.extended": Value({"nvidia.com/gpu": 9}),
    "GatewayApi.gateway": Value("public", "other"),
    "GatewayApi.namespace": Value("infra", also={**WITH_HOST, "spec.expose.tls": {"secretName": "t"}}),
    "GatewayApi.sectionName": Value("https", beside={"gateway": "public"}),
    "IngressNginx.className": Value("internal", providers=("ingressNginx",)),
    "IngressNginx.namespace": Value("edge", providers=("ingressNginx",), environment={"spec.defaultDeny": True}),
}

SMOKE: Final = {"spec.smokeTest": {"image": "t"}}
BY_HEADER: Final = {"spec.strategy.canary.by": "header"}

VALUES_AT: Final[dict[str, Value]] = {
    "Environment:metadata.name": Value("prod", "prod", nothing=FOLDER),
    "Environment:metadata.labels": Value({"a": "b"}, nothing=UNUSED),
    "Environment:metadata.annotations": Value({"a": "b"}, nothing=UNUSED),
    "Group:metadata.name": Value("shop", "mall"),
    "Group:metadata.labels": Value({"a": "b"}, nothing=UNUSED),
    "Group:metadata.annotations": Value({"a": "b"}, nothing=UNUSED),
    "Release:spec.jobs.NAME.resources.requests": Value({"cpu": 1}, also={"spec.jobs.further.schedule": "0 3 * * *"}),
    "Release:spec.jobs.NAME.resources.limits": Value({"cpu": 1}, also={"spec.jobs.further.schedule": "0 3 * * *"}),
    "Release:spec.expose.services.NAME.ports.NAME.nodePort": Value(
        30080, beside={"port": 9000, "targetPort": 9001}, also={"spec.expose.services.further.type": "NodePort"}
    ),
    "Release:spec.smokeTest.resources.requests": Value({"cpu": 1}, also=SMOKE),
    "Release:spec.smokeTest.resources.limits": Value({"cpu": 1}, also=SMOKE),
    "Release:spec.strategy.canary.canary.change": Value("major", also=BY_HEADER),
    "Release:spec.strategy.canary.canary.contract": Value(3, also=BY_HEADER),
    **{f"Release:spec.strategy.{name}.aborted": Value(True, nothing=COURSE) for name in OF_ONE_TRACK},
    "Release:spec.strategy.canary.stable.aborted": Value(True, nothing=COURSE),
    "Release:spec.strategy.versioned.NAME.aborted": Value(True, nothing=TAKES),
    "Release:spec.strategy.blueGreen.blue.aborted": Value(
        True, also={"spec.strategy.blueGreen.active": "green"}, nothing=COURSE
    ),
}
"""Where one place of a field needs another value than the field elsewhere."""

KEPT: Final = {"Config.values", "Config.files", "ConfigFile.path"}
PREVIOUS: Final = re.compile(rf"Release:(spec\.strategy\.({'|'.join(OF_ONE_TRACK)})\.previous)\.")


def value_for(key: SpecKey) -> Value:
    """The value to try the key with. Raises KeyError for a field that has none here."""
    own = VALUES_AT.get(str(key)) or VALUES[key.field]
    previous = PREVIOUS.match(str(key))
    if previous is None:
        return own
    # of what served before, the configuration alone stays
    return replace(own, also={previous[1]: {"version": "0.9"}}, nothing="" if key.field in KEPT else COURSE)
