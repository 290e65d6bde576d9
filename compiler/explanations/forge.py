"""Every code that this stage can emit, explained."""

from __future__ import annotations

from typing import Final

from compiler.explanations.explanation import Explanation

CODES: Final[dict[str, Explanation]] = {
    "forge-event": Explanation(
        "The event does not belong to a pull request",
        "`shipway comment` finds the pull request in the event that started the workflow: `workflow_run` or "
        "`pull_request`. This is another event, or its file is damaged.",
        "Run it in a workflow that starts on `workflow_run`, or name the file of the event with `--event`.",
        "GitHub's documentation, Events that trigger workflows",
    ),
    "forge-token": Explanation(
        "The token for comments is missing",
        "GitHub accepts comments only with a token, and GITHUB_TOKEN is not set.",
        "Set `env: GITHUB_TOKEN: ${{ github.token }}` on the step and `pull-requests: write` on the job.",
        "GitHub's documentation, Automatic token authentication",
    ),
    "forge-address": Explanation(
        "The API address is not safe for a token",
        "GITHUB_API_URL must use https, or be a server on this machine. Any other address would expose the token.",
        "Unset GITHUB_API_URL for github.com, or set it to `https://HOST/api/v3`.",
        "GitHub's documentation, GitHub Enterprise Server REST API",
    ),
    "forge-refused": Explanation(
        "The forge refused a request",
        "The forge answered with an error that another try does not fix. Usually the token lacks a permission.",
        "GitHub: give the job the permissions `pull-requests: write` (comments) and `actions: read` (the artifact). "
        "GitLab: use a project access token with the scope `api`.",
        "GitHub's REST documentation, Permissions required for GitHub Apps",
    ),
    "forge-answer": Explanation(
        "The forge sent an unexpected answer",
        "The answer is JSON, but not what GitHub's documentation promises. A proxy or another server may have sent it.",
        "Check that GITHUB_API_URL is the address of GitHub's API, then run the job again.",
        "GitHub's REST documentation",
    ),
    "forge-unreachable": Explanation(
        "The forge did not answer",
        "The connection failed, timed out, or returned a server error, three times in a row.",
        "Run the job again. It edits comments that exist and never writes one twice.",
        "Shipway's own limits",
    ),
    "artefact-unreadable": Explanation(
        "The folder of plans cannot be read",
        "The folder with the unpacked artifact is missing, or contains something that is not a regular file.",
        "Check the run that made the plan. It uploads `ENVIRONMENT.md` files as an artifact.",
        "Shipway's workflows",
    ),
    "artefact-name": Explanation(
        "A file of the artifact is not named after an environment",
        "A plan is named after its environment: `prod.md`. The pull request's own run made the artifact, so Shipway "
        "refuses every file that does not fit.",
        "Upload only what `shipway plan --output 'DIR/{environment}.md'` wrote.",
        "Shipway's workflows",
    ),
    "artefact-marker": Explanation(
        "A plan does not start with its environment's marker",
        "The first line of `prod.md` is `<!-- shipway:prod -->`. Shipway finds its comment by this line. A file with "
        "another first line was not written by `shipway plan --format md`.",
        "Upload only what `shipway plan --format md` wrote.",
        "Shipway's workflows",
    ),
    "artefact-size": Explanation(
        "A plan is too long for a comment",
        "A comment has at most 65,536 characters, and `shipway comment` adds some of its own.",
        "Run `shipway plan --format md --limit 64000`, which shortens the plan.",
        "GitHub: body is too long (maximum is 65536 characters)",
    ),
}
