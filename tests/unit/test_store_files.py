"""Files are written whole or not at all, and only their owner reads what is private."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedback.errors import StoreUnavailable
from feedback.store.files import is_private, read_file, read_json, write_file, write_json


@pytest.fixture
def folder_of_root() -> Iterator[Path]:
    """A folder that an ordinary person may look into but not write to."""
    folder = Path(tempfile.mkdtemp())
    (folder / "kept").write_bytes(b"old")
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_file_is_written_and_read(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"\x00one\r\n")
    assert read_file(tmp_path / "a") == b"\x00one\r\n"


def test_a_file_is_replaced_and_nothing_else_stays(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"old")
    write_file(tmp_path / "a", b"new")
    assert read_file(tmp_path / "a") == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_reader_who_had_it_open_still_reads_the_old_file(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"old")
    with (tmp_path / "a").open("rb") as reader:
        write_file(tmp_path / "a", b"new")
        assert reader.read() == b"old"


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o400])
def test_a_file_has_the_mode_that_was_asked(tmp_path: Path, mode: int) -> None:
    mask = os.umask(0o077)
    try:
        write_file(tmp_path / "a", b"", mode=mode)
    finally:
        os.umask(mask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == mode


def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"old")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, resource.RLIM_INFINITY))
    try:
        with pytest.raises(StoreUnavailable, match="disk is full") as refused:
            write_file(tmp_path / "a", bytes(1 << 17))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    assert str(tmp_path / "a") in str(refused.value)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_disk_that_fails_at_the_last_moment_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    write_file(tmp_path / "a", b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StoreUnavailable, match="error of its disk"):
        write_file(tmp_path / "a", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_folder_that_may_not_be_written_is_named(folder_of_root: Path) -> None:
    with pytest.raises(StoreUnavailable, match="permissions") as refused:
        write_file(folder_of_root / "kept", b"new")
    assert str(folder_of_root / "kept") in str(refused.value)
    assert read_file(folder_of_root / "kept") == b"old"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be found") as refused:
        read_file(tmp_path / "plan.json")
    assert str(tmp_path / "plan.json") in str(refused.value)


def test_a_folder_is_not_read_as_a_file(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="Check the path"):
        read_file(tmp_path)


def test_json_keeps_its_order_and_every_language(tmp_path: Path) -> None:
    value = {"number": 7, "asked": ["¿Qué cambió?", "ကူညီပါ"], "base": None}
    write_json(tmp_path / "a.json", value)
    assert read_json(tmp_path / "a.json") == value
    text = (tmp_path / "a.json").read_text("utf-8")
    assert text.startswith('{\n  "number": 7,\n')
    assert "¿Qué cambió?" in text
    assert text.endswith("}\n")


@pytest.mark.parametrize("content", [b"", b'{"number": ', b"\xff\xfe{}", b"\x80"])
def test_json_that_is_damaged_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(StoreUnavailable, match="is damaged") as refused:
        read_json(tmp_path / "a.json")
    assert str(tmp_path / "a.json") in str(refused.value)


def test_numbers_that_json_has_not_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Out of range"):
        write_json(tmp_path / "a.json", {"share": float("nan")})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("mode", "private"), [(0o600, True), (0o400, True), (0o640, False), (0o604, False)]
)
def test_a_private_file_is_its_owners_alone(tmp_path: Path, mode: int, private: bool) -> None:
    write_file(tmp_path / "passphrases", b"", mode=mode)
    assert is_private(tmp_path / "passphrases") is private


def test_a_missing_file_is_not_private(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be found"):
        is_private(tmp_path / "passphrases")
