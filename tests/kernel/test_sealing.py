import pytest

from quenotte.kernel.sealing import Unreadable, is_sealed, seal, unseal

KEY, OTHER = "ab" * 32, "cd" * 32


@pytest.mark.parametrize("text", ["", "mot de passe é", "q1.faux", "é" * 10_000])
def test_sealed_text_comes_back(text):
    sealed = seal(KEY, text, purpose="a")
    assert sealed.isascii()
    assert is_sealed(sealed)
    assert unseal(KEY, sealed, purpose="a") == text


def test_sealed_text_shows_nothing_and_is_never_twice_the_same():
    first, second = (seal(KEY, "secret", purpose="a") for _ in range(2))
    assert "secret" not in first
    assert first != second


@pytest.mark.parametrize(("key", "purpose"), [(OTHER, "a"), (KEY, "b")])
def test_another_key_or_purpose_opens_nothing(key, purpose):
    with pytest.raises(Unreadable):
        unseal(key, seal(KEY, "secret", purpose="a"), purpose=purpose)


@pytest.mark.parametrize("damaged", ["", "é", "gAAAA", "x" * 200, "q1.", "q1.é", "q1.AAAA"])
def test_damaged_text_opens_nothing(damaged):
    with pytest.raises(Unreadable):
        unseal(KEY, damaged, purpose="a")


def test_text_that_was_never_sealed_is_told_apart():
    assert not is_sealed("Vu, rien.")
