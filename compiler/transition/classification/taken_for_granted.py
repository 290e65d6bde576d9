"""What every answer rests on and no manifest shows: the page of what is proven names it."""

from __future__ import annotations

TAKEN_FOR_GRANTED: tuple[str, ...] = (
    "FROM is the state of the cluster: published, synced and converged. Nothing else writes the objects of the folder.",
    "Argo CD 3 syncs the folder with the options that the answer's premises list.",
    "The API server accepts an object that the schemas of the Kubernetes version in the premises allow and that no "
    "check of Shipway refuses. The API server has more rules than these: where an object breaks one of them, the sync "
    "stops at this object.",
    "An admission webhook or policy that stays as it is does what it did before with objects of a kind and namespace "
    "that it has taken. Of those that stand in no folder nothing is known.",
    "Objects that FROM refers to but no folder contains exist and are healthy: namespaces, Gateways, classes, Secrets.",
    "A pod that is ready answers as its contract says, and stays ready. A new pod may never become ready.",
    "A pod listens on the ports that its containers declare. If no template ever declared a port, a pod listens on "
    "every port that is used.",
    "Pods have private addresses (RFC 1918, 6598, 4193).",
    "Nodes have room for the pods that quotas allow; a DaemonSet has two nodes.",
    "The contents of configuration and Secrets are right. Whether they exist, and which version reads them, is judged.",
    "Pods read the ConfigMaps and Secrets that their template names. They read no others through the API server.",
    "Inside the cluster, the folder's pods call only addresses that are in their variables or arguments.",
    "No controller is configured to ignore objects by labels without a prefix.",
    "A router's own settings are its defaults: ingress-nginx accepts bodies of up to 1m unless an Ingress says "
    "otherwise.",
    "Endpoints reach every proxy after the lag that the premises list.",
)
