"""Where the verdict had to guess in which namespace objects stand.

Source: Argo CD puts an object without a namespace into the Application's destination.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """A namespace that was read off the objects, and that nobody confirmed."""
    options = judged.change.options
    if options.namespace_assumed:
        yield PropertyBreach(
            "namespace-unknown",
            PROPERTY,
            f"some objects have no namespace and others have {options.namespace}: Shipway assumes that both mean "
            "the same namespace",
            (),
            "give the namespace of the Application with --namespace or --application",
            "warning",
        )
