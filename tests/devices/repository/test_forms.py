"""The small forms of the format: names, instants, modes, trees, polynomials, packs, blobs."""

import os
import stat
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from quenotte.devices.repository import chunks, modes, names, packs, polynomials, stamps, trees
from quenotte.devices.repository.packs import CONTENT, TREE, Entry, Packer
from quenotte.devices.repository.sealing import MasterKey
from quenotte.devices.repository.trees import FILE, FOLDER, LINK, Node

_ID = bytes(range(32))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (b"plain.txt", "plain.txt"),
        ("été à Nîmes".encode(), "été à Nîmes"),
        (b'a"b\\c', 'a\\"b\\\\c'),
        (b"\n\t\x00\x7f\x1b", "\\n\\t\\x00\\x7f\\x1b"),
        (b"\xff\xfe", "\\xff\\xfe"),
        ("\u200b\u00a0".encode(), "\\u200b\\u00a0"),
        ("🦷".encode(), "🦷"),
        ("\U000e0001".encode(), "\\U000e0001"),
    ],
)
def test_names_are_quoted_as_go_does(name: bytes, text: str) -> None:
    assert names.quoted(name) == text
    assert names.unquoted(text) == name


@given(st.binary(max_size=40))
def test_any_name_comes_back(name: bytes) -> None:
    assert names.unquoted(names.quoted(name)) == name


@pytest.mark.parametrize("text", ["\\", "\\q", "\\x1", "\\ud800", "\\U00110000"])
def test_badly_quoted_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        names.unquoted(text)


def test_octal_is_understood() -> None:
    assert names.unquoted("\\303\\251") == "é".encode()


@pytest.mark.parametrize("name", [b"", b".", b"..", b"a/b", b"a\0b"])
def test_names_that_lead_out_are_unsafe(name: bytes) -> None:
    assert not names.is_safe(name)


def test_instants_come_back_to_the_nanosecond() -> None:
    assert stamps.read_stamp("2026-03-17T21:30:00.000000001+01:00") == 1773779400_000000001
    for instant in (0, -1, 1, 1773779400_123456789, -62135596800 * 10**9):
        assert stamps.read_stamp(stamps.stamp_of(instant)) == instant
    assert stamps.stamp_of(10**30).startswith("9999-12-31")
    assert stamps.read_stamp("0001-01-01T00:00:00Z") == -62135596800 * 10**9
    assert stamps.read_stamp("2026-03-17T00:00:00-02:30") == stamps.read_stamp(
        "2026-03-17T02:30:00Z"
    )
    with pytest.raises(ValueError, match="no instant"):
        stamps.read_stamp("yesterday")


def test_modes_are_gos() -> None:
    assert modes.written(stat.S_IFDIR | 0o755) == 2147484141
    for mode in (0o4755, 0o2711, 0o1777, 0o644):
        assert modes.read(modes.written(stat.S_IFREG | mode)) == mode


def test_tree_is_written_in_one_form() -> None:
    nodes = [
        Node(b"b", LINK, target=b"\xffgone"),
        Node(b"a", FILE, size=3, content=(_ID,)),
        Node(b"A", FOLDER, mode=2147484141, subtree=_ID, mtime_ns=1),
    ]
    blob = trees.encode(nodes)

    assert blob == trees.encode(reversed(nodes))
    assert blob.endswith(b"]}\n")
    assert [node.name for node in trees.decode(blob)] == [b"A", b"a", b"b"]
    assert set(trees.decode(blob)) == set(nodes)


def test_empty_file_has_an_empty_list_and_no_null() -> None:
    assert b'"content":[]' in trees.encode([Node(b"a", FILE)])


def test_tree_of_another_writer_is_read() -> None:
    [node] = trees.decode(
        b'{"nodes":[{"name":"a","type":"symlink","mode":134218239,"mtime":"2026-01-01T00:00:00Z",'
        b'"atime":"2026-01-01T00:00:00Z","ctime":"2026-01-01T00:00:00+01:00","uid":0,"gid":0,'
        b'"linktarget":"b","content":null,"new_field":[1]}]}\n'
    )
    assert (node.type, node.target) == (LINK, b"b")


