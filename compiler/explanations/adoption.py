"""Every code about what ran before a release took it over, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "identity-track-unknown": Explanation(
        "No such track keeps an identity",
        "A running Deployment becomes the track that serves before a course: main, blue or green, stable, or v1, v2, …",
        "Name one of these, or leave `track` out: the strategy's first track is meant.",
        "Shipway's design: adoption",
    ),
    "identity-labels-differ": Explanation(
        "One label has two values",
        "`identity.labels` and `identity.selector` are both labels of the same pods.",
        "Keep the selector's value, which nobody can change.",
        "Kubernetes: a Deployment's selector is immutable",
    ),
    "identity-unused": Explanation(
        "No track keeps this identity any more",
        "The course has removed the track that ran under the names and labels from before. If a later course brings a "
        "track of that name, it would get them again.",
        "Remove the keys that belong to the track. `service`, `container` and the other names may stay.",
        "Shipway's design: adoption",
    ),
    "identity-service-taken": Explanation(
        "The Service's name is that of a track",
        "Clients call this name and expect the track that serves, whichever it is. Under this release's name it would "
        "be one track's own Service.",
        "Give the release another name; `identity` keeps the names of what runs.",
        "Shipway's design: adoption",
    ),
}
