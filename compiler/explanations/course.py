"""Every code that a verb can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_DESIGN = "Shipway's design: a release's course"

CODES: dict[str, Explanation] = {
    "course-refused": Explanation(
        "The strategy does not allow this now",
        "Each strategy has its own course; the message has its reason.",
        "Do what the help line says: it names the command that does apply.",
        _DESIGN,
    ),
    "course-not-open": Explanation(
        "No course is open",
        "There is nothing that comes in: one version serves, and no second one stands beside it.",
        "`shipway start` opens a course; `shipway rollback --to REV` goes back to an earlier state.",
        _DESIGN,
    ),
    "course-needs-finish": Explanation(
        "All steps are done but the last",
        "The new version has all requests; what is left is to remove the old one, which ends the cheap way back.",
        "`shipway finish`, once you are sure.",
        _DESIGN,
    ),
    "course-not-done": Explanation(
        "Steps come before the last one",
        "`finish` removes the old version, which still has requests.",
        "`shipway advance` until all requests have moved; `--to STEP` takes several steps at once.",
        _DESIGN,
    ),
    "course-no-finish": Explanation(
        "This course has no last step",
        "A canary by header that carries a major change answers other clients than the stable track: it can never take "
        "its place.",
        "Move the clients, then make the release `versioned`; or abort.",
        _DESIGN,
    ),
    "course-no-such-step": Explanation(
        "No step ahead has that name",
        "`advance --to` goes forward, to a step that `shipway plan` shows.",
        "Name one of those listed. To go back, abort.",
        _DESIGN,
    ),
    "course-in-group": Explanation(
        "The release moves with its group",
        "A major change of a client and its API is one switch; a member alone would meet the other world.",
        "Name the group: `shipway advance ENV/GROUP`.",
        "Shipway's design: major changes",
    ),
    "course-apart": Explanation(
        "The members of a group stand at different steps",
        "Somebody edited one member's spec alone. A verb moves all members by the same step.",
        "Give each member the same two colours, then run the verb again.",
        "Shipway's design: major changes",
    ),
    "course-soaking": Explanation(
        "The step has to soak first",
        "The course asks for a time between steps (`pause`). It counts from the publish of the present step, which Git "
        "tells.",
        "Wait, or say that you will not: `--now`.",
        "Shipway's design: a step may ask for a soak time",
    ),
    "course-too-early": Explanation(
        "A date was promised to clients",
        "`sunset` is in the Sunset header of every answer; the path goes on that day, not before.",
        "Wait, or change the date, or break the promise with `--now`.",
        "RFC 8594",
    ),
    "course-member-unknown": Explanation(
        "The group has no such member",
        "`--member NAME=VERSION@DIGEST` names a release that is not in the group's `members`.",
        "Name one of those listed.",
        _DESIGN,
    ),
    "course-version-missing": Explanation(
        "Which version is to be started was not said",
        "A release takes `--version` and `--digest`; a group takes `--member NAME=VERSION@DIGEST`.",
        "Add the option that the help line shows.",
        _DESIGN,
    ),
    "course-version-invalid": Explanation(
        "A value given to start is none that a spec may hold",
        "A version is an image tag, a digest is `sha256:` and 64 hexadecimal digits.",
        "Copy both from the registry.",
        "OCI distribution specification: tags and digests",
    ),
    "course-file-changed": Explanation(
        "The spec changed while the verb ran",
        "Somebody else wrote the file between reading and writing. Nothing was written.",
        "Look at their change, and run the command again.",
        _DESIGN,
    ),
    "course-file-dirty": Explanation(
        "The spec has changes that are not committed",
        "`--commit` would commit them together with the verb's edit.",
        "Commit or undo them first, or run the verb without `--commit`.",
        _DESIGN,
    ),
    "commit-refused": Explanation(
        "Git did not take the commit",
        "The repository of the specs is missing, or in the middle of a merge or rebase, or refused the commit.",
        "See what `git status` says.",
        "git-commit",
    ),
    "rollback-unknown": Explanation(
        "There is no such version to go back to",
        "No track holds it, and no earlier revision of the spec served it alone.",
        "Name a version or a revision that `shipway history` shows.",
        _DESIGN,
    ),
    "rollback-no-history": Explanation(
        "There is no earlier state to go back to",
        "No course is open, and Git holds no earlier revision of the spec.",
        "In a shallow clone, fetch the history; else start the version that you want.",
        _DESIGN,
    ),
    "promotion-detour": Explanation(
        "The environment does not promote from there",
        "`promotesFrom` draws the graph along which versions move.",
        "Promote from one of the environments that it names, or change the graph, as its owners allow.",
        "Shipway's design: the promotion graph",
    ),
    "promotion-skipped": Explanation(
        "The version was not released in an earlier environment",
        "This environment promotes from others, which hold the release but do not serve this version.",
        "Release it there first; or write an exception (`rule: promotion-skipped`) with owner and expiry.",
        "Shipway's design: the promotion graph",
    ),
    "frozen": Explanation(
        "The environment is frozen",
        "Its spec names a span of time in which nothing is published. Aborting and rolling back stay possible.",
        "Wait, or shorten the freeze, as the owners of the environment's spec allow.",
        "Shipway's design: freeze windows",
    ),
    "exception-expired": Explanation(
        "An exception to the policy has expired",
        "Every exception has an owner and a last day; after it the rule holds again.",
        "Remove the exception, or let its owner set a new day.",
        "Shipway's design: exceptions",
    ),
    "exception-idle": Explanation(
        "An exception to the policy excepts nothing",
        "Its rule is no code of a finding, or its release is none of this environment: the rule holds as before.",
        "Correct the name; `shipway explain` lists the codes. Remove the exception of a release that is gone.",
        "Shipway's design: exceptions",
    ),
    "unknown-release": Explanation(
        "There is no release or group of that name",
        "The environment's folder holds no spec of that name.",
        "Name one of those listed.",
        "Shipway's design: the specs",
    ),
}
