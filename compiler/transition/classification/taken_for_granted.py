"""What every answer rests on and no manifest shows: the page of what is proven names it."""

from __future__ import annotations

TAKEN_FOR_GRANTED: tuple[str, ...] = (
    "FROM is what the cluster holds: published, synced and converged; nothing else writes the objects of the folder.",
    "Argo CD 3 syncs the folder with the options that stand among the premises of the answer.",
    "The schemas and API versions of the Kubernetes version among the premises decide what the API server takes.",
    "What no folder holds and something in FROM names is there and healthy: namespaces, Gateways, classes, Secrets.",
    "A pod that is ready answers as its contract says, and stays ready; a new pod may take for ever to become ready.",
    "A pod listens on the ports that its containers declare; where no template ever declared one, where it is asked.",
    "Pods have private addresses (RFC 1918, 6598, 4193).",
    "Nodes have room for the pods that quotas allow; a DaemonSet has two nodes.",
    "What is inside of configuration and Secrets is right; that it is there, and which version reads it, is judged.",
    "Pods read the ConfigMaps and Secrets that their template names, and no others through the API server.",
    "Clients inside the cluster are those whose address stands in the variables or arguments of the folder's pods.",
    "No controller is told by its own options to leave out objects by labels without a prefix.",
    "A router's own settings are its defaults: ingress-nginx takes bodies of up to 1m where no Ingress says otherwise.",
    "Endpoints reach every proxy after the lag that stands among the premises.",
)
