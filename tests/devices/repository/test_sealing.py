"""What is sealed opens with its key alone, and only as it was."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from quenotte.devices.repository.sealing import (
    OVERHEAD_BYTES,
    MasterKey,
    Unsealable,
    seal,
    seal_into,
    unseal,
)

# D. J. Bernstein, "The Poly1305-AES message-authentication code", appendix B.
_R = bytes.fromhex("851fc40c3467ac0be05cc20404f3f700")
_K = bytes.fromhex("ec074c835580741701425b623235add6")
_NONCE = bytes.fromhex("fb447350c4e868c52ac3275cf9d4327e")
_TAG = bytes.fromhex("f4c633c3044fc145f84f335cb81953de")
_TEXT = bytes.fromhex("f3f6")


def test_published_vector_of_poly1305_aes_opens() -> None:
    key = MasterKey(bytes(32), _K, _R)

    text = unseal(key, _NONCE + _TEXT + _TAG)

    assert key.ctr(_NONCE).update(text) == _TEXT


@pytest.mark.parametrize("size", [0, 1, 16, 4096, (1 << 17) - 1, 1 << 17, (1 << 17) + 5])
def test_sealed_text_opens_whatever_its_size(size: int) -> None:
    key, text = MasterKey.draw(), bytes(size)
    room = bytearray(size + OVERHEAD_BYTES + 3)
    seal_into(room, 3, key, text)

    assert unseal(key, seal(key, text)) == text
    assert unseal(key, room[3:]) == text


def test_any_changed_byte_is_seen() -> None:
    key = MasterKey.draw()
    part = seal(key, b"caries")
    for at in range(len(part)):
        changed = bytearray(part)
        changed[at] ^= 1
        with pytest.raises(Unsealable):
            unseal(key, bytes(changed))


@pytest.mark.parametrize("part", [b"", bytes(31), bytes(64)])
def test_what_was_never_sealed_is_refused(part: bytes) -> None:
    with pytest.raises(Unsealable):
        unseal(MasterKey.draw(), part)


def test_other_key_opens_nothing() -> None:
    with pytest.raises(Unsealable):
        unseal(MasterKey.draw(), seal(MasterKey.draw(), b"caries"))


def test_threads_share_a_key() -> None:
    key = MasterKey.draw()
    texts = [bytes([number]) * 20_000 for number in range(64)]
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda text: seal(key, text), texts))
        assert list(pool.map(lambda part: unseal(key, part), parts)) == texts


def test_key_outlives_its_json_and_shows_nowhere() -> None:
    key = MasterKey.draw()
    again = MasterKey.from_json(key.to_json())

    assert unseal(again, seal(key, b"caries")) == b"caries"
    assert key.encrypt.hex() not in repr(key)
    assert repr(key) == "MasterKey()"


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"encrypt":"AA==","mac":{"k":"","r":""}}'])
def test_what_is_no_master_key_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        MasterKey.from_json(text)
