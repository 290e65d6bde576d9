"""Every code that a verb can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_DESIGN = "Shipway's design: a release's course"

CODES: dict[str, Explanation] = {
    "course-refused": Explanation(
        "The strategy does not allow this now",
        "Each strategy has its own course. The message says why this command does not fit now.",
        "Run the command that the help line names.",
        _DESIGN,
    ),
    "course-not-open": Explanation(
        "No course is open",
        "Only one version exists and it serves all requests. No new version has been started.",
        "Run `shipway start` to open a course, or `shipway rollback ENV/RELEASE --to REV` to go back.",
        _DESIGN,
    ),
    "course-needs-finish": Explanation(
        "Only the last step is left",
        "The new version serves all requests. The last step removes the old version. After that, going back takes "
        "longer.",
        "Run `shipway finish` when you are sure that the new version works.",
        _DESIGN,
    ),
    "course-not-done": Explanation(
        "Other steps come before the last one",
        "`finish` removes the old version, but the old version still serves requests.",
        "Run `shipway advance` until all requests have moved. `--to STEP` takes several steps at once.",
        _DESIGN,
    ),
    "course-no-finish": Explanation(
        "This course has no last step",
        "A canary by header with a major change serves other clients than the stable track, so it cannot replace it.",
        "Move the clients, then make the release `versioned`. Or run `shipway abort`.",
        _DESIGN,
    ),
    "course-no-such-step": Explanation(
        "No later step has this name",
        "`advance --to` goes forward to a later step. `shipway plan` lists the steps.",
        "Use one of the listed names. To go back, run `shipway abort`.",
        _DESIGN,
    ),
    "course-in-group": Explanation(
        "The release moves with its group",
        "A client and its API must be switched together. A member that moves alone would call the wrong contract.",
        "Name the group: `shipway advance ENV/GROUP`.",
        "Shipway's design: major changes",
    ),
    "course-apart": Explanation(
        "The members of a group are at different steps",
        "The spec of one member was edited alone. A command moves all members by one step.",
        "Give all members the same two colors, then run the command again.",
        "Shipway's design: major changes",
    ),
    "course-soaking": Explanation(
        "The step has to soak first",
        "The course has a pause between steps (`pause`). It starts when the current step is published.",
        "Wait, or use `--now` to skip the pause.",
        "Shipway's design: a step may ask for a soak time",
    ),
    "course-too-early": Explanation(
        "Clients were promised a later date",
        "Every response announces the date in its Sunset header. The path must not be removed before that day.",
        "Wait, change the date, or use `--now` to remove the path early.",
        "RFC 8594",
    ),
    "course-member-unknown": Explanation(
        "The group has no such member",
        "`--member NAME=VERSION@DIGEST` names a release that is not in `members` of the group.",
        "Use one of the listed names.",
        _DESIGN,
    ),
    "course-version-missing": Explanation(
        "The version to start is missing",
        "A release needs `--version` and `--digest`. A group needs `--member NAME=VERSION@DIGEST`.",
        "Add the option that the help line shows.",
        _DESIGN,
    ),
    "course-version-invalid": Explanation(
        "A value given to `start` is not valid",
        "A version is an image tag. A digest is `sha256:` and 64 hexadecimal digits.",
        "Copy both from the registry.",
        "OCI distribution specification: tags and digests",
    ),
    "course-file-changed": Explanation(
        "The spec changed while the command ran",
        "Another program changed the file after Shipway read it. Shipway wrote nothing.",
        "Look at that change, then run the command again.",
        _DESIGN,
    ),
    "course-file-dirty": Explanation(
        "The spec has changes that are not committed",
        "`--commit` would commit them together with the edit of the command.",
        "Commit or undo them first, or run the command without `--commit`.",
        _DESIGN,
    ),
    "commit-refused": Explanation(
        "Git refused the commit",
        "The repository of the specs is missing, is in the middle of a merge or rebase, or a hook refused the commit.",
        "Run `git status` to see the reason.",
        "git-commit",
    ),
    "rollback-unknown": Explanation(
        "The version to go back to was not found",
        "No track has this version, and no earlier revision of the spec served it alone.",
        "Use a version or a revision that `shipway history` shows.",
        _DESIGN,
    ),
    "rollback-no-history": Explanation(
        "There is no earlier state to go back to",
        "No course is open, and Git has no earlier revision of the spec.",
        "In a shallow clone, fetch the history. Otherwise, start the version that you want.",
        _DESIGN,
    ),
    "promotion-detour": Explanation(
        "The environment does not promote from this one",
        "`promotesFrom` lists the environments that versions may come from.",
        "Promote from one of these environments, or ask the environment's owners to change `promotesFrom`.",
        "Shipway's design: the promotion graph",
    ),
    "promotion-skipped": Explanation(
        "The version was not released in an earlier environment",
        "This environment promotes from others. They have the release but do not serve this version.",
        "Release the version there first, or add an exception (`rule: promotion-skipped`) with an owner and an end "
        "date.",
        "Shipway's design: the promotion graph",
    ),
    "frozen": Explanation(
        "The environment is frozen",
        "Its spec forbids publishing during this time. You can still abort and roll back one release with `--publish`, "
        "as long as nothing else waits in the specs.",
        "Wait, or ask the environment's owners to shorten the freeze.",
        "Shipway's design: freeze windows",
    ),
    "exception-expired": Explanation(
        "An exception to the policy has expired",
        "Every exception has an owner and a last day. After that day the rule applies again.",
        "Remove the exception, or ask its owner for a new last day.",
        "Shipway's design: exceptions",
    ),
    "exception-idle": Explanation(
        "An exception to the policy has no effect",
        "Its rule is not the code of a finding, or its release is not in this environment.",
        "Correct the name. `shipway explain` lists the codes. If the release was removed, remove the exception too.",
        "Shipway's design: exceptions",
    ),
    "unknown-release": Explanation(
        "There is no release or group with this name",
        "The environment's folder has no spec with this name.",
        "Use one of the listed names.",
        "Shipway's design: the specs",
    ),
}
