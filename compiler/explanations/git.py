"""Every code that this stage can emit, explained."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_OWNERSHIP = {
    "file-edited": Explanation(
        "A published file was edited by hand",
        "A file that Shipway wrote no longer has the digest that the index `.shipway` of its folder gives. "
        "Publishing would undo somebody's change without a word.",
        "Carry the change into the spec: an edit that the spec renders to, byte for byte, is accepted. Or undo it with "
        "`git revert`.",
        "Shipway's index; lesson of argo-cd#24179",
    ),
    "file-removed": Explanation(
        "A published file was removed by hand",
        "The index `.shipway` names a file that is gone. Writing it again would bring back what somebody removed.",
        "Remove it from the spec too, or restore it with `git revert`.",
        "Shipway's index",
    ),
    "file-foreign": Explanation(
        "A file of somebody else is in a folder of Shipway",
        "Argo CD syncs the whole folder of a release, so a file that Shipway did not write would be part of"
        " the release, unchecked.",
        "Move the file to a folder of its own with an Application of its own.",
        "Argo CD `repository.go`: a directory is read recursively",
    ),
    "folder-not-owned": Explanation(
        "A folder or file to be written exists and is not Shipway's",
        "There is something of that name without an index `.shipway`. What is not in an index is never touched.",
        "Move it away, or rename the release, or publish to another `spec.gitops.path`.",
        "Shipway's design: the published tree",
    ),
    "index-broken": Explanation(
        "An index `.shipway` cannot be read",
        "The file that lists what Shipway wrote is damaged, so it cannot tell its own files from those of others.",
        "Restore it from the last publish: `git log -- FILE`, `git checkout COMMIT -- FILE`.",
        "Shipway's index, format 1",
    ),
    "argocd-override": Explanation(
        "A file changes what Argo CD reads from here",
        "Argo CD merges `.argocd-source.yaml` and `.argocd-source-<app>.yaml` into the Application's "
        "source: whoever writes one can change the tool or leave files out.",
        "Remove the file; settings belong into the Application.",
        "Argo CD `reposerver/repository/repository.go`, mergeSourceParameters",
    ),
    "path-blocked": Explanation(
        "A path is no folder where a folder has to be",
        "A file, a symbolic link or a submodule stands where Shipway has to write a folder. Links are never followed.",
        "Remove it, or choose another path or another name.",
        "Git trees; Argo CD refuses links that leave the repository",
    ),
    "name-case-clash": Explanation(
        "Two names differ in case only",
        "File systems that ignore case take the two for one file, and then show it as changed for ever.",
        "Rename one of the two.",
        "Git documentation, core.ignoreCase",
    ),
    "folder-unwritable": Explanation(
        "The output folder cannot be written",
        "The system refused to read or write below `--out`.",
        "Choose a folder that you may write to.",
        "operating system",
    ),
}
_PUBLISHING = {
    "publish-empty": Explanation(
        "Nothing to publish at all",
        "The environment has no file, so that publishing would remove every release of it.",
        "Check that the folder of the specs is the right one. To retire an environment, delete its "
        "Applications in Argo CD, then its folder.",
        "lesson of flux image-automation-controller#161",
    ),
    "publish-older-source": Explanation(
        "The specs are older than what is published",
        "Somebody published from a newer commit of the specs while this run worked. Publishing now would undo it.",
        "Update the checkout (`git pull`) and publish again. To go back on purpose, revert the specs: that "
        "is a newer commit.",
        "compare-and-swap cannot see it; the trailer Shipway-Source can",
    ),
    "publish-contended": Explanation(
        "Others kept moving the branch",
        "At each attempt somebody else pushed to the branch first; each time the next state was computed "
        "anew on theirs.",
        "Run the same command again.",
        "git push --force-with-lease",
    ),
    "publish-not-found": Explanation(
        "The repository took the push but does not show it",
        "After a push that succeeded, the branch holds neither the commit nor one on top of it.",
        "Look for a hook or a mirror that rewrites the branch.",
        "Shipway reads back what it wrote",
    ),
    "push-declined": Explanation(
        "The repository declined the push",
        "A rule of the server (a protected branch, a hook, missing rights) forbids it; trying again would "
        "not change that.",
        "Allow this machine's key or token to push to the branch, or publish to another branch and merge it.",
        "git-receive-pack: pre-receive hook declined, protected branch",
    ),
    "tree-not-as-planned": Explanation(
        "Git wrote another tree than planned",
        "Before a push, the new commit is compared with the plan, path by path. It differed; nothing was pushed.",
        "Report it with the path: it should not happen.",
        "git fast-import accepts some paths that other commands drop",
    ),
    "branch-checked-out": Explanation(
        "The branch is checked out in a work tree",
        "Pushing to a branch that somebody works on leaves their files behind; their next commit would undo"
        " the publish.",
        "Publish to a branch of its own (by default `shipway/<environment>`), or to a bare repository.",
        "git config receive.denyCurrentBranch",
    ),
    "branch-name-taken": Explanation(
        "The branch's name is part of another's, or the other way round",
        "Git keeps branches as paths: with a branch `a` there can be no branch `a/b`.",
        "Choose another `spec.gitops.branch`, or rename the other.",
        "git check-ref-format",
    ),
    "confirmed-unknown": Explanation(
        "The commit to confirm is not on the published branch",
        "Only a commit that was published can be known as synced.",
        "Name a commit that `shipway history` shows.",
        "refs/shipway/confirmed/<environment>",
    ),
    "application-name-clash": Explanation(
        "Two Argo CD Applications would have one name",
        "Applications are called `<environment>-<release>`; `<environment>-root` and "
        "`<environment>-environment` are taken.",
        "Rename the release or the group.",
        "Argo CD: one namespace holds all Applications",
    ),
}
_REPOSITORIES = {
    "repository-url": Explanation(
        "The repository's address is not usable",
        "Shipway publishes over https, ssh or to a path of this machine, and to nothing that Git could take"
        " for an option or a helper program.",
        "Write https://host/path, ssh://git@host/path, git@host:path, file:///path or a path.",
        "git protocol.allow; advisories on option-like URLs",
    ),
    "repository-password": Explanation(
        "A password stands in the spec",
        "The repository's address has a password or a token. The spec is in Git, where all who read it have it, also "
        "after it was taken out again.",
        "Take it out and revoke it. Give this machine a deploy key, or a token in a Git credential helper.",
        "git-credential",
    ),
    "branch-name": Explanation(
        "The branch's name is not valid",
        "Git would refuse the name, or take it for an option.",
        "Name it as `git branch` would take it.",
        "git check-ref-format --branch",
    ),
    "publish-path": Explanation(
        "The path in the repository is not usable",
        "The path leaves the repository, has parts that Git reads itself, or characters that some file systems refuse.",
        "Use a path such as `prod` or `clusters/eu/prod`.",
        "Git tree checks; facts on fast-import",
    ),
    "environment-name": Explanation(
        "The environment's name is not usable",
        "The name becomes part of refs, paths and object names.",
        "Use lower-case letters, digits and `-`.",
        "DNS-1123",
    ),
    "repository-missing": Explanation(
        "There is no such repository",
        "The address leads to no Git repository, or to one that this machine may not see.",
        "Create it, or mend `spec.gitops.repository`.",
        "git-ls-remote",
    ),
    "repository-unauthorised": Explanation(
        "The repository refused the credential",
        "No credential was found, or it does not suffice.",
        "Give this machine a deploy key, or a token in a Git credential helper. Never write it into the spec.",
        "git-credential",
    ),
    "repository-unreachable": Explanation(
        "The repository cannot be reached",
        "The address did not resolve, or the connection failed or took too long. Nothing was written.",
        "Check address and network, and run the same command again.",
        "git transports",
    ),
    "repository-untrusted": Explanation(
        "The repository belongs to another user",
        "Git reads no repository of another user unless told, for its settings can start programs.",
        "`git config --global --add safe.directory PATH`, if you trust the owner.",
        "git config safe.directory",
    ),
    "revision-unknown": Explanation(
        "There is no such revision",
        "The word names no commit of the repository, or one that a shallow clone does not hold.",
        "Name a branch, a tag or a commit; in a shallow clone, fetch it first.",
        "gitrevisions",
    ),
    "path-missing": Explanation(
        "The revision has no such path",
        "The commit holds nothing at that path.",
        "Check the path: it counts from the top of the repository.",
        "git-ls-tree",
    ),
    "tree-too-large": Explanation(
        "The folder holds too much",
        "More than 200,000 files or 512 MiB are below the path: it is not a tree of manifests.",
        "Publish to a path of its own.",
        "Argo CD limits an Application to 10 MB of manifests",
    ),
    "source-unreadable": Explanation(
        "The repository of the specs cannot be read",
        "Git's own files there are damaged or not readable.",
        "See what `git status` and `git fsck` say there.",
        "git-status",
    ),
    "git-missing": Explanation(
        "Git is not installed",
        "The program `git` was not found or cannot be started.",
        "Install Git 2.34 or newer and put it on PATH.",
        "PATH",
    ),
    "git-failed": Explanation(
        "Git failed for a reason that Shipway does not know",
        "The message has Git's own last words, without credentials.",
        "See what Git says; the same command may work when run again.",
        "git",
    ),
}
CODES: dict[str, Explanation] = {**_OWNERSHIP, **_PUBLISHING, **_REPOSITORIES}
