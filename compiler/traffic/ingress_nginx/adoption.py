"""A running Ingress in the words of `spec.expose`: hosts, paths, certificates, class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import annotations_of, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.traffic.adoption import AdoptedRoutes, RoutedRequests, Spec, UnsayableRouteError, single_backend

REWRITE: Final = "nginx.ingress.kubernetes.io/rewrite-target"
STRIPPED: Final = re.compile(r"((?:/(?:[A-Za-z0-9_~-]|\\?\.)+)+)\(/\|\$\)\(\.\*\)")
"""The path whose rewrite to `/$2` takes a prefix off. Source: ingress-nginx, docs/examples/rewrite."""


class AdoptedIngresses(AdoptedRoutes):
    """Ingresses of any class: `expose.ingressClass` keeps the one that each has."""

    PROVIDER = "ingressNginx"
    KIND = ("networking.k8s.io", "Ingress")
    KINDS = frozenset({KIND})
    RULES = "rules"
    REWRITES = frozenset({REWRITE, "nginx.ingress.kubernetes.io/use-regex"})

    def backends(self, spec: Spec, /) -> Iterator[str]:
        paths = [path for rule in mapping_items(spec.get("rules")) for path in _paths_of(rule)]
        for backend in (*(path.get("backend") for path in paths), spec.get("defaultBackend")):
            name = nested_value(backend, "service", "name")
            if name is not None:
                yield str(name)

    def requests(self, obj: Object, /) -> RoutedRequests:
        spec = mapping_or_empty(obj.get("spec"))
        if spec.get("defaultBackend") is not None:
            raise UnsayableRouteError("`expose` cannot express a default backend")
        strips = _rewrites(obj)
        by_host: dict[str, tuple[tuple[str, str], ...]] = {}
        backends: list[tuple[str, int | str]] = []
        for rule in mapping_items(spec.get("rules")):
            host, paths = str(rule.get("host") or ""), _paths_of(rule)
            own = (_stripped_path(path) if strips else _path_and_type(path) for path in paths)
            by_host[host] = (*by_host.get(host, ()), *own)
            backends += [_named_backend(path) for path in paths]
        _refuse_hosts_beside_all(by_host)
        service, port = single_backend(backends)
        every = tuple(dict.fromkeys(path for paths in by_host.values() for path in paths))
        known = RoutedRequests(tuple(host for host in by_host if host), every, service, port, strips)
        if len(set(by_host.values())) == 1:
            return replace(known, paths=next(iter(by_host.values())))
        return replace(known, at=tuple((host, tuple(sorted(paths))) for host, paths in by_host.items()))

    def words(self, spec: Spec, settings: Any, /) -> Mapping[str, Any]:
        """The certificates, and the class where it is not the environment's."""
        hosts = tuple(dict.fromkeys(str(rule.get("host") or "") for rule in mapping_items(spec.get("rules"))))
        named = spec.get("ingressClassName", "none")
        own = {} if named == settings.class_name else {"ingressClass": str(named)}
        return {**_certificate_words(mapping_items(spec.get("tls")), tuple(filter(None, hosts))), **own}


def _paths_of(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(mapping_items(nested_value(dict(rule), "http", "paths")))


def _refuse_hosts_beside_all(by_host: Mapping[str, tuple[tuple[str, str], ...]]) -> None:
    if not by_host:
        raise UnsayableRouteError("it has no rule")
    if "" in by_host and len(by_host) > 1:
        raise UnsayableRouteError("one of its rules is for every host, but others are only for some")


def _rewrites(obj: Object) -> bool:
    """Whether the Ingress takes a prefix off its requests. Raises UnsayableRouteError for any other rewrite."""
    target = annotations_of(obj).get(REWRITE)
    if target is not None and target != "/$2":
        raise UnsayableRouteError(f"`expose` cannot express a rewrite to {target}")
    return target is not None


def _stripped_path(path: Mapping[str, Any]) -> tuple[str, str]:
    """The prefix that a path of a rewriting Ingress takes off: `/api` of `/api(/|$)(.*)`."""
    text = str(path.get("path") or "/")
    prefix = STRIPPED.fullmatch(text)
    if prefix is None:
        raise UnsayableRouteError(f"`expose` cannot express what the rewrite leaves of {text}")
    return re.sub(r"\\([.$()*+])", r"\1", prefix[1]), "Prefix"


def _path_and_type(path: Mapping[str, Any]) -> tuple[str, str]:
    """A path with its type; an empty one is the root. Source: ingress-nginx, controller.go, `rootLocation`."""
    return str(path.get("path") or "/"), str(path.get("pathType", "ImplementationSpecific"))


def _named_backend(path: Mapping[str, Any]) -> tuple[str, int | str]:
    service = mapping_or_empty(nested_value(dict(path), "backend", "service"))
    port = mapping_or_empty(service.get("port"))
    if not isinstance(service.get("name"), str):
        raise UnsayableRouteError("one of its backends is not a Service")
    number = port.get("number", str(port.get("name")))
    return service["name"], number if isinstance(number, int) else str(number)


def _certificate_words(entries: Iterable[Mapping[str, Any]], hosts: tuple[str, ...]) -> dict[str, Any]:
    """The Secrets of the hosts' certificates; nothing where the spec has no words for them, and an override says it."""
    secrets: dict[str, list[str]] = {}
    for entry in entries:
        covered = [str(host) for host in list_or_empty(entry.get("hosts"))]
        name = entry.get("secretName")
        if not isinstance(name, str) or not covered or name in secrets or not set(covered) <= set(hosts):
            return {}
        secrets[name] = covered
    if len(secrets) == 1 and list(secrets.values()) == [list(hosts)]:
        return {"tls": {"secretName": next(iter(secrets))}}
    return {"tls": {"secrets": secrets}} if secrets else {}


ADOPTED: Final = AdoptedIngresses()
