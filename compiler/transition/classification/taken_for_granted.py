"""What every answer rests on and no manifest shows: the page of what is proven names it."""

from __future__ import annotations

TAKEN_FOR_GRANTED: tuple[str, ...] = (
    "FROM is what the cluster has: published, synced and converged. Nothing else writes the objects of the folder.",
    "Argo CD 3 syncs the folder with the options that the answer's premises list.",
    "The API server accepts what the schemas of the Kubernetes version in the premises allow and no check of Shipway "
    "refuses. It has more rules than these: such an object is refused when it is synced, and the sync stops there.",
    "Objects that FROM names and no folder has exist and are healthy: namespaces, Gateways, classes, Secrets.",
    "A pod that is ready answers as its contract says, and stays ready. A new pod may never become ready.",
    "A pod listens on the ports that its containers declare; if no template ever declared any, on every port that "
    "is used.",
    "Pods have private addresses (RFC 1918, 6598, 4193).",
    "Nodes have room for the pods that quotas allow; a DaemonSet has two nodes.",
    "The contents of configuration and Secrets are right. Whether they exist, and which version reads them, is judged.",
    "Pods read the ConfigMaps and Secrets that their template names, and no others through the API server.",
    "Calls inside the cluster are those whose address is in the variables or arguments of the folder's pods.",
    "No controller is configured to ignore objects by labels without a prefix.",
    "A router's own settings are its defaults: ingress-nginx accepts bodies of up to 1m unless an Ingress says "
    "otherwise.",
    "Endpoints reach every proxy after the lag that the premises list.",
)
