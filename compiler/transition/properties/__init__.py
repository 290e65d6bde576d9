"""What must hold in every state: one file per property of the transition model.

A property is a module with `PROPERTY`, its name, and `breaches`, which takes a `ServedClass` (a request class at every
point of the sync) or a `JudgedChange` (all of it).
"""

from compiler.transition.properties import (
    accepted,
    available,
    calls,
    capacity,
    cascades,
    certificates,
    clients_moved,
    config,
    contained,
    contract,
    drained,
    entries,
    finishes,
    host_contracts,
    host_ports,
    listeners,
    namespaces,
    other_answers,
    permitted,
    policy_peers,
    quotas,
    references,
    refused_pods,
    replaced_pods,
    retired,
    scaler_targets,
    served_versions,
    tied_routes,
    unblocked,
    undisputed,
    unknown,
    unready_pods,
    written_endpoints,
)

OF_EACH_CLASS = (drained, tied_routes, retired, available, contained, contract, capacity)
BESIDE_OTHERS = (*(each for each in OF_EACH_CLASS if each is not retired), other_answers)
"""Where other Applications stand beside the one that is synced: what it gives up is judged, and said, with it alone."""
OF_THE_CHANGE = (
    clients_moved,
    host_contracts,
    host_ports,
    entries,
    listeners,
    written_endpoints,
    calls,
    finishes,
    cascades,
    namespaces,
    permitted,
    references,
    policy_peers,
    served_versions,
    accepted,
    config,
    certificates,
    quotas,
    replaced_pods,
    refused_pods,
    scaler_targets,
    unready_pods,
    undisputed,
    unknown,
    unblocked,
)
