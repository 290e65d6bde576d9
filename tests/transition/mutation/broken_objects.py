"""One thing broken in one object: each says whether it has broken it."""

from __future__ import annotations

from collections.abc import Callable

from tests.transition.mutation.courses import Object

WAVE = "argocd.argoproj.io/sync-wave"
OPTIONS = "argocd.argoproj.io/sync-options"


def on(kind: str, change: Callable[[Object], bool]) -> Callable[[Object], bool]:
    return lambda obj: obj["kind"] == kind and change(obj)


def on_pods(change: Callable[[Object], bool]) -> Callable[[Object], bool]:
    """The change of a Deployment or of a StatefulSet."""
    return lambda obj: obj["kind"] in ("Deployment", "StatefulSet") and change(obj)


def drop_wave(obj: Object) -> bool:
    return obj["metadata"].get("annotations", {}).pop(WAVE, None) not in (None, "0")


def latest_wave(obj: Object) -> bool:
    notes = obj["metadata"].get("annotations", {})
    if WAVE not in notes:
        return False
    notes[WAVE] = "9"
    return True


def earliest_wave(obj: Object) -> bool:
    notes = obj["metadata"].get("annotations", {})
    if notes.get(WAVE, "0") == "0":
        return False
    notes[WAVE] = "-1"
    return True


def rename_port(obj: Object) -> bool:
    obj["spec"]["template"]["spec"]["containers"][0]["ports"][0]["name"] = "web"
    return True


def misname_target_port(obj: Object) -> bool:
    obj["spec"]["ports"][0]["targetPort"] = "htp"
    return True


def move_service_port(obj: Object) -> bool:
    obj["spec"]["ports"][0]["port"] += 1
    return True


def misspell_selector(obj: Object) -> bool:
    label = next(iter(obj["spec"]["selector"]))
    obj["spec"]["selector"][label] += "x"
    return True


def change_workload_selector(obj: Object) -> bool:
    obj["spec"]["selector"]["matchLabels"]["tier"] = "x"
    obj["spec"]["template"]["metadata"]["labels"]["tier"] = "x"
    return True


def widen_workload_selector(obj: Object) -> bool:
    labels = obj["spec"]["selector"]["matchLabels"]
    for label in ("color", "track"):
        labels.pop(label, None)
    return True


def unlabel_pods(obj: Object) -> bool:
    labels = obj["spec"]["template"]["metadata"]["labels"]
    return labels.pop("app") is not None


def shut_policy(obj: Object) -> bool:
    obj["spec"]["ingress"] = []
    return True


def other_policy_port(obj: Object) -> bool:
    ports = [port for rule in obj["spec"].get("ingress", ()) for port in rule.get("ports", ())]
    for port in ports:
        port["port"] = 1
    return bool(ports)


def other_policy_peer(obj: Object) -> bool:
    """Only another namespace is let in."""
    peers = {"matchLabels": {"kubernetes.io/metadata.name": "elsewhere"}}
    for rule in obj["spec"].get("ingress", ()):
        rule["from"] = [{"namespaceSelector": peers}]
    return True


def drop_weights(obj: Object) -> bool:
    refs = [ref for rule in obj["spec"]["rules"] for ref in rule.get("backendRefs", ())]
    for ref in refs:
        ref.pop("weight", None)
    return len(refs) > 1


def zero_weights(obj: Object) -> bool:
    for rule in obj["spec"]["rules"]:
        for ref in rule.get("backendRefs", ()):
            ref["weight"] = 0
    return True


def misspell_backend(obj: Object) -> bool:
    obj["spec"]["rules"][0]["backendRefs"][0]["name"] += "x"
    return True


def change_path(obj: Object) -> bool:
    obj["spec"]["rules"][0]["matches"][0]["path"]["value"] += "x"
    return True


def change_host(obj: Object) -> bool:
    obj["spec"]["hostnames"] = ["other.example.com"]
    return True


def change_ingress_host(obj: Object) -> bool:
    obj["spec"]["rules"][0]["host"] = "other.example.com"
    return True


