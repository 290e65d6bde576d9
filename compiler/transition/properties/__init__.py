"""What must hold in every state: one file per property of the transition model.

A property is a module with `PROPERTY`, its name, and `breaches`, which takes a `ServedClass` (a request class at every
point of the sync) or a `JudgedChange` (all of it).
"""

from compiler.transition.properties import (
    accepted,
    altered_answers,
    available,
    batch_pods,
    calls,
    capacity,
    cascades,
    certificates,
    clients_moved,
    config,
    contained,
    contract,
    controller_settings,
    deletions,
    drained,
    entries,
    finishes,
    gates,
    given_labels,
    host_contracts,
    host_ports,
    kept_fields,
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
    selecting_policies,
    served_versions,
    tied_routes,
    unblocked,
    undisputed,
    unknown,
    unknown_entries,
    unread_patterns,
    unready_pods,
    unrouted_ports,
    written_endpoints,
)

OF_EACH_CLASS = (drained, tied_routes, retired, altered_answers, available, contained, contract, capacity)
BESIDE_OTHERS = (*(each for each in OF_EACH_CLASS if each not in (retired, altered_answers)), other_answers)
"""Where other Applications stand beside the one that is synced: what it gives up is judged, and said, with it alone."""
OF_THE_CHANGE = (
    clients_moved,
    host_contracts,
    host_ports,
    entries,
    gates,
    written_endpoints,
    unrouted_ports,
    batch_pods,
    deletions,
    calls,
    finishes,
    cascades,
    namespaces,
    permitted,
    references,
    policy_peers,
    controller_settings,
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
    kept_fields,
    given_labels,
    selecting_policies,
    unread_patterns,
    unknown_entries,
    unblocked,
)
WARNINGS_ONLY = frozenset(
    {
        controller_settings, given_labels, host_ports, kept_fields, namespaces, policy_peers, replaced_pods,
        scaler_targets, selecting_policies, tied_routes, unblocked, unknown, unknown_entries, unread_patterns,
        unready_pods,
    }
)  # fmt: skip
"""What these find never refutes: they are not asked where only errors are told."""
