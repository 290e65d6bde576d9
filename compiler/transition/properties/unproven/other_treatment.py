"""What nobody has proven: requests that the same pods may answer, to which something else is done on the way.

Source: Traefik, docs/content/middlewares (a Middleware may refuse, redirect or rewrite what passes it); Istio,
api/networking/v1alpha3/virtual_service.proto (`rewrite`, `headers`, `fault`, `corsPolicy`).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.request import Pairs, RouteAction
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END

PROPERTY = "available"
MAX_SHOWN = 60


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """A class to which a rule does something else after the commit, or in passing, than before it."""
    item = served.guarantee
    before, after = item.before.answer, item.after.answer
    if before is None or after is None or not item.protected:
        return
    settled = (before.treatment, after.treatment)
    if before.treatment != after.treatment:
        yield _treated_otherwise(served, after, "after this commit", settled)
        return
    for point in served.points:
        answer = point.serving.answer
        if answer is not None and answer.treatment not in settled:
            yield _treated_otherwise(served, answer, "during the sync", (before.treatment, answer.treatment))
            return


def _treated_otherwise(
    served: ServedClass, answer: RouteAction, when: str, sides: tuple[Pairs, Pairs]
) -> PropertyBreach:
    old, new = map(dict, sides)
    differing = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    words = ", ".join(f"{name} {_in_words(old.get(name))} become {_in_words(new.get(name))}" for name in differing)
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{when}, for {served.guarantee.request}: {words}. Not judged: what it does to the requests",
        (answer.route,),
        "review the change by hand",
        "warning",
        END,
        served.guarantee.request,
    )


def _in_words(value: str | None) -> str:
    text = "nothing" if value is None else value
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
