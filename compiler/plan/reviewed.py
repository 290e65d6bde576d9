"""The findings of a unit as people read them: each cause once, and with it all that stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from compiler.diagnostics.model import Diagnostic
from compiler.model.verdict import Finding
from compiler.plan.allowances import AllowedFinding
from compiler.transition.verdict.repetitions import Causes


@dataclass(frozen=True, slots=True)
class ReviewedFinding:
    """A finding at the line of a spec; `reason`: it says why something is not proven, and refutes nothing."""

    diagnostic: Diagnostic
    reason: Finding | None = None
    finding: Finding | None = None
    """what the verifier found; None: a rule of the plan did"""
    way: str = ""
    """on which way it was found; empty: from what is published"""

    @property
    def refutes(self) -> bool:
        return self.diagnostic.severity == "error" and self.reason is None

    @property
    def counts(self) -> bool:
        """Whether an exception is needed to publish despite it: it refutes, or leaves something unproven."""
        return self.diagnostic.severity == "error"


def repeated_findings(judged: Sequence[tuple[ReviewedFinding, AllowedFinding | None]]) -> list[ReviewedFinding]:
    """Those that only repeat of an object what another one says of it, on the same way: people read each cause once.

    What an exception permits hides nothing that none permits.
    """
    refused, every = (
        _causes_by_way(each for each, permit in judged if each.counts and (whole or permit is None))
        for whole in (False, True)
    )
    return [each for each, permit in judged if _causes_of(each, every if permit is not None else refused)]


def _causes_by_way(reviewed: Iterable[ReviewedFinding]) -> dict[str, Causes]:
    by_way: dict[str, list[Finding]] = {}
    for each in reviewed:
        if each.finding is not None:
            by_way.setdefault(each.way, []).append(each.finding)
    return {way: Causes(findings) for way, findings in by_way.items()}


def _causes_of(reviewed: ReviewedFinding, by_way: Mapping[str, Causes]) -> list[Finding]:
    causes = by_way.get(reviewed.way)
    return [] if causes is None or reviewed.finding is None else list(causes.of(reviewed.finding))


def with_hidden_codes(
    judged: Sequence[tuple[ReviewedFinding, AllowedFinding | None]], repeated: Sequence[ReviewedFinding]
) -> Iterator[tuple[ReviewedFinding, AllowedFinding | None]]:
    """Those that are shown; where one stands for others that nobody permits, its help names their codes too."""
    for each, permit in judged:
        if each not in repeated:
            codes = _hidden_codes(each, judged, repeated) if permit is None and each.counts else []
            yield (_with_codes(each, codes) if codes else each), permit


def _hidden_codes(
    shown: ReviewedFinding,
    judged: Sequence[tuple[ReviewedFinding, AllowedFinding | None]],
    repeated: Sequence[ReviewedFinding],
) -> list[str]:
    """The other codes that an exception must name as well, before what the finding says may happen."""
    refused = [each for each, permit in judged if permit is None and each in repeated and each.way == shown.way]
    causes = _causes_by_way(each for each, permit in judged if permit is None and each.counts)
    stated, codes = [shown.finding], dict[str, None]()
    for _ in refused:
        for each in refused:
            if each.counts and any(cause in stated for cause in _causes_of(each, causes)):
                stated.append(each.finding)
                codes[each.diagnostic.code] = None
    codes.pop(shown.diagnostic.code, None)
    return list(codes)


def _with_codes(shown: ReviewedFinding, codes: Sequence[str]) -> ReviewedFinding:
    every = [shown.diagnostic.code, *codes]
    listed = f"{', '.join(f'`{code}`' for code in every[:-1])} and `{every[-1]}`"
    text = f"{shown.diagnostic.help}; or accept the loss, by exceptions from {listed}"
    return replace(shown, diagnostic=replace(shown.diagnostic, help=text))
