"""What a move leaves behind: trailers that a person reads, and a note from which it can be decided again."""

from __future__ import annotations

import json
from typing import Any

from compiler import __version__
from compiler.pilot.decision import decide
from compiler.pilot.situation import Decision, Situation, situation_data, situation_from
from compiler.tree.trailers import CHECK, DECISION, OBSERVED

FORMAT = 1


def evidence_trailers(decision: Decision, situation: Situation) -> tuple[tuple[str, str], ...]:
    """The trailers of a move: what was decided and why, each check, and the commit that Argo CD reported."""
    trailers = [(DECISION, f"{decision.action} {situation.course.unit}: {decision.reason}")]
    trailers += [(CHECK, check) for check in decision.checks]
    if situation.sync.revision:
        trailers.append((OBSERVED, situation.sync.revision))
    return tuple(trailers)


def spec_message(decision: Decision, situation: Situation) -> str:
    """The message of the commit of the specs: a subject, and the trailers."""
    trailers = "".join(f"{key}: {value}\n" for key, value in evidence_trailers(decision, situation))
    return f"{situation.course.unit}: {decision.action} by the pilot\n\n{trailers}"


def record_text(decision: Decision, situation: Situation) -> str:
    """The note: the whole situation, and what was decided, as JSON."""
    data = {
        "format": FORMAT,
        "compiler": __version__,
        "decision": {"action": decision.action, "reason": decision.reason, "checks": list(decision.checks)},
        "situation": situation_data(situation),
    }
    return json.dumps(data, indent=1, sort_keys=True) + "\n"


def read_record(text: str) -> tuple[dict[str, Any], Situation, Decision]:
    """What a note says was decided, the situation, and what is decided from it now. Raises ValueError."""
    try:
        data = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("decision"), dict):
        raise ValueError("it is not a record of a decision")
    situation = situation_from(data.get("situation"))
    return data["decision"], situation, decide(situation)
