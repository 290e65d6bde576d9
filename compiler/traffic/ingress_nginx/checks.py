"""What ingress-nginx cannot express of a topology."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.topology import ShareMechanism, Split
from compiler.traffic.base import (
    EXPOSE,
    Exposure,
    unannounced_deprecations,
)
from compiler.traffic.ingress_nginx import PREFIX
from compiler.traffic.ingress_nginx.validation import PLAIN_PATH

OWN_ANNOTATIONS: Final = tuple(PREFIX + key for key in ("canary", "use-regex", "rewrite-target"))


def check(exposure: Exposure) -> Sequence[Problem]:
    return [
        *check_canaries(exposure),
        *unannounced_deprecations(
            exposure, "ingress-nginx can set response headers only with snippets, which Shipway does not allow"
        ),
        *check_paths(exposure),
        *check_strip_prefix(exposure),
        *check_port(exposure),
        *check_annotations(exposure),
    ]


def check_annotations(exposure: Exposure) -> Iterator[Problem]:
    """What strategy and `stripPrefix` write: by hand it would make canaries, or expressions, of every route."""
    places: dict[Path, Mapping[str, str]] = {
        (*EXPOSE, "annotations"): exposure.expose.annotations,
        ("metadata", "annotations"): exposure.frame.annotations,
    }
    for path, written in places.items():
        for key in written:
            if key.startswith(OWN_ANNOTATIONS):
                yield Problem(
                    "annotation-of-provider",
                    f"the traffic provider writes `{key}` itself, from the strategy and `stripPrefix`",
                    (*path, key),
                    "remove the annotation: `canary` divides requests, and `stripPrefix` rewrites paths",
                    on_key=True,
                )


def check_paths(exposure: Exposure) -> Iterator[Problem]:
    """What `strict-validate-path-type` lets pass, which is on by default since ingress-nginx 1.12."""
    routed = [split for split in exposure.topology.splits if split.routed]
    for split, path, kind in ((each, *rule) for each in routed for rule in exposure.rules_of(each)):
        free = exposure.strips_path(path) or kind == "ImplementationSpecific"
        if not free and not PLAIN_PATH.fullmatch(path):
            own = (*EXPOSE, "paths" if exposure.expose.paths else "path")
            yield Problem(
                "provider-lacks",
                f"ingress-nginx refuses the path {path}: only letters, digits and `/ - . _ ~` are allowed",
                own if split.match.path is None else (*split.path, "path"),
                "choose a simpler path, or use gatewayApi",
            )


def check_canaries(exposure: Exposure) -> list[Problem]:
    """ingress-nginx takes at most one canary Ingress a rule (its annotations' documentation), beside a main one."""
    problems = []
    mains = {
        (exposure.hosts_of(split), path)
        for split in exposure.topology.splits
        if split.routed and split.match.header is None
        for path, _ in exposure.rules_of(split)
    }
    canaries: dict[tuple[tuple[str, ...], str], Split] = {}
    for split in exposure.topology.splits:
        if not split.routed or (split.by is not ShareMechanism.WEIGHT and split.match.header is None):
            continue
        place = (exposure.hosts_of(split), exposure.path_of(split))
        if place in canaries:
            problems.append(
                Problem(
                    "nginx-one-canary",
                    f"ingress-nginx allows one canary for each host and path, and the path {place[1]} would have two",
                    split.path,
                    "give this version another path or host",
                    related=((canaries[place].path, "the first canary"),),
                    on_key=True,
                )
            )
        elif place not in mains:
            problems.append(
                Problem(
                    "nginx-canary-alone",
                    f"ingress-nginx routes by a header only in addition to a main route, and the path {place[1]} "
                    "has none",
                    split.path,
                    f"let another version answer {place[1]} without a header, or use gatewayApi",
                    on_key=True,
                )
            )
        canaries.setdefault(place, split)
    return problems


def check_strip_prefix(exposure: Exposure) -> list[Problem]:
    """A rewrite makes every path of the host a case-insensitive regex, where /v1 takes /v10 (ingress-nginx)."""
    routed = [split for split in exposure.topology.splits if split.routed]
    paths = {path for split in routed for path, _ in exposure.rules_of(split)}
    if not exposure.expose.strip_prefix or len(paths) == 1:
        return []
    return [
        Problem(
            "regex-host",
            "stripPrefix makes ingress-nginx read every path of the host as a regular expression",
            (*EXPOSE, "stripPrefix"),
            "let the service answer below its prefix (bentoml: `path_prefix`), or use gatewayApi",
            on_key=True,
        )
    ]


def check_port(exposure: Exposure) -> list[Problem]:
    pools = [split for split in exposure.topology.splits if split.by is ShareMechanism.PODS]
    if not exposure.expose.service.node_ports or len(pools) <= 1:
        return []
    return [
        Problem(
            "node-port-twice",
            "each version has its own Service, and only one Service can have a nodePort",
            (*EXPOSE, "service", "nodePort"),
            "remove `nodePort`: the Ingress reaches the Services inside the cluster",
            on_key=True,
        )
    ]
