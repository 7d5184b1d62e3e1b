import gzip
import io
import stat
import struct
import tarfile
import time
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.archives import gzip_members, tar_members, zip_members
from corpus.reading.members import Budget, Member
from corpus.reading.parsing import Met, Refused, Unpacked, parse
from tests.bad_files import zip_bomb

RAIN = b"It rained in Bergen."


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for entry, content in entries:
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def members_of(content: bytes) -> list[Member]:
    return list(zip_members(content, Budget(len(content))))


def raw_name_zip(raw: bytes) -> bytes:
    """A ZIP with one stored file whose name is those bytes, which are not said to be UTF-8."""
    head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 33, zlib.crc32(RAIN), len(RAIN), len(RAIN), len(raw), 0)
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII",
        b"PK\1\2", 20, 20, 0, 0, 0, 33, zlib.crc32(RAIN), len(RAIN), len(RAIN), len(raw), 0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    body = head + raw + RAIN
    return body + entry + raw + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(entry + raw), len(body), 0)


def test_a_zips_files_come_in_its_order() -> None:
    found = members_of(zipped(("b/two.txt", b"2"), ("a/", b""), ("a.txt", b"1")))
    assert found == [Member("b/two.txt", b"2"), Member("a.txt", b"1")]


def test_hidden_files_and_those_of_macos_are_left_out() -> None:
    content = zipped((".git/config", b"x"), ("a/.DS_Store", b"x"), ("__MACOSX/._a.txt", b"x"), ("../a.txt", b"1"))
    assert members_of(content) == [Member("../a.txt", b"1")]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("文章.txt".encode("cp932"), "文章.txt"),
        ("Café.txt".encode(), "Café.txt"),
        ("Café.txt".encode("cp437"), "Café.txt"),
        ("Noël.txt".encode("cp437"), "Noël.txt"),
        (b"..\\..\\win.txt", "../../win.txt"),
        (b"/etc/passwd", "/etc/passwd"),
        (b"a\x1b[2J\n.txt", "a\\x1b[2J\\n.txt"),
    ],
    ids=["Shift JIS", "UTF-8 unsaid", "DOS", "DOS that could be Japanese", "backslashes", "absolute", "control"],
)
def test_names_are_shown_and_never_followed(raw: bytes, shown: str) -> None:
    """A name is words for the report, whatever wrote it."""
    assert members_of(raw_name_zip(raw)) == [Member(shown, RAIN)]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_files_of_one_name_are_told_apart() -> None:
    found = members_of(zipped(("d/a.txt", b"1"), ("d/a.txt", b"2"), ("d/a.txt", b"3"), ("b", b"4"), ("b", b"5")))
    assert [m.name for m in found] == ["d/a.txt", "d/a (2).txt", "d/a (3).txt", "b", "b (2)"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_are_taken_already_are_passed_over() -> None:
    """However many names an archive has that a second file of one name might be given, its files are read."""
    names = ["a" + " (2)" * number for number in range(1_100)]
    found = members_of(zipped(*((name, b"") for name in [*names, "a"])))
    assert found[-1].name == "a" + " (2)" * 1_100


def test_an_encrypted_file_is_refused_and_the_others_are_read() -> None:
    content = bytearray(zipped(("a.txt", b"1"), ("b.txt", b"2")))
    content[6] |= 1  # the flag in the first file's header
    content[content.index(b"PK\1\2") + 8] |= 1
    first, second = members_of(bytes(content))
    assert first.reason == "protected by a password: unpack the archive, and add the files"
    assert second == Member("b.txt", b"2")


def test_a_link_is_not_followed() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    (member,) = members_of(buffer.getvalue())
    assert member.reason is not None
    assert member.reason.startswith("a link to another file")


def test_a_bomb_of_ten_gigabytes_is_refused_at_once() -> None:
    """A member that says how large it is is not even begun."""
    begun = time.process_time()
    (member,) = members_of(zip_bomb())
    assert member.reason is not None
    assert member.reason.startswith("it unpacks to more than it may")
    assert time.process_time() - begun < 5


def test_a_size_that_lies_is_found_out() -> None:
    """A member that unpacks to more than it says is cut off there and refused as damaged, never read on."""
    content = bytearray(zipped(("a.txt", bytes(10_000))))
    at = content.index(b"PK\1\2") + 24
    content[at : at + 4] = struct.pack("<I", 100)
    (member,) = members_of(bytes(content))
    assert member.reason == "it is damaged in the archive: pack or download it again"


def test_files_that_share_their_bytes_are_a_bomb() -> None:
    content = zipped(("a.txt", RAIN), ("b.txt", RAIN))
    at = content.rindex(b"PK\1\2") + 42
    overlapping = content[:at] + struct.pack("<I", 0) + content[at + 4 :]
    with pytest.raises(UnreadableFile, match="lie over one another"):
        members_of(overlapping)


def test_archives_in_archives_end() -> None:
    """However deep they lie, and although each is small."""
    content = RAIN
    for number in range(10):
        content = zipped((f"{number}.zip" if number else "a.txt", content))
    events = list(parse(content, "a.zip"))
    refused = [event for event in events if isinstance(event, Refused)]
    assert [event.reason.partition(":")[0] for event in refused] == ["archives lie too deep in one another"]
    assert len([event for event in events if isinstance(event, Met)]) == 5


def test_many_bombs_together_are_one() -> None:
    """All that one file unpacks to counts, in whichever archive it lies."""
    inner = zipped(("zeros.txt", bytes(900_000)), method=zipfile.ZIP_DEFLATED)
    content = zipped(*((f"{i}.zip", inner) for i in range(200)))
    events = list(parse(content, "a.zip"))
    assert any("unpacks to more than it may" in event.reason for event in events if isinstance(event, Refused))


@pytest.mark.parametrize("content", [b"PK\3\4", b"PK\3\4" + bytes(40), zipped(("a.txt", RAIN))[:-10]])
def test_a_broken_zip_says_so(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="the archive is broken or not whole"):
        members_of(content)


def test_a_gzip_file_is_called_as_what_is_in_it() -> None:
    met, inner, draft, unpacked = list(parse(gzip.compress(RAIN), "box/report.txt.gz"))
    assert (met.name, inner.name) == ("box/report.txt.gz", "box/report.txt.gz!report.txt")
    assert isinstance(draft, Draft)
    assert draft.text == RAIN.decode()
    assert unpacked == Unpacked("box/report.txt.gz", 1)


@pytest.mark.parametrize("cut", [10, 25])
def test_half_a_gzip_file_says_so(cut: int) -> None:
    content = gzip.compress(RAIN)[:cut]
    with pytest.raises(UnreadableFile, match="the archive is broken or not whole"):
        list(gzip_members(content, Budget(len(content))))


def test_of_a_tar_archive_only_files_are_read() -> None:
    link, hard, fifo = tarfile.TarInfo("link"), tarfile.TarInfo("hard"), tarfile.TarInfo("fifo")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    hard.type, hard.linkname = tarfile.LNKTYPE, "a.txt"
    fifo.type = tarfile.FIFOTYPE
    folder = tarfile.TarInfo("d")
    folder.type = tarfile.DIRTYPE
    content = tarred((tarfile.TarInfo("a.txt"), RAIN), (folder, b""), (link, b""), (hard, b""), (fifo, b""))
    for found in (
        list(tar_members(content, Budget(len(content)))),
        list(gzip_members(gzip.compress(content), Budget(len(content)))),
    ):
        assert found[0] == Member("a.txt", RAIN)
        assert [(m.name, (m.reason or "").partition(":")[0]) for m in found[1:]] == [
            ("link", "a link to another file, which is not followed"),
            ("hard", "a link to another file, which is not followed"),
            ("fifo", "not a regular file"),
        ]


@given(st.binary(max_size=600), st.sampled_from([b"PK\3\4", b"PK\5\6", b"\x1f\x8b\x08", b""]))
def test_noise_is_refused_and_nothing_else(noise: bytes, sign: bytes) -> None:
    """Whatever the bytes, an archive gives members or a reason."""
    content = sign + noise
    for unpack in (zip_members, gzip_members, tar_members):
        try:
            assert all(isinstance(m, Member) for m in unpack(content, Budget(len(content))))
        except UnreadableFile as error:
            assert str(error)


@given(st.binary(min_size=1, max_size=8), st.integers(0, 150))
def test_a_zip_with_a_few_wrong_bytes_is_refused_and_nothing_else(noise: bytes, at: int) -> None:
    content = zipped(("a.txt", RAIN), ("b.txt", RAIN * 10))
    spoilt = content[:at] + noise + content[at + len(noise) :]
    try:
        assert all(isinstance(m, Member) for m in members_of(spoilt))
    except UnreadableFile as error:
        assert str(error)
