"""What each system really exposes for a track, with all its labels: as its sources or a running one write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

EDGES = (0.005, 0.025, 0.1, 0.3, 1.2, 5.0)
NAMESPACE = "ml-prod"


@dataclass(frozen=True)
class Answers:
    """What one track answered so far: all requests, those with status 503, and the seconds that each took."""

    release: str
    track: str
    count: int
    errors: int
    seconds: float

    @property
    def workload(self) -> str:
        return f"{self.release}-{self.track}"

    @property
    def pod(self) -> str:
        return f"{self.workload}-6d4cf56db6-x7k2p"

    @property
    def address(self) -> str:
        return f"10.244.{1 + sum(self.release.encode()) % 250}.{1 + sum(self.track.encode()) % 250}"

    def by_status(self) -> Iterator[tuple[str, int]]:
        yield "200", self.count - self.errors
        if self.errors:
            yield "503", self.errors


def counted(counter: str, histogram: str, status: str, labels: str, answers: Answers, unit: int = 1) -> Iterator[str]:
    for code, count in answers.by_status():
        every = f'{labels},{status}="{code}"'
        yield f"{counter}{{{every}}} {count}"
        for edge in EDGES:
            yield f'{histogram}_bucket{{{every},le="{unit * edge:g}"}} {count if answers.seconds <= edge else 0}'
        yield f'{histogram}_bucket{{{every},le="+Inf"}} {count}'
        yield f"{histogram}_sum{{{every}}} {count * answers.seconds * unit:g}"
        yield f"{histogram}_count{{{every}}} {count}"


def istio(reporter: str) -> Callable[[Answers], Iterator[str]]:
    """The labels of a sidecar's report, in its order (Istio, `reference/config/metrics`)."""

    def lines(answers: Answers) -> Iterator[str]:
        principal = f"spiffe://cluster.local/ns/{NAMESPACE}/sa/{answers.release}"
        labels = (
            f'reporter="{reporter}",source_workload="public-istio",source_canonical_service="public-istio",'
            f'source_canonical_revision="latest",source_workload_namespace="infra",source_principal="unknown",'
            f'source_app="unknown",source_version="unknown",source_cluster="Kubernetes",'
            f'destination_workload="{answers.workload}",destination_workload_namespace="{NAMESPACE}",'
            f'destination_principal="{principal}",destination_app="{answers.release}",destination_version="unknown",'
            f'destination_service="{answers.workload}.{NAMESPACE}.svc.cluster.local",'
            f'destination_canonical_service="{answers.release}",destination_canonical_revision="latest",'
            f'destination_service_name="{answers.workload}",destination_service_namespace="{NAMESPACE}",'
            f'destination_cluster="Kubernetes",request_protocol="http",grpc_response_status="",response_flags="-",'
            f'connection_security_policy="mutual_tls"'
        )
        times = "istio_request_duration_milliseconds"
        yield from counted("istio_requests_total", times, "response_code", labels, answers, unit=1000)

    return lines


def traefik(form: str) -> Callable[[Answers], Iterator[str]]:
    """`form`: how Traefik names the service (Traefik, `pkg/observability/metrics/prometheus.go`)."""

    def lines(answers: Answers) -> Iterator[str]:
        service = form.format(namespace=NAMESPACE, release=answers.release, service=answers.workload)
        labels = f'method="GET",protocol="http",service="{service}"'
        times = "traefik_service_request_duration_seconds"
        yield from counted("traefik_service_requests_total", times, "code", labels, answers)

    return lines


def ingress_nginx(prefix: str) -> Callable[[Answers], Iterator[str]]:
    """A canary's requests have the main Ingress and its Service, and the canary's in `canary`."""

    def lines(answers: Answers) -> Iterator[str]:
        canary = f"{NAMESPACE}-{answers.workload}-443" if answers.track == "canary" else ""
        own = 'namespace="ingress-nginx",service="ingress-nginx-controller-metrics",' if prefix else ""
        labels = (
            f"{own}"
            f'controller_class="k8s.io/ingress-nginx",controller_namespace="ingress-nginx",'
            f'controller_pod="ingress-nginx-controller-7c6b9f8d5-2xk8q",host="_",ingress="{answers.release}",'
            f'{prefix}namespace="{NAMESPACE}",{prefix}service="{answers.release}-stable",canary="{canary}",'
            f'path="/{answers.release}",method="GET"'
        )
        times = "nginx_ingress_controller_request_duration_seconds"
        yield from counted("nginx_ingress_controller_requests", times, "status", labels, answers)

    return lines


def bentoml(answers: Answers) -> Iterator[str]:
    labels = (
        f'endpoint="/predict",service_name="{answers.release}",service_version="not available",'
        f'namespace="{NAMESPACE}",pod="{answers.pod}",container="{answers.release}"'
    )
    times = "bentoml_service_request_duration_seconds"
    yield from counted("bentoml_service_request_total", times, "http_response_code", labels, answers)


def envoy_gateway(answers: Answers) -> Iterator[str]:
    """As Envoy 1.40 writes it: a request without a connection is an error, and not in the total."""
    cluster = f"httproute/{NAMESPACE}/{answers.release}/rule/0"
    labels = f'envoy_cluster_name="{cluster}",envoy_endpoint_address="{answers.address}:3000"'
    refused = answers.errors // 2
    for name, value in (
        ("cx_connect_fail", refused),
        ("rq_error", answers.errors),
        ("rq_success", answers.count - answers.errors),
        ("rq_timeout", 0),
        ("rq_total", answers.count - refused),
    ):
        yield f"envoy_cluster_endpoint_{name}{{{labels}}} {value}"
    yield (
        f'kube_pod_info{{namespace="{NAMESPACE}",pod="{answers.pod}",host_ip="10.0.0.1",pod_ip="{answers.address}",'
        f'uid="1",node="n1",created_by_kind="ReplicaSet",created_by_name="x",priority_class="",host_network="false"}} 1'
    )


EXPOSED: dict[str, tuple[str, Callable[[Answers], Iterator[str]]]] = {
    "istio, sidecars": ("istio", istio("destination")),
    "istio, waypoint": ("istio", istio("waypoint")),
    "istio, gateway alone": ("istio", istio("source")),
    "traefik 3.1": ("traefik", traefik("{namespace}-{service}-443@kubernetesgateway")),
    "traefik 3.6": ("traefik", traefik("{namespace}-{service}-http-443@kubernetesgateway")),
    "traefik 3.7.9": (
        "traefik",
        traefik(
            "httproute-{namespace}-{release}-gw-infra-public-ep-websecure-0-svc-{namespace}-{service}-1"
            "@kubernetesgateway"
        ),
    ),
    "envoyGateway": ("envoyGateway", envoy_gateway),
    "bentoml": ("bentoml", bentoml),
    "ingressNginx": ("ingressNginx", ingress_nginx("")),
    "ingressNginx, own labels win": ("ingressNginx", ingress_nginx("exported_")),
}
