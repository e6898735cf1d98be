"""Text that only this server reads."""

import pytest
from pytest_django import Settings

from quenotte.base.sealing import seal, unseal


@pytest.mark.parametrize("text", ["", "Carie sur 16", "é" * 10_000, "q1.faux"])
def test_what_is_sealed_comes_back(text: str) -> None:
    sealed = seal(text, "draft")

    assert unseal(sealed, "draft") == text
    assert sealed.isascii()
    assert seal(text, "draft") != sealed


def test_text_written_before_sealing_is_read_as_it_is() -> None:
    assert unseal("Vu, rien.", "draft") == "Vu, rien."


def test_another_purpose_another_key_and_a_changed_byte_open_nothing(settings: Settings) -> None:
    sealed = seal("Carie sur 16", "draft")
    changed = sealed[:-4] + ("AAAA" if sealed[-4:] != "AAAA" else "BBBB")

    assert unseal(sealed, "factor") == ""
    assert unseal(changed, "draft") == ""
    assert unseal("q1.é", "draft") == ""
    settings.SEALING_KEY = "cd" * 32
    assert unseal(sealed, "draft") == ""
