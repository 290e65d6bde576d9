"""From a situation to a decision. Pure: the same situation always has the same decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compiler.analysis.evaluation import evaluate_check
from compiler.analysis.figures import CheckResult
from compiler.pilot.situation import Action, CourseState, Decision, Situation, SyncState
from compiler.spec.base import seconds_of

DEADLINE_WITHOUT_ANALYSIS: Final = 3600
CLOCK_SKEW: Final = 60
"""Seconds that the clocks of the pilot and of a server may differ."""
ABORTING_MODES: Final = ("advise", "abortOnly", "full")


def decide(situation: Situation) -> Decision:
    """What to do with the release now. What cannot be known holds; what is known to be bad aborts."""
    if situation.mode == "off":
        return Decision("none", "policy.pilot is off")
    return course_decision(situation.course) or abort_decision(situation) or move_decision(situation)


def course_decision(course: CourseState) -> Decision | None:
    """What Git alone decides; None for an open course whose specs are what is published."""
    if course.by_hand:
        return Decision("hold", "its published files were edited by hand")
    if course.pending:
        return Decision("publish", f"the pilot's own {course.pending} is not published yet")
    if not course.published and course.abort_published and not course.aborted:
        return Decision(
            "hold", f"the abort is published, but it is not in the specs: run `shipway abort {course.unit}`"
        )
    if not course.published:
        return Decision(
            "none", "its specs differ from what is published: the pilot waits until somebody publishes that edit"
        )
    if not course.open or course.aborted:
        return Decision(
            "none", "no course is open" if not course.aborted else "it was aborted: a person decides what comes next"
        )
    return None


def abort_decision(situation: Situation) -> Decision | None:
    """The abort, with its cause; None where there is none. Nothing else is asked first: no soak, no freeze."""
    sync, results = situation.sync, check_results(situation)
    failed = [each.text for each in results if each.result == "failed"]
    cause = (
        failure_in_cluster(situation)
        or ("the analysis failed" if failed else "")
        or lasting_silence(situation, results)
    )
    if not cause:
        return None
    if sync.fault and not failed:
        return None
    return Decision("abort", cause, tuple(failed))


def failure_in_cluster(situation: Situation) -> str:
    """What Argo CD says went wrong with the published state; empty where it says nothing of the kind."""
    sync, course = situation.sync, situation.course
    if sync.fault or not sync.covers:
        return ""
    if sync.operation in ("Failed", "Error") and sync.operation_covers and not sync.running:
        return f"Argo CD could not sync it: {sync.message or sync.operation}"
    if sync.health == "Degraded" and sync.workload == "Degraded" and not sync.running:
        return "the new version is Degraded"
    waited = situation.now - course.published_at
    if not sync.settled and waited > deadline_seconds(situation):
        return f"it is not Healthy {waited} s after its publish (deadline {deadline_seconds(situation)} s)"
    return ""


def lasting_silence(situation: Situation, results: Sequence[CheckResult]) -> str:
    """`onNoData: abort`: a whole window has passed since the step was settled, and no check has data."""
    rules = list(situation.rules.values())
    if not any(each.on_no_data == "abort" for each in rules) or not situation.sync.settled:
        return ""
    silent = bool(results) and all(each.result == "no data" for each in results)
    over = situation.now - step_began(situation) > max(seconds_of(each.window) for each in rules)
    return "there is no data" if silent and over else ""


def step_began(situation: Situation) -> int:
    """When the present step was in the cluster, in seconds since 1970: what was measured before says nothing of it."""
    return max(situation.sync.finished, situation.course.published_at)


def deadline_seconds(situation: Situation) -> int:
    return max((seconds_of(each.deadline) for each in situation.rules.values()), default=DEADLINE_WITHOUT_ANALYSIS)


def move_decision(situation: Situation) -> Decision:
    """The next step of a course that nothing speaks against, or what it waits for."""
    course = situation.course
    waits = reason_to_wait(situation)
    results = check_results(situation)
    texts = tuple(each.text for each in results)
    if waits:
        return Decision("hold", waits, texts)
    if not situation.analyses:
        return Decision("hold", "it has no `analysis`: a person takes the next step", texts)
    open_checks = [each.text for each in results if each.result != "passed"]
    if open_checks or not results:
        return Decision("hold", "the analysis has not passed yet", tuple(open_checks) or texts)
    if not course.next_verb:
        return Decision("hold", f"{course.position}: watched to the end, nothing is left to do", texts)
    action: Action = "finish" if course.next_verb == "finish" else "advance"
    return Decision(action, f"{course.next_name}: the analysis passed", texts)


def reason_to_wait(situation: Situation) -> str:
    """Why the next step may not be taken now; empty where it may."""
    course, sync = situation.course, situation.sync
    if sync.fault:
        return sync.fault
    unsettled = unsettled_reason(sync)
    if unsettled:
        return unsettled
    if sync.finished > situation.now + CLOCK_SKEW:
        return "Argo CD's clock is ahead of ours"
    if course.soak_left:
        return f"it soaks for {course.soak_left} s more"
    if course.not_before:
        return f"clients were promised that it serves until {course.not_before}"
    return f"frozen: {course.frozen}" if course.frozen else ""


def unsettled_reason(sync: SyncState) -> str:
    if sync.settled:
        return ""
    if not sync.covers:
        return f"Argo CD has not seen the published commit yet (it is at {sync.revision[:12] or 'no revision'})"
    if sync.running:
        return "Argo CD is still syncing"
    state = f"Argo CD reports {sync.sync or 'nothing'}, {sync.health or 'no health'}"
    return f"{state}: {sync.condition}" if sync.condition else state


def check_results(situation: Situation) -> list[CheckResult]:
    """The result of each check of each release of the unit, in the order of the spec."""
    rules = situation.rules
    return [
        evaluate_check(rules[each.release], check, each)
        for each in situation.figures
        for check in rules[each.release].checks
        if check.name == each.name
    ]


def permitted(decision: Decision, situation: Situation) -> bool:
    """Whether the environment's policy lets the pilot do it."""
    if decision.action in ("hold", "none"):
        return False
    if decision.action in ("abort", "confirm", "publish"):
        return situation.mode in ("abortOnly", "full")
    return situation.mode == "full"