def misspell_ingress_backend(obj: Object) -> bool:
    obj["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]["name"] += "x"
    return True


def no_replicas(obj: Object) -> bool:
    obj["spec"]["replicas"] = 0
    return True


def recreate(obj: Object) -> bool:
    obj["spec"]["strategy"] = {"type": "Recreate"}
    return True


def pause(obj: Object) -> bool:
    obj["spec"]["paused"] = True
    return True


def other_contract(obj: Object) -> bool:
    obj["spec"]["template"]["metadata"]["labels"]["shipway.dev/contract"] = "7"
    return True


def no_pre_stop(obj: Object) -> bool:
    return bool(obj["spec"]["template"]["spec"]["containers"][0].pop("lifecycle", None))


def missing_config(obj: Object) -> bool:
    sources = obj["spec"]["template"]["spec"]["containers"][0].get("envFrom", [])
    for source in sources:
        source["configMapRef"]["name"] += "x"
    return bool(sources)


def missing_account(obj: Object) -> bool:
    obj["spec"]["template"]["spec"]["serviceAccountName"] += "x"
    return True


def rename_governing_service(obj: Object) -> bool:
    obj["spec"]["serviceName"] += "x"
    return True


def on_delete(obj: Object) -> bool:
    obj["spec"]["updateStrategy"] = {"type": "OnDelete"}
    return True


def change_claim(obj: Object) -> bool:
    for claim in obj["spec"].get("volumeClaimTemplates", []):
        claim["spec"]["resources"]["requests"]["storage"] = "20Gi"
    return "volumeClaimTemplates" in obj["spec"]


def job_without_bound(obj: Object) -> bool:
    return obj["spec"].pop("activeDeadlineSeconds", None) is not None


def serve_job_pods(obj: Object) -> bool:
    """The Job's pods get the labels and the port by which Services find those that serve."""
    obj["spec"]["template"].setdefault("metadata", {})["labels"] = {"app": "recommender", "track": "main"}
    obj["spec"]["template"]["spec"]["containers"][0]["ports"] = [
        {"name": "http", "containerPort": 3000},
        {"name": "metrics", "containerPort": 9090},
    ]
    return True


def change_data(obj: Object) -> bool:
    return "TOP_K" in obj["data"] and obj["data"].update(TOP_K="0") is None


def call_other_world(obj: Object) -> bool:
    swap = {"blue": "green", "green": "blue"}
    changed = False
    for item in obj["spec"]["template"]["spec"]["containers"][0].get("env", []):
        for old, new in swap.items():
            if f"-{old}:" in item.get("value", ""):
                item["value"] = item["value"].replace(f"-{old}:", f"-{new}:")
                changed = True
                break
    return changed


def low_minimum(obj: Object) -> bool:
    low: bool = obj["spec"]["minReplicas"] > 1
    obj["spec"]["minReplicas"] = 1
    return low


def retarget_scaler(obj: Object) -> bool:
    name = obj["spec"]["scaleTargetRef"]["name"]
    swap = {"blue": "green", "green": "blue", "stable": "canary", "canary": "stable"}
    track = name.rsplit("-", 1)[-1]
    obj["spec"]["scaleTargetRef"]["name"] = name.replace(track, swap.get(track, track))
    return track in swap


PER_OBJECT: dict[str, Callable[[Object], bool]] = {
    "drop-wave": drop_wave,
    "latest-wave": latest_wave,
    "earliest-wave": earliest_wave,
    "rename-port": on_pods(rename_port),
    "misname-target-port": on("Service", misname_target_port),
    "move-service-port": on("Service", move_service_port),
    "misspell-selector": on("Service", misspell_selector),
    "change-workload-selector": on_pods(change_workload_selector),
    "widen-workload-selector": on("Deployment", widen_workload_selector),
    "unlabel-pods": on_pods(unlabel_pods),
    "shut-policy": on("NetworkPolicy", shut_policy),
    "other-policy-port": on("NetworkPolicy", other_policy_port),
    "other-policy-peer": on("NetworkPolicy", other_policy_peer),
    "drop-weights": on("HTTPRoute", drop_weights),
    "zero-weights": on("HTTPRoute", zero_weights),
    "misspell-backend": on("HTTPRoute", misspell_backend),
    "change-path": on("HTTPRoute", change_path),
    "change-host": on("HTTPRoute", change_host),
    "change-ingress-host": on("Ingress", change_ingress_host),
    "misspell-ingress-backend": on("Ingress", misspell_ingress_backend),
    "no-replicas": on_pods(no_replicas),
    "recreate": on("Deployment", recreate),
    "pause": on("Deployment", pause),
    "other-contract": on_pods(other_contract),
    "no-pre-stop": on_pods(no_pre_stop),
    "missing-config": on_pods(missing_config),
    "missing-account": on_pods(missing_account),
    "rename-governing-service": on("StatefulSet", rename_governing_service),
    "on-delete": on("StatefulSet", on_delete),
    "change-claim": on("StatefulSet", change_claim),
    "job-without-bound": on("Job", job_without_bound),
    "serve-job-pods": on("Job", serve_job_pods),
    "low-minimum": on("HorizontalPodAutoscaler", low_minimum),
    "retarget-scaler": on("HorizontalPodAutoscaler", retarget_scaler),
    "change-data": on("ConfigMap", change_data),
    "call-other-world": on("Deployment", call_other_world),
}
