from uuid import UUID, uuid4

import pytest

from quenotte.care.reminders.rules.tokens import digest_of, looks_like_token, token_of

KEY, OTHER = "ab" * 32, "cd" * 32
NUMBER = UUID(int=7)


def test_same_message_has_the_same_token_and_the_key_decides():
    assert token_of(KEY, NUMBER) == token_of(KEY, NUMBER)
    assert token_of(KEY, NUMBER) != token_of(OTHER, NUMBER)
    assert token_of(KEY, NUMBER) != token_of(KEY, uuid4())


def test_token_has_128_bits_and_fits_a_short_message():
    token = token_of(KEY, NUMBER)
    assert len(token) == 22
    assert looks_like_token(token)


@pytest.mark.parametrize("text", ["", "court", "é" * 22, "a" * 65, "a b" * 10, "../" * 8])
def test_other_texts_are_no_token(text):
    assert not looks_like_token(text)


def test_digest_says_nothing_of_the_token():
    token = token_of(KEY, NUMBER)
    assert len(digest_of(token)) == 64
    assert token not in digest_of(token)
    assert digest_of("\ud800") != digest_of(token)
