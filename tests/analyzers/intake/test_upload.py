from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from analyzers.intake import Limits, open_upload
from analyzers.source import Source, SourceError

FILES = {"Dockerfile": b"FROM python:3.12-slim\n", "app/main.py": b"print('hi')\n"}
Pack = Callable[[dict[str, bytes]], bytes]


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(files: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def gzipped(files: dict[str, bytes]) -> bytes:
    return gzip.compress(tarred(files))


def zstandarded(files: dict[str, bytes]) -> bytes:
    return zstandard.compress(tarred(files))


def special(kind: bytes, name: str = "x", link: str = "/etc/passwd") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("Dockerfile")
        info.size = 2
        archive.addfile(info, io.BytesIO(b"x\n"))
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, link
        archive.addfile(info)
    return buffer.getvalue()


def unpack(data: bytes, into: Path, filename: str = "project.zip", limits: Limits | None = None) -> Source:
    return open_upload(io.BytesIO(data), filename, into, limits)


def refusal(data: bytes, into: Path, limits: Limits | None = None, filename: str = "project.zip") -> str:
    with pytest.raises(SourceError) as error:
        unpack(data, into, filename, limits)
    assert "\n" not in str(error.value)
    return str(error.value)


PACKS = [zipped, tarred, gzipped, zstandarded]


@pytest.mark.parametrize("pack", PACKS)
def test_each_format_arrives_whole_whatever_its_name(pack: Pack, tmp_path: Path) -> None:
    source = unpack(pack(FILES), tmp_path, "anything.bin")
    assert [entry.path for entry in source.tree.entries] == sorted(FILES)
    assert source.tree.read_bytes("app/main.py") == FILES["app/main.py"]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_arrive_in_every_tar_dialect(form: int, tmp_path: Path) -> None:
    name = "/".join(["folder-of-a-long-name"] * 7) + "/file.txt"
    source = unpack(tarred({**FILES, name: b"x"}, form), tmp_path, "p.tar")
    assert source.tree.read_text(name) == "x"


@pytest.mark.parametrize("pack", PACKS)
def test_a_folder_that_wraps_everything_is_the_root(pack: Pack, tmp_path: Path) -> None:
    source = unpack(pack({f"name-1.0/{path}": content for path, content in FILES.items()}), tmp_path)
    assert [entry.path for entry in source.tree.entries] == sorted(FILES)
    assert source.tree.read_text("Dockerfile") == "FROM python:3.12-slim\n"


def test_a_git_folder_is_measured_and_left_out(tmp_path: Path) -> None:
    source = unpack(zipped({**FILES, ".git/config": b"[core]\n", ".GIT/hooks/post-checkout": b"id"}), tmp_path)
    assert [entry.path for entry in source.tree.entries] == sorted(FILES)
    assert source.tree.vcs_bytes == len(b"[core]\n") + len(b"id")
    assert not list(tmp_path.rglob("*hooks*"))


@pytest.mark.parametrize("name", ["Dockerfile", "api.Dockerfile", "Containerfile", "what.txt"])
def test_a_single_dockerfile_is_a_source(name: str, tmp_path: Path) -> None:
    source = unpack(b"# mine\nfrom python:3.12\n", tmp_path, name)
    assert [entry.path for entry in source.tree.entries] == ["Dockerfile"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"hello", "not a format"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a format"),
        (zipped({}), "no files"),
        (tarred({}), "not a format"),
        (zipped({"folder/": b""}), "no files"),
        (b"PK\x03\x04" + b"junk" * 20, "damaged"),
        (gzip.compress(b"plain words", mtime=0), "damaged"),
        (gzipped(FILES)[:-30], "cut short"),
        (zstandarded(FILES)[:-20], "damaged"),
        (tarred(FILES)[:700], "damaged"),
        (zipped(FILES)[:-10], "damaged"),
        (b"\x28\xb5\x2f\xfd" + b"junk" * 20, "damaged"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(data: bytes, says: str, tmp_path: Path) -> None:
    assert says in refusal(data, tmp_path)


HOSTILE_NAMES = [
    "../x",
    "a/../../x",
    "/abs",
    "//x",
    "C:\\x",
    "C:/x",
    "..\\x",
    "\\\\unc\\x",
    "a\nb",
    "a\rb",
    "a\x1b[31m",
    "a\u202eb",
    "x. ",
    "x.",
    "a/./b",
    "x" * 256,
    "/".join(["x" * 200] * 3),
    "/".join(["x"] * 33),
    "e\u0301",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_hostile_name_is_refused_and_nothing_is_written_outside(name: str, pack: Pack, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    assert refusal(pack({**FILES, name: b"x"}), inside).startswith("refused")
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]


@pytest.mark.parametrize("pair", [("a", "A"), ("d/x", "D/y"), ("a", "a/b"), ("a/b", "a")])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_that_collide_are_refused(pair: tuple[str, str], pack: Pack, tmp_path: Path) -> None:
    assert "twice" in refusal(pack({pair[0]: b"1", pair[1]: b"2"}), tmp_path)


def test_a_duplicate_zip_entry_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a", b"2")
    assert "twice" in refusal(buffer.getvalue(), tmp_path)


LINKS = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]


@pytest.mark.parametrize("kind", LINKS)
def test_links_and_devices_are_known_but_never_made(kind: bytes, tmp_path: Path) -> None:
    source = unpack(special(kind), tmp_path)
    assert source.tree.entry("x").size_bytes is None  # type: ignore[union-attr]
    made = [path for path in tmp_path.rglob("*") if not path.is_dir() and not stat.S_ISREG(path.lstat().st_mode)]
    assert made == []


def test_writing_through_a_link_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        link = tarfile.TarInfo("d")
        link.type, link.linkname = tarfile.SYMTYPE, "/tmp"
        archive.addfile(link)
        archive.addfile(tarfile.TarInfo("d/x"))
    assert "twice" in refusal(buffer.getvalue(), tmp_path)


def test_a_zip_symlink_is_not_made(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("Dockerfile", "FROM x")
    source = unpack(buffer.getvalue(), tmp_path)
    assert source.tree.entry("link").symlink  # type: ignore[union-attr]
    assert not (tmp_path / "link").exists()


@pytest.mark.parametrize("pack", [zipped, gzipped, zstandarded])
def test_a_bomb_is_stopped_by_its_ratio(pack: Pack, tmp_path: Path) -> None:
    bomb = pack({"zeros": bytes(60 * 1024 * 1024)})
    assert "100 times its size" in refusal(bomb, tmp_path)


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(files=1), "more than 1 files"),
        (Limits(file_bytes=5), "larger than 0 MiB"),
        (Limits(extracted_bytes=12), "more than 0 MiB"),
        (Limits(upload_bytes=50), "larger than 0 MiB"),
        (Limits(depth=1), "deeper than 1"),
        (Limits(path_bytes=8), "longer than 8 bytes"),
    ],
)
def test_each_limit_is_named_when_hit(pack: Pack, limits: Limits, says: str, tmp_path: Path) -> None:
    assert says in refusal(pack({"Dockerfile": b"FROM x\n", "app/main.py": b"12345678901234567890"}), tmp_path, limits)


def test_a_zip_whose_directory_disagrees_with_its_members_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped(FILES))
    data[30:40] = b"Containerf"
    assert "damaged" in refusal(bytes(data), tmp_path)


