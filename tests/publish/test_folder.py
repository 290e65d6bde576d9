"""`build --out`: what is written, kept, removed and refused, and what an interruption leaves."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from compiler.diagnostics.model import Rejected
from compiler.publish import output_folder as module
from compiler.publish.output_folder import WriteResult, write_folder
from compiler.tree.index import with_index
from tests.git.helpers import release


def held(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def readme(text: str) -> dict[str, bytes]:
    return with_index({"README.md": text.encode()}, "0.1.0", "sha256:0")


def refused_codes(out: Path, files: dict[str, bytes]) -> list[str]:
    with pytest.raises(Rejected) as refused:
        write_folder(out, files)
    return [d.code for d in refused.value.diagnostics]


def test_a_build_writes_only_what_differs(tmp_path: Path) -> None:
    out = tmp_path / "out" / "prod"
    files = {**release("web"), **release("api"), **readme("hello")}
    assert write_folder(out, files) == WriteResult(tuple(sorted(files)), (), 0)
    assert held(out) == files
    times = {p: p.stat().st_mtime_ns for p in out.rglob("*") if p.is_file()}
    assert write_folder(out, files) == WriteResult((), (), len(files))
    outcome = write_folder(out, {**files, **release("web", replicas=9)})
    assert set(outcome.written) == release("web").keys()
    assert all(p.stat().st_mtime_ns == t for p, t in times.items() if p.parent.name != "web")


def test_a_build_removes_only_what_an_index_names(tmp_path: Path) -> None:
    write_folder(tmp_path, {**release("web"), **release("api"), **readme("hello")})
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/x.yaml").write_text("mine")
    outcome = write_folder(tmp_path, release("web", objects=1))
    assert set(outcome.removed) == {
        ".shipway",
        "README.md",
        "web/deployment-web-1.yaml",
        "api/.shipway",
        "api/deployment-api-0.yaml",
        "api/deployment-api-1.yaml",
    }
    assert held(tmp_path) == {**release("web", objects=1), "mine.txt": b"mine", "notes/x.yaml": b"mine"}
    assert not (tmp_path / "api").exists()


def test_a_kept_folder_stays(tmp_path: Path) -> None:
    write_folder(tmp_path, {**release("web"), **release("api")})
    assert write_folder(tmp_path, release("web"), keep=frozenset({"api"})).removed == ()
    assert (tmp_path / "api/.shipway").is_file()


def test_what_somebody_else_did_is_refused_and_stays(tmp_path: Path) -> None:
    write_folder(tmp_path, {**release("web"), **release("api"), **readme("hello")})
    (tmp_path / "web/deployment-web-0.yaml").write_text("mine")
    (tmp_path / "web/deployment-web-1.yaml").unlink()
    (tmp_path / "web/extra.yaml").write_text("mine")
    (tmp_path / "README.md").write_text("mine")
    before = held(tmp_path)
    codes = refused_codes(tmp_path, {**release("web", replicas=5), **readme("new")})
    assert codes == ["file-edited", "file-edited", "file-removed", "file-foreign"]
    assert held(tmp_path) == before


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web/x.yaml").write_text("mine")
    (tmp_path / "README.md").write_text("mine")
    assert refused_codes(tmp_path, {**release("web"), **readme("hello")}) == ["folder-not-owned"] * 2


def test_links_are_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write_folder(outside, release("web"))
    before = held(outside)
    out = tmp_path / "out"
    out.mkdir()
    (out / "web").symlink_to(outside / "web")
    assert refused_codes(out, release("web", replicas=9)) == ["path-blocked"]
    (out / "web").unlink()
    write_folder(out, release("web"))
    (out / "web/deployment-web-0.yaml").unlink()
    (out / "web/deployment-web-0.yaml").symlink_to(outside / "web/deployment-web-0.yaml")
    assert refused_codes(out, release("web", replicas=9)) == ["file-edited"]
    (tmp_path / "link").symlink_to(out)
    assert refused_codes(tmp_path / "link", release("web")) == ["path-blocked"]
    assert held(outside) == before


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    write_folder(tmp_path, release("web"))
    os.mkfifo(tmp_path / "web/pipe.yaml")
    assert refused_codes(tmp_path, release("web", replicas=9)) == ["file-foreign"]


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert refused_codes(tmp_path / "file", release("web")) == ["folder-unwritable"]
    assert refused_codes(tmp_path / "file/below", release("web")) == ["folder-unwritable"]


def test_a_new_folder_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, files = module._write_all, {**release("web", objects=3), **release("api")}
    done: list[int] = []

    def write(fd: int, data: bytes) -> None:
        real(fd, data)
        done.append(fd)
        if len(done) == 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "_write_all", write)
        with pytest.raises(KeyboardInterrupt):
            write_folder(tmp_path / "out", files)
    assert list(tmp_path.iterdir()) == []
    write_folder(tmp_path / "out", files)
    assert held(tmp_path / "out") == files
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("steps", range(12))
def test_a_build_ended_at_any_step_is_taken_up_by_the_next_even_of_other_specs(
    tmp_path: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path, {**release("web", objects=3), **release("old")})
    real_put, real_unlink = module._write_file_at, os.unlink
    done: list[int] = []

    def counted() -> None:
        if len(done) == steps:
            raise KeyboardInterrupt
        done.append(1)

    def put(fd: int, name: str, data: bytes) -> None:
        counted()
        real_put(fd, name, data)

    def unlink(path: str, *, dir_fd: int | None = None) -> None:
        counted()
        real_unlink(path, dir_fd=dir_fd)

    with monkeypatch.context() as patched:
        patched.setattr(module, "_write_file_at", put)
        patched.setattr(os, "unlink", unlink)
        with pytest.raises(KeyboardInterrupt):
            write_folder(tmp_path, {**release("web", replicas=7, objects=2), **release("new")})
    (tmp_path / "web/.shipway-new-0123").write_text("half")
    third = {**release("web", replicas=8, objects=4), **release("new", replicas=2)}
    write_folder(tmp_path, third)
    assert held(tmp_path) == third


def test_an_edit_after_an_interruption_is_still_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(tmp_path, release("web"))
    with monkeypatch.context() as patched:
        patched.setattr(module, "_remove_temporary_files", lambda fd: None)
        patched.setattr(os, "replace", _failing_after(os.replace, 2))
        with pytest.raises(KeyboardInterrupt):
            write_folder(tmp_path, release("web", replicas=7))
    (tmp_path / "web/deployment-web-0.yaml").write_text("mine")
    assert refused_codes(tmp_path, release("web", replicas=7)) == ["file-edited"]


def _failing_after(real: Callable[..., None], count: int) -> Callable[..., None]:
    done: list[int] = []

    def replace(*arguments: object, **options: object) -> None:
        if len(done) == count:
            raise KeyboardInterrupt
        done.append(1)
        real(*arguments, **options)

    return replace
