import pytest

from quenotte.kernel.sealing import Unreadable, seal, unseal

KEY, OTHER = "ab" * 32, "cd" * 32


def test_sealed_text_comes_back():
    assert unseal(KEY, seal(KEY, "mot de passe é", purpose="a"), purpose="a") == "mot de passe é"


def test_sealed_text_shows_nothing_and_is_never_twice_the_same():
    first, second = (seal(KEY, "secret", purpose="a") for _ in range(2))
    assert "secret" not in first
    assert first != second


@pytest.mark.parametrize(("key", "purpose"), [(OTHER, "a"), (KEY, "b")])
def test_another_key_or_purpose_opens_nothing(key, purpose):
    with pytest.raises(Unreadable):
        unseal(key, seal(KEY, "secret", purpose="a"), purpose=purpose)


@pytest.mark.parametrize("damaged", ["", "é", "gAAAA", "x" * 200])
def test_damaged_text_opens_nothing(damaged):
    with pytest.raises(Unreadable):
        unseal(KEY, damaged, purpose="a")