def test_a_zip_behind_other_data_is_refused(tmp_path: Path) -> None:
    assert "follow other data" in refusal(b"PK" + bytes(64) + zipped(FILES), tmp_path)


def test_two_zips_in_a_row_are_refused(tmp_path: Path) -> None:
    assert "follow other data" in refusal(zipped({"Dockerfile": b"x"}) + zipped(FILES), tmp_path)


def test_overlapping_zip_members_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"1" * 100)
        archive.writestr("b", b"2" * 100)
        archive.infolist()[1].header_offset = 0
    assert refusal(buffer.getvalue(), tmp_path).startswith(("refused", "the zip"))


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    data = zipped({"Dockerfile": b"FROM x\n"})
    position = data.index(b"PK\x01\x02")
    encrypted = bytearray(data)
    encrypted[6] |= 1
    encrypted[position + 8] |= 1
    assert "encrypted" in refusal(bytes(encrypted), tmp_path)


def test_a_tar_that_lies_about_sizes_is_refused(tmp_path: Path) -> None:
    data = bytearray(tarred(FILES))
    data[124:136] = b"77777777777\0"
    _seal(data)
    assert "damaged" in refusal(bytes(data), tmp_path, filename="p.tar")


def test_a_tar_with_a_negative_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(tarred(FILES))
    data[124:136] = b"\xff" * 12
    _seal(data)
    assert "damaged" in refusal(bytes(data), tmp_path, filename="p.tar")


def test_a_long_name_bomb_is_refused(tmp_path: Path) -> None:
    assert "header extension" in refusal(tarred({"x" * 70_000: b""}, tarfile.GNU_FORMAT), tmp_path, filename="p.tar")


def test_a_pax_path_decides_and_is_judged(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("harmless")
        info.pax_headers = {"path": "../outside"}
        archive.addfile(info)
    assert "leaves its folder" in refusal(buffer.getvalue(), tmp_path, filename="p.tar")


def _seal(header: bytearray) -> None:
    """The checksum anew, so that the lie itself is what is judged."""
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
