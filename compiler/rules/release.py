"""Rules of a release that hold for every strategy and provider: what contradicts itself, or has no effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from compiler.diagnostics.model import Problem
from compiler.model.course import Membership
from compiler.rules.identity import check_reserved
from compiler.rules.pods import check_liveness, check_stateful
from compiler.rules.ports import check_ports, check_worker
from compiler.rules.tls import check_tls
from compiler.spec.base import Model
from compiler.spec.documents import ChosenOption, EnvironmentDocument, ReleaseDocument
from compiler.spec.expose import Expose, ServicePort
from compiler.spec.pods import Autoscale, Pods
from compiler.spec.presets import PRESETS
from compiler.spec.release import ReleaseSpec
from compiler.strategies import STRATEGIES
from compiler.support.suggest import did_you_mean
from compiler.traffic.base import EXPOSE
from compiler.traffic.providers import any_routes, capable_providers, providers

GATED_IMAGES: Final = ("1.33", "1.34")


def check_release(
    environment: EnvironmentDocument, source: ReleaseDocument, membership: Membership | None
) -> list[Problem]:
    """All of them, of one release."""
    spec = source.model.spec
    problems = [
        *check_tls(spec.expose, environment.model.spec.policy.inline_secrets),
        *check_one_scale(spec),
        *check_range(spec.autoscale),
        *check_paused(spec, source.strategy),
        *check_reserved(source.model),
        *check_internal(spec.expose),
        *check_routed(environment, spec),
        *check_calls(environment, spec),
        *check_exposed(environment, source, membership),
        *check_node_port(spec.expose.service),
        *check_strip_prefix_path(spec.expose),
        *check_path_hosts(spec.expose),
        *check_track_paths(spec.expose, source.strategy),
        *check_models(spec.pods, environment.model.spec.kubernetes),
    ]
    unknown = [*check_preset(spec.container.preset)]
    # what a preset brings is judged where there is one
    if unknown:
        return [*problems, *unknown]
    return [
        *problems,
        *check_liveness(spec),
        *check_ports(spec),
        *check_worker(spec, source.strategy),
        *check_stateful(source),
    ]


def check_one_scale(spec: ReleaseSpec) -> Iterator[Problem]:
    """Two answers to how many pods run are none."""
    if spec.replicas is not None and spec.autoscale is not None:
        yield Problem(
            "replicas-or-autoscale",
            "`replicas` and `autoscale` both say how many pods run",
            ("spec", "replicas"),
            "keep one of them",
            related=((("spec", "autoscale"), "the other one"),),
            on_key=True,
        )


def check_paused(spec: ReleaseSpec, strategy: ChosenOption) -> Iterator[Problem]:
    """A service that rests has no requests to divide, and nothing to compare a new version with."""
    if spec.replicas == 0 and not STRATEGIES[strategy.name].ONE_TRACK:
        message = f"`{strategy.name}` divides requests among tracks, but 0 replicas answer none"
        yield Problem("paused-strategy", message, ("spec", "replicas"), "set at least 1, or use `rolling`")


def check_preset(preset: str | None) -> Iterator[Problem]:
    """A preset is one of those that there are."""
    if preset is not None and preset not in PRESETS:
        guess = did_you_mean(preset, sorted(PRESETS))
        text = f"did you mean `{guess}`?" if guess else f"the presets are: {', '.join(sorted(PRESETS))}"
        yield Problem(
            "preset-unknown", (f"the preset `{preset}` does not exist"), ("spec", "container", "preset"), text
        )


def check_range(scale: Autoscale | None) -> Iterator[Problem]:
    """While a course is open `switchAt` is the HPA's minimum, so it lies between the two others."""
    if scale is None:
        return
    place = ("spec", "autoscale")
    if scale.min > scale.max:
        yield Problem("autoscale-range", "`min` is greater than `max`", (*place, "min"), "swap them")
    elif scale.switch_at is not None and not scale.min <= scale.switch_at <= scale.max:
        message = f"`switchAt` is {scale.switch_at}, which is not between `min` ({scale.min}) and `max` ({scale.max})"
        yield Problem(
            "autoscale-range",
            message,
            (*place, "switchAt"),
            "choose a number between them, or remove `switchAt`: the default is `max`",
        )


def check_internal(expose: Expose) -> Iterator[Problem]:
    """What is internal has no host, no certificate for one, and no port of the nodes or of a load balancer."""
    door = expose.service.type != "ClusterIP"
    outside = {"host": expose.host, "hosts": expose.hosts, "grpc": expose.grpc, "tls": expose.tls, "service": door}
    for name, value in outside.items():
        if expose.internal and value:
            message = f"`{name}` is for clients outside the cluster, but the release is `internal`"
            yield Problem("internal-exposed", message, (*EXPOSE, name), f"remove `{name}`, or `internal`", on_key=True)


