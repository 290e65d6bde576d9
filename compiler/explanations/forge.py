"""Every code that this stage can emit, explained."""

from __future__ import annotations

from typing import Final

from compiler.explanations.explanation import Explanation

CODES: Final[dict[str, Explanation]] = {
    "forge-event": Explanation(
        "The event is not one that leads to a pull request",
        "`shipway comment` finds the pull request in the event that started the workflow: `workflow_run` or "
        "`pull_request`. This one is another, or its file is not what the forge writes.",
        "Run it in a workflow on `workflow_run`, or name the event's file with `--event`.",
        "GitHub's documentation, Events that trigger workflows",
    ),
    "forge-token": Explanation(
        "There is no token to write comments with",
        "The forge takes comments only from someone it knows; GITHUB_TOKEN is not set.",
        "Set `env: GITHUB_TOKEN: ${{ github.token }}` on the step and `pull-requests: write` on the job.",
        "GitHub's documentation, Automatic token authentication",
    ),
    "forge-address": Explanation(
        "The forge's address is not safe to send a token to",
        "GITHUB_API_URL must be https, or a server on this machine: anything else would show the token on the way.",
        "Unset GITHUB_API_URL for github.com, or set it to `https://HOST/api/v3`.",
        "GitHub's documentation, GitHub Enterprise Server REST API",
    ),
    "forge-refused": Explanation(
        "The forge refused a request",
        "It answered with an error that trying again does not mend: mostly a permission that the token lacks.",
        "Give the job `pull-requests: write` (comments) and `actions: read` (the artefact).",
        "GitHub's REST documentation, Permissions required for GitHub Apps",
    ),
    "forge-unreachable": Explanation(
        "The forge did not answer",
        "The connection failed, timed out, or the answers stayed errors of the server, three times in a row.",
        "Run the job again; comments that were written are found and edited, not doubled.",
        "Shipway's own limits",
    ),
    "artefact-unreadable": Explanation(
        "The folder of plans cannot be read",
        "The folder that the artefact was unpacked to is missing, or holds something that is no regular file.",
        "Look at the run that made the plan: it uploads `ENVIRONMENT.md` files in an artefact.",
        "Shipway's workflows",
    ),
    "artefact-name": Explanation(
        "A file of the artefact has a name that no environment has",
        "A plan is named after its environment: `prod.md`. The artefact comes from the pull request's own run, so "
        "whatever does not fit is refused, not guessed at.",
        "Upload only what `shipway plan --output 'DIR/{environment}.md'` wrote.",
        "Shipway's workflows",
    ),
    "artefact-marker": Explanation(
        "A plan does not start with its environment's marker",
        "The first line of `prod.md` is `<!-- shipway:prod -->`: by it the comment is found again. A file "
        "without it, or with another's, was not written by `shipway plan --format md`.",
        "Upload only what `shipway plan --format md` wrote.",
        "Shipway's workflows",
    ),
    "artefact-size": Explanation(
        "A plan is larger than a comment may be",
        "A comment holds 65,536 characters; some are kept for what `shipway comment` adds.",
        "Let `shipway plan --format md --limit 64000` shorten it.",
        "GitHub: body is too long (maximum is 65536 characters)",
    ),
}
