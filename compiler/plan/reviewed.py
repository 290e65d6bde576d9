"""The findings of a unit as people read them: each cause once, and with it all that stands behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from compiler.diagnostics.model import Diagnostic
from compiler.model.verdict import Finding
from compiler.plan.allowances import AllowedFinding
from compiler.transition.verdict.grouping import causes_of


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


def repeated_findings(judged: Sequence[tuple[ReviewedFinding, AllowedFinding | None]]) -> list[ReviewedFinding]:
    """Those that only repeat for a workload what another one says of it, on the same way: people read each cause once.

    What an exception permits hides nothing that none permits.
    """
    errors = [(each, permit) for each, permit in judged if each.finding is not None and each.refutes]
    refused, every = (
        {
            (each.way, code, name)
            for each, permit in errors
            if whole or permit is None
            for code, name in _stated_losses(each)
        }
        for whole in (False, True)
    )
    return [
        each
        for each, permit in errors
        if any((each.way, *cause) in (every if permit is not None else refused) for cause in _causes_on_way(each))
    ]


def with_hidden_codes(
    judged: Sequence[tuple[ReviewedFinding, AllowedFinding | None]], repeated: Sequence[ReviewedFinding]
) -> Iterator[tuple[ReviewedFinding, AllowedFinding | None]]:
    """Those that are shown; where one stands for others that nobody permits, its help names their codes too."""
    for each, permit in judged:
        if each not in repeated:
            codes = _hidden_codes(each, judged, repeated) if permit is None and each.refutes else []
            yield (_with_codes(each, codes) if codes else each), permit


def _hidden_codes(
    shown: ReviewedFinding,
    judged: Sequence[tuple[ReviewedFinding, AllowedFinding | None]],
    repeated: Sequence[ReviewedFinding],
) -> list[str]:
    """The other codes that an exception must name as well, before what the finding says may happen."""
    refused = [each for each, permit in judged if permit is None and each in repeated and each.way == shown.way]
    stated, codes = set(_stated_losses(shown)), dict[str, None]()
    for _ in refused:
        for each in refused:
            if _causes_on_way(each) & stated:
                stated |= set(_stated_losses(each))
                codes[each.diagnostic.code] = None
    codes.pop(shown.diagnostic.code, None)
    return list(codes)


def _with_codes(shown: ReviewedFinding, codes: Sequence[str]) -> ReviewedFinding:
    every = [shown.diagnostic.code, *codes]
    listed = f"{', '.join(f'`{code}`' for code in every[:-1])} and `{every[-1]}`"
    text = f"{shown.diagnostic.help}; or accept the loss, by exceptions from {listed}"
    return replace(shown, diagnostic=replace(shown.diagnostic, help=text))


def _stated_losses(reviewed: ReviewedFinding) -> Iterator[tuple[str, str]]:
    finding = reviewed.finding
    return ((finding.code, name) for name in finding.objects) if finding is not None else iter(())


def _causes_on_way(reviewed: ReviewedFinding) -> frozenset[tuple[str, str]]:
    return causes_of(reviewed.finding) if reviewed.finding is not None else frozenset()
