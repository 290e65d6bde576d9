"""EventListener: Tekton Triggers, pkg/apis/triggers/v1beta1/event_listener_types.go. It makes a Deployment."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

READ_FOR_EACH_EVENT = Inert(
    "Tekton Triggers, pkg/sink/sink.go `HandleEvent`: read for each event, and each event is accepted; its pods stay"
)


PODS = Unjudged("which pods exist, and whether they serve")
TABLE = KindTable(
    "triggers.tekton.dev",
    "EventListener",
    versions=("triggers.tekton.dev/v1beta1", "triggers.tekton.dev/v1alpha1"),
    influence="which pods exist, and whether they serve",
    fields={
        "metadata": METADATA,
        "spec": {
            **dict.fromkeys(("labelSelector", "namespaceSelector", "triggerGroups", "triggers"), READ_FOR_EACH_EVENT),
            **dict.fromkeys(
                ("cloudEventURI", "podTemplate", "replicas", "resources", "serviceAccountName", "serviceType"), PODS
            ),
        },
    },
    appears=Inert("Tekton Triggers, pkg/reconciler/eventlistener: nobody is served by the pods of a new one yet"),
    goes=PODS,
)
