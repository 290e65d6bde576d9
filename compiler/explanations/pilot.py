"""Every code of the pilot and of what it measures, explained."""

from __future__ import annotations

from typing import Final

from compiler.explanations.explanation import Explanation

PROMETHEUS_API: Final = "Prometheus' documentation, HTTP API"

CODES: Final[dict[str, Explanation]] = {
    "analysis-check": Explanation(
        "A check of an analysis cannot work",
        "A check has one source (`preset` or `query`) and at least one limit (`max`, `min`, `against: baseline`). "
        "Other keys go with one of them only, and a preset needs to know which system's metrics are there.",
        "Change the check as the message says.",
        "design of `analysis`",
    ),
    "analysis-query": Explanation(
        "A query cannot be asked, or has no single number",
        "A query is PromQL with placeholders in double braces: track, release, namespace, service, workload, pod, "
        "version, window. Its answer must be one number: a scalar, or a vector with one series.",
        "Try it in Prometheus' web interface, with the names of a track filled in. Wrap several series in `sum(…)` or "
        "`max(…)`, and a range in a function such as `increase(…)`.",
        PROMETHEUS_API,
    ),
    "analysis-times": Explanation(
        "The times of an analysis do not fit each other",
        "`every` is how often a figure is taken, and `window` is how long a time it looks back on. A window that is "
        "shorter than `every` would leave requests out.",
        "Write a window of several times `every`: `every: 30s` and `window: 5m`.",
        "design of `analysis`",
    ),
    "observe-application": Explanation(
        "An Application is not the one that syncs this environment",
        "The pilot reads the Application `ENVIRONMENT-RELEASE` of each release, and its status means something only "
        "where it syncs the repository and the branch that the environment publishes to, in the environment's "
        "project, from one source. Until then the course is held.",
        "Apply what `shipway bootstrap ENVIRONMENT` prints. If it is applied, compare `argocd.project`, "
        "`gitops.repository` and `gitops.branch` with the Application.",
        "Argo CD, pkg/apis/application/v1alpha1/types.go",
    ),
    "analysis-unobserved": Explanation(
        "An analysis has no figures",
        "The release has an `analysis`, but its environment does not say where Prometheus is. The pilot holds such a "
        "course at its step.",
        "Add `observe: {prometheus: {url: …}}` to the environment.",
        "design of `observe`",
    ),
    "observe-source": Explanation(
        "`observe` must name exactly one source of Applications",
        "The pilot reads Argo CD's Applications from Argo CD's own API (`argocd`) or from the Kubernetes API "
        "(`kubernetes`).",
        "Keep one of the two in `observe`.",
        "Argo CD's documentation, API",
    ),
    "observe-insecure": Explanation(
        "A token would be sent without TLS",
        "The address is http, and the pilot would send a token to it: whoever sees the traffic could use the token.",
        "Use the https address, or leave out `tokenFile` if the server asks for no token.",
        "RFC 6750, The OAuth 2.0 Authorization Framework: Bearer Token Usage, section 5.3",
    ),
    "observe-file": Explanation(
        "A token's or certificate's file cannot be used",
        "The file does not exist where the pilot runs, is readable by everybody, or holds no token.",
        "Mount the Secret where the pilot runs, and let only the pilot read it: mode 0600, or `defaultMode: 0440` for "
        "a mounted Secret.",
        "Kubernetes' documentation, Secrets",
    ),
    "base-moved": Explanation(
        "The branch moved after the pilot looked",
        "Somebody published between the pilot's look and its move. The pilot does not apply a decision to a state "
        "that it has not seen.",
        "There is nothing to do: the pilot looks again and decides from the new state.",
        "design of the pilot",
    ),
    "pilot-checkout": Explanation(
        "The pilot cannot work in this checkout",
        "The pilot moves specs by commits. It needs a branch that has no uncommitted changes and has not diverged "
        "from its remote.",
        "Commit or undo the changes, or give the pilot a clone of its own.",
        "git-push(1)",
    ),
    "pilot-push": Explanation(
        "The repository of the specs did not take the pilot's commit",
        "A rule of the repository, such as a protected branch, keeps the pilot from pushing, or the remote "
        "cannot be reached.",
        "Let the pilot's key push to that branch, or run it with `--via branch`: each move is then a pull request.",
        "git-push(1)",
    ),
    "pilot-packages": Explanation(
        "The pilot's packages are not installed",
        "Only the pilot needs scipy and urllib3. They are large, so they are an extra of the package.",
        "Run `pip install 'shipway[pilot]'`.",
        "design of the pilot",
    ),
    "decision-unrecorded": Explanation(
        "Nothing was recorded for this commit",
        "The pilot records what it saw as a note beside each commit that it makes. A person's commit has no such note.",
        "Choose a commit whose message has the trailer `Shipway-Decision`.",
        "git-notes(1)",
    ),
    "decision-unreadable": Explanation(
        "The record of a decision cannot be read",
        "`shipway why-moved` reads the Git note that the pilot attaches to each of its commits. This note is not what "
        "the pilot writes: another version or another program wrote it.",
        "Run `git show COMMIT`: the trailers of the commit say what was decided and why.",
        "git-notes(1)",
    ),
}
