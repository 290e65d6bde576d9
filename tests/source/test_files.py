"""Whatever a path leads to, the answer is the file or a located refusal, and it comes at once."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from compiler.diagnostics import Loc, Rejected
from compiler.explanations.source import CODES
from compiler.source import load_spec, read_data

HERE = Loc("prod/r.yaml", 7, 3)


def code_of(root: Path, file: str) -> str:
    with pytest.raises(Rejected) as caught:
        load_spec(root, file)
    (finding,) = caught.value.diagnostics
    assert finding.code in CODES
    assert finding.loc is not None
    return finding.code


def test_a_folder_a_pipe_a_socket_and_a_device_are_not_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "null").symlink_to(os.devnull)
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.yaml")
        assert code_of(tmp_path, "socket.yaml") == "file-not-regular"
    assert code_of(tmp_path, "folder.yaml") == "file-not-regular"
    assert code_of(tmp_path, "pipe.yaml") == "file-not-regular"
    assert code_of(tmp_path, "null") == "file-outside"
    assert code_of(Path("/"), "dev/null") == "file-not-regular"


def test_a_pipe_that_replaces_the_file_after_the_first_look_does_not_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file.yaml").write_text("a: 1\n")
    os.mkfifo(tmp_path / "pipe.yaml")
    regular = os.lstat(tmp_path / "file.yaml")
    monkeypatch.setattr("compiler.source.files.os.lstat", lambda _: regular)
    monkeypatch.setattr("compiler.source.files.os.path.realpath", str)
    assert code_of(tmp_path, "pipe.yaml") == "file-not-regular"


def test_missing_unreadable_and_impossible_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("a: 1\n")
    (tmp_path / "loop").symlink_to("loop")
    assert code_of(tmp_path, "none.yaml") == "file-missing"
    assert code_of(tmp_path, "file/below.yaml") == "file-missing"
    assert code_of(tmp_path, "x" * 5000) == "file-unreadable"
    assert code_of(tmp_path, "loop") in {"file-unreadable", "file-not-regular"}
    assert code_of(tmp_path, "a\0b") == "file-unreadable"

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("compiler.source.files.os.open", refuse)
    assert code_of(tmp_path, "file") == "file-unreadable"


def test_a_link_may_lead_inside_but_not_outside(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("a: 1\n")
    (root / "real.yaml").write_text("a: 1\n")
    (root / "sub/inside.yaml").symlink_to("../real.yaml")
    (root / "outside.yaml").symlink_to("../secret.yaml")
    (root / "up").symlink_to("..")
    assert load_spec(root, "sub/inside.yaml").data == {"a": 1}
    assert code_of(root, "outside.yaml") == "file-outside"
    assert code_of(root, "up/secret.yaml") == "file-outside"
    assert code_of(root, "../secret.yaml") == "file-outside"


def test_a_sibling_folder_with_the_same_beginning_is_outside(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root-other").mkdir()
    (tmp_path / "root-other/r.yaml").write_text("a: 1\n")
    assert code_of(tmp_path / "root", "../root-other/r.yaml") == "file-outside"


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"a: 1\nb: \xff\n", 2, 4),
        ("é: ".encode() + b"\xc3\n", 1, 4),
        ("a: 1\n".encode("utf-16"), 1, 1),
        (b"a: \xed\xa0\x80\n", 1, 4),
    ],
)
def test_bytes_that_are_no_utf8_are_located(tmp_path: Path, content: bytes, line: int, column: int) -> None:
    (tmp_path / "r.yaml").write_bytes(content)
    with pytest.raises(Rejected) as caught:
        load_spec(tmp_path, "r.yaml")
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.loc) == ("yaml-encoding", Loc("r.yaml", line, column))


def test_what_git_crypt_encrypted_is_named(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_bytes(b"\0GITCRYPT\0\xaa\xbb")
    with pytest.raises(Rejected) as caught:
        load_spec(tmp_path, "r.yaml")
    (finding,) = caught.value.diagnostics
    assert (finding.message, finding.loc) == ("the file is encrypted with git-crypt", Loc("r.yaml", 1, 1))


def test_a_large_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "r.yaml").open("wb") as stream:
        stream.truncate(1 << 40)
    assert code_of(tmp_path, "r.yaml") == "yaml-too-large"


def test_data_files_are_named_relative_to_the_spec(tmp_path: Path) -> None:
    (tmp_path / "prod/config").mkdir(parents=True)
    (tmp_path / "prod/config/app.bin").write_bytes(b"\xff\x00")
    (tmp_path / "shared.txt").write_bytes(b"x")
    assert read_data(tmp_path, "config/app.bin", HERE) == b"\xff\x00"
    assert read_data(tmp_path, "../shared.txt", HERE) == b"x"


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("../../etc/passwd", "file-outside"),
        ("/etc/passwd", "file-outside"),
        ("", "file-outside"),
        ("a\0b", "file-outside"),
        ("none", "file-missing"),
        (".", "file-not-regular"),
    ],
)
def test_data_files_are_refused_at_the_line_that_names_them(tmp_path: Path, named: str, code: str) -> None:
    (tmp_path / "prod").mkdir()
    with pytest.raises(Rejected) as caught:
        read_data(tmp_path, named, HERE)
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.loc) == (code, HERE)


@pytest.mark.parametrize("named", ["../.git/config", "../.GIT/config", "token"])
def test_nothing_is_read_from_gits_own_folder(tmp_path: Path, named: str) -> None:
    for folder in (".git", ".GIT", "prod"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "config").write_text("token")
    (tmp_path / "prod/token").symlink_to("../.git/config")
    with pytest.raises(Rejected) as caught:
        read_data(tmp_path, named, HERE)
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.loc) == ("file-of-git", HERE)


def test_a_data_file_that_is_too_large_is_reported_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "prod").mkdir()
    with (tmp_path / "prod/large").open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(Rejected) as caught:
        read_data(tmp_path, "large", HERE)
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.loc) == ("yaml-too-large", HERE)
    assert finding.message == "'prod/large' is larger than 1,024 KiB"


@pytest.mark.parametrize(
    ("named", "message", "fix"),
    [
        ("", "the path is empty", "relative to this file"),
        ("..\\bases\\web.yaml", "does not exist", "write `/` between folders"),
    ],
)
def test_paths_as_other_systems_write_them(tmp_path: Path, named: str, message: str, fix: str) -> None:
    (tmp_path / "prod").mkdir()
    with pytest.raises(Rejected) as caught:
        read_data(tmp_path, named, HERE)
    assert message in caught.value.diagnostics[0].message
    assert fix in caught.value.diagnostics[0].help
