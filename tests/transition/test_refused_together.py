"""What the API server refuses though each field by itself is right: what several fields say together.

Each fault stands beside a near miss that is taken. Source of each: Kubernetes, pkg/apis/*/validation; Gateway API,
the CEL rules of its CRDs.
"""

from __future__ import annotations

import pytest

from compiler.model.manifest import Object
from tests.transition.manifests import config_map, job, service
from tests.transition.refusable_objects import (
    PORTS,
    RESTART,
    SAME_PORTS,
    STEP,
    TOKEN,
    account_metadata,
    binding,
    budget,
    called,
    canary_step,
    claim,
    cluster_binding,
    cron_job,
    daemon_set,
    definition,
    domains,
    failing,
    gateway,
    headers,
    indexed_job,
    ingress,
    limit_types,
    limits,
    mirror,
    mounted,
    node_affinity,
    node_term,
    of_pods,
    other_route,
    parents,
    pods,
    policy,
    priority,
    quota,
    refusals,
    role,
    rollout,
    scaled,
    scaler,
    scaler_of,
    secret,
    spread,
    volume,
    with_spec,
)

PAIRS: dict[str, tuple[Object, Object]] = {
    "variable": (pods({"env": [{"name": "A=B", "value": "1"}]}), pods({"env": [{"name": "A.B", "value": "1"}]})),
    "amount": (
        pods({"resources": {"requests": {"cpu": "-1"}}}), pods({"resources": {"requests": {"cpu": "0"}}}),
    ),
    "host ports": (pods({"ports": SAME_PORTS}), pods({"ports": PORTS})),
    "host ports of a step": (
        pods(initContainers=[{**STEP, "ports": SAME_PORTS}]),
        pods({"ports": [{**PORTS[0], "hostPort": 80}]}, initContainers=[{**STEP, "ports": SAME_PORTS[:1]}]),
    ),
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
    "restart of a step": (
        pods(initContainers=[{**STEP, "restartPolicy": "Sometimes"}]),
        pods(initContainers=[{**STEP, "restartPolicy": "OnFailure"}]),
    ),
    "rules without a policy": (
        pods({"restartPolicyRules": [RESTART]}), pods({"restartPolicyRules": [RESTART], "restartPolicy": "Never"}),
    ),
    "rule without exit codes": (
        pods({"restartPolicyRules": [{"action": "Restart"}], "restartPolicy": "Never"}),
        pods({"restartPolicyRules": [RESTART], "restartPolicy": "Never"}),
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
        binding({"kind": "ServiceAccount", "name": "a", "apiGroup": "rbac.authorization.k8s.io"}),
        binding({"kind": "ServiceAccount", "name": "a"}),
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
    "no strategy": (with_spec(rollout(), strategy={}), rollout()),
    "two strategies": (
        with_spec(rollout(), strategy={"canary": {}, "blueGreen": {"activeService": "web"}}),
        rollout("blueGreen", activeService="web"),
    ),
    "selector of a Rollout": (
        with_spec(rollout(), selector={"matchLabels": {"app": "other"}}),
        with_spec(rollout(), selector={"matchLabels": {"app": "extra"}}),
    ),
    "deadline of a Rollout": (
        with_spec(rollout(), minReadySeconds=600), with_spec(rollout(), minReadySeconds=599),
    ),
    "one Service for two": (
        rollout("blueGreen", activeService="web", previewService="web"), rollout("blueGreen", activeService="web"),
    ),
    "history": (
        rollout("blueGreen", activeService="web", scaleDownDelayRevisionLimit=11),
        rollout("blueGreen", activeService="web", scaleDownDelayRevisionLimit=10),
    ),
    "canary that cannot move": (rollout(maxSurge="0%", maxUnavailable=0), rollout(maxSurge=1, maxUnavailable=0)),
    "delay without a router": (rollout(scaleDownDelaySeconds=5), rollout(dynamicStableScale=False)),
    "weight of a step": (canary_step(setWeight=101), canary_step(setWeight=100)),
    "step of nothing": (canary_step(setweight=10), canary_step(setWeight=10)),
    "step of two": (canary_step(setWeight=10, pause={}), canary_step(pause={})),
    "pause": (canary_step(pause={"duration": "5 minutes"}), canary_step(pause={"duration": "1h30m"})),
    "pause without a unit": (canary_step(pause={"duration": "-1"}), canary_step(pause={"duration": "60"})),
    "scale of the canary": (canary_step(setCanaryScale={"weight": 10}), canary_step(setWeight=10)),
    "routed step": (canary_step(setHeaderRoute={"name": "h"}), canary_step(setWeight=10)),
    "anti-affinity": (
        rollout(antiAffinity={"preferredDuringSchedulingIgnoredDuringExecution": {"weight": 101}}),
        rollout(antiAffinity={"preferredDuringSchedulingIgnoredDuringExecution": {"weight": 100}}),
    ),
    "filter without its field": (
        other_route(filters=[{"type": "URLRewrite"}]),
        other_route(filters=[{"type": "URLRewrite", "urlRewrite": {"hostname": "a.example.com"}}]),
    ),
    "definition": (definition("widget.acme.example"), definition("widgets.acme.example")),
    "zone": (cron_job(timeZone="Europe/Berln"), cron_job(timeZone="Europe/Berlin")),
    "zone of the server": (cron_job(timeZone="Local"), cron_job(timeZone="UTC")),
    "minute": (cron_job(schedule="60 * * * *"), cron_job(schedule="59 * * * *")),
    "day of the week": (cron_job(schedule="0 3 * * 7"), cron_job(schedule="0 3 * * 0")),
    "month": (cron_job(schedule="0 3 1 june *"), cron_job(schedule="0 3 1 JUN,dec ?")),
    "reversed span": (cron_job(schedule="0 17-9 * * *"), cron_job(schedule="0 9-17/2 * * mon-fri")),
    "step of a schedule": (cron_job(schedule="*/0 * * * *"), cron_job(schedule="*/5 * * * *")),
    "descriptor": (cron_job(schedule="@fortnightly"), cron_job(schedule="@every 1h30m")),
    "late start": (cron_job(startingDeadlineSeconds=-1), cron_job(startingDeadlineSeconds=0)),
    "history of a schedule": (cron_job(failedJobsHistoryLimit=-1), cron_job(failedJobsHistoryLimit=0)),
    "length of a name": (cron_job("a" * 53), cron_job("a" * 52)),
    "policies": (
        scaler_of(behavior={"scaleUp": {"policies": []}}),
        scaler_of(behavior={"scaleUp": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}]}}),
    ),
    "metric of pods": (
        of_pods({"type": "Utilization", "averageUtilization": 5}),
        of_pods({"type": "AverageValue", "averageValue": "5"}),
    ),
    "bounds of KEDA": (
        scaled(minReplicaCount=5, maxReplicaCount=4), scaled(minReplicaCount=5, maxReplicaCount=5),
    ),
    "default bound of KEDA": (scaled(minReplicaCount=101), scaled(minReplicaCount=100)),
    "idle": (scaled(minReplicaCount=2, idleReplicaCount=2), scaled(minReplicaCount=2, idleReplicaCount=0)),
    "sysctl": (
        pods(securityContext={"sysctls": [{"name": "Net.ipv4", "value": "1"}]}),
        pods(securityContext={"sysctls": [{"name": "net.ipv4.ip_local_port_range", "value": "1 2"}]}),
    ),
    "sysctl twice": (
        pods(securityContext={"sysctls": [{"name": "net.a", "value": "1"}, {"name": "net.a", "value": "2"}]}),
        pods(securityContext={"sysctls": [{"name": "net.a", "value": "1"}, {"name": "net.b", "value": "2"}]}),
    ),
    "system": (pods(os={"name": "plan9"}), pods(os={"name": "linux"})),
    "user of Windows": (
        pods(os={"name": "windows"}, securityContext={"runAsUser": 1}),
        pods(os={"name": "windows"}, securityContext={"windowsOptions": {"runAsUserName": "app"}}),
    ),
    "container of Windows": (
        pods({"securityContext": {"privileged": False}}, os={"name": "windows"}),
        pods({"securityContext": {"privileged": False}}, os={"name": "linux"}),
    ),
    "options of Windows": (
        pods({"securityContext": {"windowsOptions": {"runAsUserName": "app"}}}, os={"name": "linux"}),
        pods({"securityContext": {"windowsOptions": {"runAsUserName": "app"}}}, os={"name": "windows"}),
    ),
    "gates": (
        pods(schedulingGates=[{"name": "a.example/b"}, {"name": "a.example/b"}]),
        pods(schedulingGates=[{"name": "a.example/b"}, {"name": "a.example/c"}]),
    ),
    "external name": (
        service("extra", "idle", type="ExternalName", externalName="a_b.example.com"),
        service("extra", "idle", type="ExternalName", externalName="a-b.example.com"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_the_fault_is_refused_and_its_near_miss_is_taken(name: str) -> None:
    fault, near_miss = PAIRS[name]
    assert refusals(fault), "taken"
    assert refusals(near_miss) == []
