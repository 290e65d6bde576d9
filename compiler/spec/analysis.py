"""What the pilot measures while a course is open, and where it reads that."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from compiler.spec.base import Count, Duration, Items, Model, PositiveCount

CheckName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", max_length=40)]
Limit = Annotated[float, Field(allow_inf_nan=False)]
Factor = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
Percentile = Annotated[float, Field(gt=0, lt=100, allow_inf_nan=False)]
PromQl = Annotated[str, StringConstraints(min_length=1, max_length=8192)]
HttpAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s@?#]+$", max_length=2048)]
FilePath = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
MetricsSource = Literal["ingressNginx", "istio", "traefik", "envoyGateway", "bentoml"]
PilotMode = Literal["off", "advise", "abortOnly", "full"]

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


class AnalysisCheck(Model):
    """One figure and its limit. It comes from a `preset` or from a `query`; it has a `max`, a `min`, or is compared
    `against` the other track.
    """

    name: CheckName
    preset: Literal["errorRate", "latency"] | None = None
    percentile: Percentile = 99
    query: PromQl | None = None
    requests: PromQl | None = None
    max: Limit | None = None
    min: Limit | None = None
    against: Literal["baseline"] | None = None
    factor: Factor = 1.5
    failures: PositiveCount = 1


class Analysis(Model):
    """How the new version is watched: a figure every `every`, each over the last `window`."""

    every: Duration = "30s"
    window: Duration = "5m"
    min_requests: Count = 50
    on_no_data: Literal["hold", "abort"] = "hold"
    deadline: Duration = "1h"
    watch: Duration = "15m"
    checks: Items[AnalysisCheck] = Field(min_length=1)


class Watched(Model):
    """What a strategy has whose new version can be measured while it serves."""

    analysis: Analysis | None = None


class PrometheusApi(Model):
    """A server with Prometheus' HTTP interface; `tokenFile` and `ca` are paths where the pilot runs."""

    url: HttpAddress
    token_file: FilePath | None = None
    ca: FilePath | None = None


class ArgoCdApi(Model):
    """Argo CD's own API server."""

    url: HttpAddress
    token_file: FilePath
    ca: FilePath | None = None


class KubernetesApi(Model):
    """The API server that holds the Applications; by default as a pod reaches its own."""

    url: HttpAddress = "https://kubernetes.default.svc"
    token_file: FilePath = f"{SERVICE_ACCOUNT}/token"
    ca: FilePath | None = f"{SERVICE_ACCOUNT}/ca.crt"


class Observe(Model):
    """Where the pilot reads what the cluster does. `metrics`: whose metrics the presets read."""

    prometheus: PrometheusApi | None = None
    argocd: ArgoCdApi | None = None
    kubernetes: KubernetesApi | None = None
    metrics: MetricsSource | None = None
