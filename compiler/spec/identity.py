"""The names and labels that running objects keep when a release takes them over."""

from typing import Literal, Self

from pydantic import model_validator

from compiler.spec.base import (
    DnsLabel,
    DnsSubdomain,
    Items,
    LabelKey,
    Labels,
    LabelValue,
    Model,
    ServiceName,
    shared_default,
)


class SelectorTerm(Model):
    """One of a selector's `matchExpressions`."""

    key: LabelKey
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"]
    values: Items[LabelValue] = ()


class Identity(Model):
    """What objects that ran before the release are called: the first publish changes them in place.

    `deployment`, `selector`, `expressions`, `labels`, `autoscaler` and `budget` belong to one track, and go with it:
    every other track has the release's own name and labels. The other names stay as long as they are written here.
    """

    track: str | None = None
    """the track that the running Deployment becomes: by default main, blue, stable or v1"""
    deployment: DnsSubdomain | None = None
    """the name of the Deployment, or of the StatefulSet"""
    selector: Labels = shared_default({})
    """the Deployment's `matchLabels`, all of them: nobody can change them"""
    expressions: Items[SelectorTerm] = ()
    """its `matchExpressions`, all of them"""
    labels: Labels = shared_default({})
    """further labels of its pods, by which others select them"""
    autoscaler: DnsSubdomain | None = None
    """the name of its HorizontalPodAutoscaler"""
    budget: DnsSubdomain | None = None
    """the name of its PodDisruptionBudget"""
    service: ServiceName | None = None
    """the name of the Service that clients call; it leads to whichever track serves"""
    container: DnsLabel | None = None
    """the container's name"""
    account: DnsSubdomain | None = None
    """the name of the ServiceAccount"""
    network_policy: DnsSubdomain | None = None
    """the name of the NetworkPolicy"""
    route: DnsSubdomain | None = None
    """the name of the Ingress or HTTPRoute"""
    grpc_route: DnsSubdomain | None = None
    """the name of the GRPCRoute"""

    @model_validator(mode="after")
    def selects_its_pods(self) -> Self:
        track_bound = ("track", "deployment", "labels", "autoscaler", "budget")
        named = [name for name in track_bound if getattr(self, name)]
        if named and not self.selects:
            raise ValueError(
                f"`{named[0]}` describes a running Deployment, so `selector` (its matchLabels) is needed too"
            )
        if self.expressions and not (self.selector or self.labels):
            raise ValueError("`expressions` alone do not tell a Service which pods to select: add the pods' `labels`")
        return self

    @property
    def selects(self) -> bool:
        """Whether it says by what the running Deployment knows its pods."""
        return bool(self.selector or self.expressions)
