"""The servers that an environment's `observe` names, opened for one tick."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from compiler.diagnostics.model import Path as SpecPath
from compiler.diagnostics.model import Problem, Rejected
from compiler.observe.applications import ApplicationsApi
from compiler.observe.http import Server, file_problem, open_server
from compiler.rules.observe import OBSERVE
from compiler.spec.analysis import ArgoCdApi, KubernetesApi, PrometheusApi
from compiler.spec.documents import EnvironmentDocument

TOKENS_VARIABLE: Final = "SHIPWAY_TOKENS"


@dataclass(frozen=True, slots=True)
class Servers:
    """Where figures and Applications are read; None: the environment does not say."""

    prometheus: Server | None
    applications: ApplicationsApi | None


def open_servers(environment: EnvironmentDocument) -> Servers:
    """The servers with their tokens. Raises Rejected for a file that cannot be used, at its line of the spec."""
    spec = environment.model.spec
    observe, namespace = spec.observe, spec.argocd.namespace
    problems: list[Problem] = []

    def opened(key: str, name: str, url: str, token_file: str | None, ca: str | None) -> Server | None:
        path: SpecPath = (*OBSERVE, key)
        try:
            return open_server(name, url, placed(token_file), placed(ca))
        except (OSError, ValueError) as error:
            of_ca = ca is not None and getattr(error, "filename", None) == placed(ca)
            at_fault = ca if of_ca else token_file or ca or url
            place = (*path, "ca" if at_fault == ca else "tokenFile")
            problems.append(file_problem(place, str(at_fault), error))
            return None

    def opened_api(key: str, name: str, api: PrometheusApi | ArgoCdApi | KubernetesApi | None) -> Server | None:
        return None if api is None else opened(key, name, api.url, api.token_file, api.ca)

    prometheus = opened_api("prometheus", "Prometheus", observe.prometheus)
    server = opened_api("argocd", "Argo CD", observe.argocd) or opened_api(
        "kubernetes", "the Kubernetes API", observe.kubernetes
    )
    if problems:
        raise Rejected([environment.document.diagnose(problem) for problem in problems])
    applications = None if server is None else ApplicationsApi(server, observe.argocd is None, namespace)
    return Servers(prometheus, applications)


def placed(file: str | None) -> str | None:
    """Where a file that a spec names is: one without a folder of its own is in that of `SHIPWAY_TOKENS`."""
    return None if file is None else str(Path(os.environ.get(TOKENS_VARIABLE, "")) / file)
