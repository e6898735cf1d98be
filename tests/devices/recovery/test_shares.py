"""Any two of three shares open, one opens nothing, and a misread word is found."""

from itertools import combinations

import pytest
from click.testing import CliRunner
from shamir_mnemonic import generate_mnemonics

from quenotte.devices.recovery import shares, words
from quenotte.devices.recovery.shares import Holder, NotTogether, UnreadableShare

SECRET = bytes(range(16))


@pytest.fixture(scope="module")
def three():
    return shares.split(SECRET)


def _typed(share, **changes):
    return " ".join(changes.get(f"w{place}", word) for place, word in enumerate(share.words, 1))


def test_any_two_open_and_one_opens_nothing(three):
    assert [one.holder for one in three] == list(Holder)
    assert len({one.issue for one in three}) == 1
    for two in [*combinations(three, 2), three, three[::-1]]:
        assert shares.combine(two) == SECRET
    for one in three:
        for few in ([], [one], [one, one]):
            with pytest.raises(NotTogether, match="few"):
                shares.combine(few)


def test_shares_of_two_issues_open_nothing(three):
    with pytest.raises(NotTogether, match="others"):
        shares.combine([three[0], shares.split(SECRET)[1]])


def test_stock_program_shows_the_password(three):
    from shamir_mnemonic.cli import cli

    lines = "\n".join(" ".join(one.words) for one in three[1:])
    said = CliRunner().invoke(cli, ["recover"], input=lines)
    assert f"Your master secret is: {shares.password_of(SECRET)}\n" in said.output


def test_secrets_differ():
    assert len(shares.new_secret()) == 16
    assert shares.new_secret() != shares.new_secret()


def test_share_is_read_as_people_type_it(three):
    share = three[1]
    numbered = "\n".join(f"{place}. {word.upper()}" for place, word in enumerate(share.words, 1))
    begun = " ".join(word[:4] for word in share.words)
    assert shares.read(numbered) == shares.read(begun) == share


def test_unknown_words_are_numbered_and_the_nearest_is_named(three):
    with pytest.raises(UnreadableShare) as error:
        shares.read(_typed(three[0], w3="bonjour", w20="x4"))
    assert (error.value.reason, error.value.numbers) == ("words", (3, 20))
    assert words.nearest("acdemic") == "academic"
    assert words.nearest("zzzz") == words.word_of("aca") == ""


@pytest.mark.parametrize("place", [1, 2, 3, 11, 17, 18, 20])
def test_misread_word_is_found(three, place):
    right = three[2].words[place - 1]
    wrong = "academic" if right != "academic" else "zero"
    with pytest.raises(UnreadableShare) as error:
        shares.read(_typed(three[2], **{f"w{place}": wrong}))
    assert (error.value.reason, error.value.numbers) == ("misread", (place,))


def test_two_misread_words_name_none(three):
    turned = [*three[0].words]
    turned[4:6] = ["academic", "zero"]
    with pytest.raises(UnreadableShare) as error:
        shares.read(" ".join(turned))
    assert (error.value.reason, error.value.numbers) == ("misread", ())


def test_other_lengths_and_other_rules_are_refused(three):
    with pytest.raises(UnreadableShare, match="count"):
        shares.read(" ".join(three[0].words[:-1]))
    ((mnemonic, *_), *_) = generate_mnemonics(1, [(3, 5)], SECRET)
    with pytest.raises(UnreadableShare, match="foreign"):
        shares.read(mnemonic)