@pytest.mark.parametrize(
    "blob", [b"", b"[]", b"{}", b'{"nodes":[1]}', b'{"nodes":[{"name":1}]}', b"[" * 100_000]
)
def test_what_is_no_tree_is_refused(blob: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        trees.decode(blob)


def test_polynomials() -> None:
    # The two of restic's and of a textbook: x^8+x^4+x^3+x+1 is the one of AES.
    assert polynomials.is_irreducible(0x3DA3358B4DC173)
    assert polynomials.is_irreducible(0x11B)
    assert not polynomials.is_irreducible(0x11B << 1)
    assert not polynomials.is_irreducible(0b101)
    assert not polynomials.is_irreducible(1)
    drawn = polynomials.draw()
    assert drawn.bit_length() == 54
    assert polynomials.is_irreducible(drawn)


@pytest.mark.parametrize(("kind", "count", "size"), [(TREE, 3, 155), (CONTENT, 9, 401)])
def test_headers_have_restics_sizes(kind: str, count: int, size: int) -> None:
    header = packs.header_of([Entry(kind, _ID, 0, 40, 5)] * count)

    assert len(header) + 32 == size
    assert header[0] == (3 if kind == TREE else 2)


def test_header_comes_back() -> None:
    entries = [Entry(CONTENT, _ID, 0, 40, 0), Entry(CONTENT, _ID[::-1], 40, 50, 900)]

    assert list(packs.entries_of(packs.header_of(entries))) == entries


@pytest.mark.parametrize("header", [b"\x07" + bytes(40), b"\x00" * 36, b"\x02" * 40])
def test_impossible_header_is_refused(header: bytes) -> None:
    with pytest.raises(ValueError, match="header"):
        list(packs.entries_of(header))


def test_packers_buffer_serves_again() -> None:
    key, packer, other = MasterKey.draw(), Packer(CONTENT), Packer(CONTENT)
    packer.seal(key, _ID, os.urandom(600_000), 0)
    other.seal(key, _ID[::-1], b"caries", 0)
    packer.absorb(other)
    pack = packer.finish(key)
    body = bytes(pack.body)
    pack.body.release()
    packer.begin_again()

    assert packs.unsealed_header(key, pack.name, body, len(body)) == pack.entries
    assert (packer.size, other.size) == (0, 0)


@pytest.mark.parametrize(
    ("text", "is_packed"),
    [(b"", False), (b"a" * 16384, True), (os.urandom(16384), False), (os.urandom(200_000), False)],
)
def test_blobs_are_packed_where_it_is_worth_it(text: bytes, is_packed: bool) -> None:
    packed, raw = chunks.pack(text)

    assert bool(raw) is is_packed
    assert chunks.unpack(bytes(packed), raw) == text


@pytest.mark.parametrize(
    ("packed", "raw"),
    [
        (b"caries", 6),
        (zstandard.compress(b"caries"), 7),
        (zstandard.ZstdCompressor(write_content_size=False).compress(b"caries"), 7),
        (zstandard.ZstdCompressor(write_content_size=False).compress(b"caries" * 9), 6),
        (zstandard.compress(b"caries"), 1 << 40),
    ],
)
def test_frame_of_another_length_is_refused(packed: bytes, raw: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        chunks.unpack(packed, raw)


def test_unpacked_files_of_both_versions() -> None:
    unsized: Any = zstandard.ZstdCompressor(write_content_size=False)

    assert chunks.unwrap(chunks.wrap(b'{"a":1}')) == b'{"a":1}'
    assert chunks.unwrap(b"\x02" + unsized.compress(b"[1]")) == b"[1]"
    assert chunks.unwrap(b"[1]") == b"[1]"
    for text in (b"", b"\x03abc", b"\x02abc", b"\x02"):
        with pytest.raises(ValueError, match=r"."):
            chunks.unwrap(text)