def check_routed(environment: EnvironmentDocument, spec: ReleaseSpec) -> Iterator[Problem]:
    """Where Services alone divide requests, no router reads a host. (A path may come from a base that others share.)"""
    expose = spec.expose
    names = [provider.name for provider in environment.traffic]
    if any_routes(names) or spec.internal:
        return
    routers = sorted(name for name, provider in providers().items() if provider.KINDS)
    for name, value in (("host", expose.host), ("hosts", expose.hosts)):
        if value:
            yield Problem(
                "expose-unrouted",
                f"`{name}` has no effect: the environment's traffic provider is `{names[0]}`, which writes no route",
                (*EXPOSE, name),
                f"remove `{name}`, or choose a provider with a router in the environment: {' or '.join(routers)}",
                severity="warning",
                on_key=True,
            )


def check_calls(environment: EnvironmentDocument, spec: ReleaseSpec) -> Iterator[Problem]:
    """Calls of gRPC are told apart by some providers, and not by others."""
    if spec.expose.grpc is None or spec.internal:
        return
    able = capable_providers()["grpc"]
    for provider in environment.traffic:
        if provider.name not in able:
            message = f"{provider.name} cannot route gRPC calls by service and method"
            fix = f"use {' or '.join(able)}, or remove `grpc`"
            yield Problem("provider-lacks", message, (*EXPOSE, "grpc"), fix, on_key=True)


def check_exposed(
    environment: EnvironmentDocument, source: ReleaseDocument, membership: Membership | None
) -> Iterator[Problem]:
    """A route for every host and path is written down, or there is none: without `expose` nothing is reached."""
    expose = source.model.spec.expose
    routed = any_routes(provider.name for provider in environment.traffic)
    callee = membership is not None and not membership.entry
    if routed and not callee and not source.model.spec.internal and not names_requests(expose, source.strategy.model):
        yield Problem(
            "expose-missing",
            "this release does not say how clients reach it: without a host and a path its route would match every "
            "request",
            EXPOSE if expose.model_fields_set else ("spec",),
            "write `expose: {host: …}` or `expose: {path: /…}`; for a release that only other pods call, "
            "`expose: {internal: true}`",
            on_key=True,
        )


def names_requests(expose: Expose, strategy: Model) -> bool:
    """Whether the spec says anything of how the release is reached, or which requests each of its tracks takes."""
    tracks = getattr(strategy, "tracks", {})
    named = [track for track in tracks.values() if track.model_fields_set & {"host", "path", "header"}]
    return bool(expose.model_fields_set - {"internal"}) or (bool(tracks) and len(named) == len(tracks))


def check_node_port(service: ServicePort) -> Iterator[Problem]:
    """A node port belongs to a type of Service that opens one."""
    if service.type != "ClusterIP":
        return
    for place, _ in service.node_ports:
        message = "`nodePort` has no effect: the Service's type is ClusterIP"
        where = (*EXPOSE, "service", *place)
        yield Problem("node-port-closed", message, where, "add `type: NodePort`, or remove `nodePort`", on_key=True)


def check_models(pods: Pods, kubernetes: str) -> Iterator[Problem]:
    """Images as volumes (KEP-4639) are beta since 1.33 and on by default since 1.35: without the gate ImageVolume the
    API server drops the volume's source, and refuses what is left.
    """
    for index, volume in enumerate(pods.models):
        if volume.image is not None and kubernetes in GATED_IMAGES:
            yield Problem(
                "image-volume-gated",
                f"Kubernetes {kubernetes} allows images as volumes only with the feature gate ImageVolume",
                ("spec", "pods", "models", index, "image"),
                "make sure that the cluster has this feature gate enabled, or use a `claim`",
                severity="warning",
            )


def check_track_paths(expose: Expose, strategy: ChosenOption) -> Iterator[Problem]:
    """Of versions that clients name each has its own paths."""
    if expose.paths and strategy.name == "versioned":
        message = "`paths` cannot be used with `versioned`, where each version has its own path"
        yield Problem("paths-versioned", message, (*EXPOSE, "paths"), "set `path` for each version", on_key=True)


def check_path_hosts(expose: Expose) -> Iterator[Problem]:
    """Paths of some hosts are of hosts that the release has, and leave none without a path."""
    hosts = {*(() if expose.host is None else (expose.host,)), *expose.hosts}
    for number, host in expose.hosts_of_paths:
        if host not in hosts:
            message = f"`{host}` is not one of the release's hosts ({', '.join(sorted(hosts)) or 'it has none'})"
            place = (*EXPOSE, "paths", number, "hosts")
            yield Problem("path-host-unknown", message, place, "correct the host, or add it to `expose.hosts`")
    for host in sorted(hosts):
        if expose.hosts_of_paths and not expose.rules_at(host):
            message = f"no entry of `paths` is for the host `{host}`"
            yield Problem(
                "host-without-path", message, (*EXPOSE, "paths"), ("add a path for this host, or remove the host")
            )


def check_strip_prefix_path(expose: Expose) -> Iterator[Problem]:
    """Below an exact path there is nothing that could stay when the path goes (Gateway API: ReplacePrefixMatch)."""
    if expose.strip_prefix and any(kind == "Exact" for _, kind in expose.rules):
        message = "`stripPrefix` removes a prefix, but this path is exact"
        yield Problem(
            "strip-exact", message, (*EXPOSE, "stripPrefix"), ("remove `stripPrefix`, or set `pathType: Prefix`")
        )
