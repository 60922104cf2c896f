"""Zips: the same bytes of the same files, and nothing believed of those that others made."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbook.files import archive
from openbook.files.archive import ArchiveError, files_of, parse_sums, sums, zipped

FILES = {"b/two.txt": b"two", "a.txt": b"", ".zenodo.json": b"{}"}

names = st.from_regex(r"[a-z]{1,5}(/[a-z.]{1,5}[a-z])?", fullmatch=True)


@given(st.dictionaries(names, st.binary(max_size=50), min_size=1), st.randoms())
def test_the_order_of_files_changes_nothing(files: dict[str, bytes], random) -> None:  # type: ignore[no-untyped-def]
    other = list(files.items())
    random.shuffle(other)
    assert zipped(dict(other), "top") == zipped(files, "top")
    assert sums(dict(other)) == sums(files)


def test_what_is_zipped_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "one.zip"
    path.write_bytes(zipped(FILES, "top"))
    assert dict(files_of(path)) == FILES
    assert set(parse_sums(sums(FILES))) == set(FILES)
    with zipfile.ZipFile(path) as read:
        assert {one.external_attr >> 16 for one in read.infolist()} == {stat.S_IFREG | 0o644}


def test_a_folder_is_read_as_its_zip(tmp_path: Path) -> None:
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert dict(files_of(tmp_path)) == FILES


def made(*members: tuple[str, bytes], mode: int = 0, method: int = zipfile.ZIP_STORED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as written:
        for name, content in members:
            one = zipfile.ZipInfo("placeholder")
            one.filename = name
            one.compress_type = method
            one.external_attr = mode << 16
            written.writestr(one, content)
    return data.getvalue()


OUT = b"outside"
HOSTILE = {
    "parent": made(("top/../../x", OUT)),
    "absolute": made(("/etc/x", OUT)),
    "backslash": made(("top/..\\x", OUT)),
    "drive": made(("C:/x", OUT)),
    "no folder": made(("x", OUT)),
    "two folders": made(("a/x", OUT), ("b/x", OUT)),
    "empty part": made(("top//x", OUT)),
    "twice": made(("top/x", OUT), ("top/X", OUT)),
    "control": made(("top/x\x1b[2J", OUT)),
    "link": made(("top/x", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777),
    "device": made(("top/x", b""), mode=stat.S_IFCHR | 0o600),
    "lzma": made(("top/x", OUT), method=zipfile.ZIP_LZMA),
    "no zip": b"PK\x03\x04 and then nothing",
    "cut short": zipped(FILES, "top")[:-30],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    path = tmp_path / "in" / "one.zip"
    path.parent.mkdir()
    path.write_bytes(HOSTILE[name])
    with pytest.raises(ArchiveError):
        list(files_of(path))
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["one.zip"]


def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.zip"
    many = [(f"top/{number}", b"\0" * (1 << 20)) for number in range(40)]
    path.write_bytes(made(*many, method=zipfile.ZIP_DEFLATED))
    assert path.stat().st_size < 1 << 16
    monkeypatch.setattr(archive, "MAX_ALL", 20 << 20)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(ArchiveError, match="unpacks to"):
        list(files_of(path))


def test_a_file_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    data = bytearray(made(("top/x", b"\0" * 100_000), method=zipfile.ZIP_DEFLATED))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    path = tmp_path / "one.zip"
    path.write_bytes(data)
    with pytest.raises(ArchiveError):
        list(files_of(path))


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILES", 2)
    path = tmp_path / "one.zip"
    path.write_bytes(zipped(FILES, "top"))
    with pytest.raises(ArchiveError, match="3 files"):
        list(files_of(path))


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to("/etc/passwd")
    with pytest.raises(ArchiveError, match="is a link"):
        list(files_of(tmp_path))
