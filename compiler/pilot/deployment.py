"""What runs the pilot in a cluster: a CronJob, and the rights that it needs and no more."""

from __future__ import annotations

from typing import Any, Final

from compiler.model.manifest import Object
from compiler.spec.environment import Environment

NAME: Final = "shipway-pilot"
SCHEDULE: Final = "* * * * *"
IMAGE: Final = "shipway-pilot:IMAGE"
"""Stands for an image that holds Git and `pip install shipway[pilot]`, which the team builds."""
SECRET_MODE: Final = 0o440
NOBODY: Final = 65532

SCRIPT: Final = """set -eu
cd "$(mktemp -d)"
git clone --quiet --branch "$BRANCH" "$SPECS" specs
cd specs
exec shipway pilot "$ENVIRONMENT" --once"""


def pilot_objects(environment: Environment, specs: str, branch: str) -> tuple[Object, ...]:
    """ServiceAccount, Role, RoleBinding and CronJob, in Argo CD's namespace; `specs` is the address of the specs.

    The Role reads Applications and Deployments there; Deployments of the environment's own namespace are read by a
    second pair, for the health of a track. Nothing may be written in the cluster.
    """
    namespace = environment.spec.argocd.namespace
    here = role_pair(NAME, namespace, namespace, [("argoproj.io", "applications", ["get", "list"])])
    there = role_pair(NAME, environment.spec.namespace, namespace, [("apps", "deployments", ["get"])])
    account: Object = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": NAME, "namespace": namespace},
        "automountServiceAccountToken": False,
    }
    return (account, *here, *there, pilot_cron_job(environment, specs, branch))


def role_pair(name: str, namespace: str, of: str, rules: list[tuple[str, str, list[str]]]) -> tuple[Object, Object]:
    """A Role in `namespace` and its binding to the account, which is in the namespace `of`."""
    role: Object = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": name, "namespace": namespace},
        "rules": [{"apiGroups": [group], "resources": [kind], "verbs": verbs} for group, kind, verbs in rules],
    }
    binding: Object = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": name, "namespace": namespace},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": of}],
    }
    return role, binding


def pilot_cron_job(environment: Environment, specs: str, branch: str) -> Object:
    """Once a minute, never two at once; a run that hangs is ended."""
    name = environment.metadata.name
    pod: dict[str, Any] = {
        "serviceAccountName": NAME,
        "automountServiceAccountToken": True,
        "restartPolicy": "Never",
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": NOBODY,
            "fsGroup": NOBODY,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [pilot_container(name, specs, branch)],
        "volumes": [
            {"name": "git", "secret": {"secretName": f"{NAME}-git", "defaultMode": SECRET_MODE}},
            {
                "name": "tokens",
                "secret": {"secretName": f"{NAME}-tokens", "defaultMode": SECRET_MODE, "optional": True},
            },
            {"name": "work", "emptyDir": {"sizeLimit": "1Gi"}},
        ],
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": f"{NAME}-{name}", "namespace": environment.spec.argocd.namespace},
        "spec": {
            "schedule": SCHEDULE,
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": 60,
            "successfulJobsHistoryLimit": 1,
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {
                "spec": {"backoffLimit": 0, "activeDeadlineSeconds": 300, "template": {"spec": pod}},
            },
        },
    }


def pilot_container(name: str, specs: str, branch: str) -> dict[str, Any]:
    variables = {
        "ENVIRONMENT": name,
        "SPECS": specs,
        "BRANCH": branch,
        "SHIPWAY_TOKENS": "/tokens",
        "HOME": "/work",
        "TMPDIR": "/work",
        "GIT_SSH_COMMAND": "ssh -i /git/ssh-privatekey -o UserKnownHostsFile=/git/known_hosts",
    }
    return {
        "name": "pilot",
        "image": IMAGE,
        "command": ["sh", "-c", SCRIPT],
        "env": [{"name": key, "value": value} for key, value in variables.items()],
        "resources": {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "1Gi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "git", "mountPath": "/git", "readOnly": True},
            {"name": "tokens", "mountPath": "/tokens", "readOnly": True},
            {"name": "work", "mountPath": "/work"},
        ],
    }


def pilot_notes(environment: Environment) -> str:
    """What has to be there beside the objects, as text with a final newline."""
    namespace = environment.spec.argocd.namespace
    return f"""These objects need three things in the namespace {namespace}:

1. An image with Git, OpenSSH and `pip install 'shipway[pilot]'`; write its address in place of {IMAGE}.
2. The key that may push to the specs and to the branch that Argo CD reads:
     kubectl -n {namespace} create secret generic {NAME}-git --from-file=ssh-privatekey=KEY --from-file=known_hosts=FILE
3. Tokens that `observe` names as `tokenFile: NAME`:
     kubectl -n {namespace} create secret generic {NAME}-tokens --from-file=NAME=FILE
   `observe: {{kubernetes: {{}}}}` needs no token: the ServiceAccount above may read the Applications.
"""
