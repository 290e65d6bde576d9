"""What a decision rested on, beside the commit that it made: a note in the repository that Argo CD reads.

`refs/notes/shipway/decisions` is an ordinary notes ref (git-notes(1)); the branch itself grows by nothing.
"""

from __future__ import annotations

from typing import Final

from compiler.diagnostics.refusals import rejection
from compiler.git.clone import REMOTE, Clone
from compiler.git.git import GitError, network_seconds
from compiler.git.push import Conflict, push

NOTES_REF: Final = "refs/notes/shipway/decisions"
ATTEMPTS: Final = 5


def write_note(clone: Clone, commit: str, text: str) -> bool:
    """Adds the note; False where others were faster at each attempt. Raises Rejected where the remote declines."""
    for _ in range(ATTEMPTS):
        base = fetch_notes(clone)
        clone.git.run(
            "notes",
            f"--ref={NOTES_REF}",
            "add",
            "--force",
            "-F",
            "-",
            commit,
            stdin=text.encode(),
            environment=NOTE_AUTHOR,
        )
        head = clone.git.text("rev-parse", NOTES_REF)
        if not isinstance(push(clone, NOTES_REF, head, base), Conflict):
            return True
    return False


def read_note(clone: Clone, commit: str) -> str:
    """The note of a commit. Raises Rejected where it has none."""
    if fetch_notes(clone) is not None:
        try:
            return clone.git.text("notes", f"--ref={NOTES_REF}", "show", commit)
        except GitError as failure:
            if "no note found" not in failure.stderr:
                raise
    message = f"nothing is recorded for {commit[:12]}: the pilot did not make this commit"
    raise rejection("decision-unrecorded", message, "`shipway history` shows which commits the pilot made")


def fetch_notes(clone: Clone) -> str | None:
    """The newest commit of the notes, fetched; None where there are none yet."""
    base = clone.remote_refs(NOTES_REF).get(NOTES_REF)
    if base is not None:
        clone.git.run(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", REMOTE, f"+{NOTES_REF}:{NOTES_REF}",
            seconds=network_seconds(),
        )  # fmt: skip
    return base


NOTE_AUTHOR: Final = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "Shipway"), ("EMAIL", "shipway@localhost"))
}
