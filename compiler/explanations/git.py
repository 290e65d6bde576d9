"""Every code that this stage can emit, explained."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_OWNERSHIP = {
    "file-edited": Explanation(
        "A published file was edited by hand",
        "The file no longer has the digest that the index `.shipway` of its folder lists. Publishing would silently "
        "undo "
        "somebody's change.",
        "Make the change in the spec: Shipway accepts an edit that equals what the spec renders. Or undo the edit with "
        "`git revert`.",
        "Shipway's index; lesson of argo-cd#24179",
    ),
    "file-removed": Explanation(
        "A published file was removed by hand",
        "The index `.shipway` lists a file that is missing. Publishing would bring back what somebody removed.",
        "Remove it from the spec too, or restore the file with `git revert`.",
        "Shipway's index",
    ),
    "file-foreign": Explanation(
        "A folder of Shipway contains another file",
        "Argo CD syncs the whole folder of a release. A file that Shipway did not write would be deployed without "
        "checks.",
        "Move the file to another folder with its own Application.",
        "Argo CD `repository.go`: a directory is read recursively",
    ),
    "folder-not-owned": Explanation(
        "Shipway did not write a file or folder that exists there",
        "A file or folder with this name exists, but is not listed in an index `.shipway`. Shipway never changes "
        "such files.",
        "Move it away, rename the release, or publish to another `spec.gitops.path`.",
        "Shipway's design: the published tree",
    ),
    "index-broken": Explanation(
        "An index `.shipway` cannot be read",
        "The file that lists what Shipway wrote is damaged, so Shipway cannot tell its own files from others.",
        "Restore it from the last publish: `git log -- FILE`, `git checkout COMMIT -- FILE`.",
        "Shipway's index, format 1",
    ),
    "argocd-override": Explanation(
        "A file overrides the settings of Argo CD",
        "Argo CD merges `.argocd-source.yaml` and `.argocd-source-<app>.yaml` into the Application's "
        "source. Such a file can change the tool or leave out files.",
        "Remove the file. Settings belong in the Application.",
        "Argo CD `reposerver/repository/repository.go`, mergeSourceParameters",
    ),
    "path-blocked": Explanation(
        "A path is not a folder",
        "A file, a symbolic link or a submodule is in the place of a folder. Shipway never follows links.",
        "Remove it, or choose another path or another name.",
        "Git trees; Argo CD refuses links that leave the repository",
    ),
    "name-case-clash": Explanation(
        "Two names differ only in case",
        "File systems that ignore case store the two as one file, and then always show it as changed.",
        "Rename one of the two.",
        "Git documentation, core.ignoreCase",
    ),
    "folder-unwritable": Explanation(
        "The output folder cannot be written",
        "The operating system refused to read or write below `--out`.",
        "Use a folder that you have permission to write.",
        "operating system",
    ),
}
_PUBLISHING = {
    "publish-empty": Explanation(
        "There is nothing to publish",
        "The environment renders no files, so publishing would remove all its releases.",
        "Check that Shipway reads the right folder. To remove an environment, delete its Applications in Argo CD, then "
        "its folder.",
        "lesson of flux image-automation-controller#161",
    ),
    "publish-older-source": Explanation(
        "The specs are older than what is published",
        "Somebody has published from a newer commit of the specs. Publishing now would undo that.",
        "Update the checkout (`git pull`) and publish again. To go back on purpose, revert the specs, which makes a "
        "newer commit.",
        "compare-and-swap cannot see it; the trailer Shipway-Source can",
    ),
    "publish-source-apart": Explanation(
        "The specs do not contain what is published",
        "What is published comes from a commit that is not in the history of these specs. Somebody published from "
        "another branch, or aborted from another clone. Publishing now would undo what only that commit changed.",
        "Merge that commit, then publish again. To take it back on purpose: `shipway publish --allow "
        "publish-source-apart --reason …`. In CI, fetch the whole history.",
        "an abort in the night must outlive the next unrelated merge",
    ),
    "base-signature": Explanation(
        "What is published was not signed by a trusted key",
        "`argocd.signatureKeys` lets Argo CD sync only commits that were signed with one of these GnuPG keys. The "
        "newest commit of the branch was not signed by any of them: somebody pushed it without a signature or with "
        "another key, or its public key is not on this machine. A publish on top would put your signature on that "
        "commit's content too.",
        "Import the public keys (`gpg --import`). Find out who pushed the commit. If its content is right, push a "
        "signed commit on top of it, or run `shipway publish --allow base-signature --reason …`. The first publish "
        "after you add the keys needs the same.",
        "Argo CD docs/user-guide/gpg-verification.md",
    ),
    "commit-signature": Explanation(
        "Argo CD would not sync the new commit",
        "`argocd.signatureKeys` lists the GnuPG keys that may sign. Git would sign with another key, or with SSH or "
        "X.509, which Argo CD does not verify. If a subkey signs, the list must name the subkey.",
        "Set `user.signingKey` to one of the named keys (with `!` behind it for that very key or subkey), or name "
        "yours in `argocd.signatureKeys`.",
        "Argo CD docs/user-guide/gpg-verification.md, git-config(1) user.signingKey",
    ),
    "signing-failed": Explanation(
        "The commit could not be signed",
        "`commit.gpgSign` or `argocd.signatureKeys` asks for a signature, and the program that signs failed: the "
        "secret key is not on this machine, or waits for a passphrase. Without `user.signingKey`, the first of the "
        "named keys signs or, where none is named, a key of the committer's name and address.",
        "Import the secret key, and set `user.signingKey`.",
        "git-commit-tree(1) -S",
    ),
    "publish-contended": Explanation(
        "Other pushes were always faster",
        "At each attempt somebody else pushed to the branch first. Each time Shipway started again from their commit.",
        "Run the same command again.",
        "git push --force-with-lease",
    ),
    "publish-not-found": Explanation(
        "The repository accepted the push but does not show it",
        "The push succeeded, but the branch contains neither the commit nor a later one based on it.",
        "Look for a hook or a mirror that rewrites the branch.",
        "Shipway reads back what it wrote",
    ),
    "push-unanswered": Explanation(
        "It is unknown whether the push arrived",
        "The connection broke during the push, and the repository could not be read afterwards. The branch holds "
        "either the old state or the new one, never a part of it.",
        "Run the same command again: it starts from what the branch holds then.",
        "git push: the ref moves at once or not at all",
    ),
    "repository-locked": Explanation(
        "The branch is locked",
        "A push holds a file `BRANCH.lock` in the repository while it works. At each attempt it was there: a push "
        "that was killed has left it.",
        "Make sure that nobody is pushing, then remove the file that the message names.",
        "git refs/files-backend: Unable to create '….lock': File exists",
    ),
    "repository-unwritable": Explanation(
        "The repository cannot store the commit",
        "The disk of the server is full or read-only, or the server takes no push of this size. The branch is as "
        "it was.",
        "Make room or make it writable, then publish again.",
        "git-receive-pack: unpacker error",
    ),
    "push-declined": Explanation(
        "The repository declined the push",
        "The server forbids the push: the branch is protected, a hook refused it, or a permission is missing. "
        "Another try "
        "would not help.",
        "Allow this machine's key or token to push to the branch, or publish to another branch and merge it.",
        "git-receive-pack: pre-receive hook declined, protected branch",
    ),
    "tree-not-as-planned": Explanation(
        "Git did not write the planned tree",
        "Before a push, Shipway compares the new commit with the plan, path by path. They differed, so nothing was "
        "pushed.",
        "This should not happen. Report it, with the path that the message names.",
        "git fast-import accepts some paths that other commands drop",
    ),
    "branch-checked-out": Explanation(
        "The branch is checked out in a work tree",
        "A push does not update the files of a work tree, so the next commit there would undo the publish.",
        "Publish to a separate branch (by default `shipway/<environment>`), or to a bare repository.",
        "git config receive.denyCurrentBranch",
    ),
    "branch-name-taken": Explanation(
        "The branch name conflicts with another branch",
        "Git stores branches as paths. If a branch `a` exists, a branch `a/b` cannot exist.",
        "Use another `spec.gitops.branch`, or rename the other branch.",
        "git check-ref-format",
    ),
    "confirmed-unknown": Explanation(
        "The commit to confirm is not on the published branch",
        "Only a published commit can be confirmed as synced.",
        "Use a commit that `shipway history` shows.",
        "refs/shipway/confirmed/<environment>",
    ),
    "application-name-clash": Explanation(
        "Two Argo CD Applications would have the same name",
        "Applications are called `<environment>-<release>`; `<environment>-root` and "
        "`<environment>-environment` are taken.",
        "Rename the release or the group.",
        "Argo CD: one namespace holds all Applications",
    ),
}
_REPOSITORIES = {
    "repository-url": Explanation(
        "The repository's address is not usable",
        "Shipway publishes over https or ssh, or to a path on this machine. It refuses addresses that Git could read "
        "as an "
        "option or a helper program.",
        "Write https://host/path, ssh://git@host/path, git@host:path, file:///path or a path.",
        "git protocol.allow; advisories on option-like URLs",
    ),
    "repository-password": Explanation(
        "The spec contains a password",
        "The repository's address contains a password or a token. The spec is in Git, so everybody who can read it has "
        "the password, even after you remove it.",
        "Remove it and revoke it. Give this machine a deploy key, or a token in a Git credential helper.",
        "git-credential",
    ),
    "branch-name": Explanation(
        "The branch's name is not valid",
        "Git would refuse the name, or read it as an option.",
        "Use a name that `git branch` accepts.",
        "git check-ref-format --branch",
    ),
    "publish-path": Explanation(
        "The path in the repository is not usable",
        "`spec.gitops.path` leaves the repository, contains names that Git reserves, or contains characters "
        "that some file systems refuse.",
        "Use a path such as `prod` or `clusters/eu/prod`.",
        "Git tree checks; git fast-import",
    ),
    "environment-name": Explanation(
        "The environment's name is not usable",
        "The name becomes part of refs, paths and object names.",
        "Use lowercase letters, digits and `-`.",
        "DNS-1123",
    ),
    "repository-missing": Explanation(
        "There is no such repository",
        "There is no Git repository at this address, or this machine may not see it.",
        "Create the repository, or correct `spec.gitops.repository`.",
        "git-ls-remote",
    ),
    "repository-unauthorised": Explanation(
        "The repository refused the credential",
        "Git has no credential for the repository, or the credential lacks a permission.",
        "Give this machine a deploy key, or a token in a Git credential helper. Never write it into the spec.",
        "git-credential",
    ),
    "repository-unreachable": Explanation(
        "The repository cannot be reached",
        "The name did not resolve, or the connection failed or timed out. Nothing was written.",
        "Check the address and the network, then run the command again.",
        "git transports",
    ),
    "repository-untrusted": Explanation(
        "The repository belongs to another user",
        "Git does not read another user's repository by default, because its settings can start programs.",
        "If you trust the owner, run `git config --global --add safe.directory PATH`.",
        "git config safe.directory",
    ),
    "revision-unknown": Explanation(
        "There is no such revision",
        "The repository has no commit with this name, or this shallow clone does not contain it.",
        "Name a branch, a tag or a commit. In a shallow clone, fetch it first.",
        "gitrevisions",
    ),
    "path-missing": Explanation(
        "The revision has no such path",
        "The commit has nothing at this path.",
        "Check the path. It is relative to the top of the repository.",
        "git-ls-tree",
    ),
    "tree-too-large": Explanation(
        "The folder contains too much",
        "Shipway reads all files below the path. There are more than 200,000 files or 512 MiB. Often the path also "
        "contains other things than manifests.",
        "Publish to a path that contains only manifests. If the environment itself is this large, divide it into "
        "several environments.",
        "Argo CD limits an Application to 10 MB of manifests",
    ),
    "source-unreadable": Explanation(
        "The repository of the specs cannot be read",
        "Git's own files are damaged or cannot be read.",
        "Run `git status` and `git fsck` in that folder to see the reason.",
        "git-status",
    ),
    "git-missing": Explanation(
        "Git is not installed",
        "The program `git` is missing or cannot be started.",
        "Install Git 2.34 or newer and put it on PATH.",
        "PATH",
    ),
    "git-failed": Explanation(
        "Git failed for an unknown reason",
        "A command of Git failed, and Shipway does not know this failure. The message shows the last output of Git, "
        "without credentials.",
        "Read what Git says, remove the cause, and run the command again.",
        "git",
    ),
}
CODES: dict[str, Explanation] = {**_OWNERSHIP, **_PUBLISHING, **_REPOSITORIES}
