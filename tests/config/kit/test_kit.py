"""From paper to password in a terminal, with the mistakes that people make."""

import sys
from unittest.mock import Mock

import pytest

from quenotte.config.kit import terminal, wizard
from quenotte.config.kit.groups import GroupSteps
from quenotte.config.kit.parts import ShareSteps
from quenotte.devices.recovery import shares, words
from quenotte.kernel import passphrases

pytestmark = pytest.mark.one_engine

PASSPHRASE = "kdrt hbfe jxnp stuv cdge rrhr bcde xvut"
TYPED = [f"{one.letters} {one.check}" for one in passphrases.groups_of(PASSPHRASE)]
SECRET = bytes(range(16))
FORGOTTEN = "(the screen is empty)"


def _run(lines, opens=lambda password: True):
    """Answer the questions; return the password and all that was said."""
    heard, waiting = [], iter(lines)

    def ask(question):
        heard.append(question)
        return next(waiting)

    found = wizard.password(
        ask=ask, say=heard.append, opens=opens, forget=lambda: heard.append(FORGOTTEN), copy="A"
    )
    assert next(waiting, None) is None
    return found, heard


@pytest.fixture(scope="module")
def three():
    return shares.split(SECRET)


def test_groups_are_asked_one_by_one_and_open():
    found, heard = _run(TYPED)
    assert found == PASSPHRASE
    assert [line for line in heard if line.startswith("Groupe ") and line.endswith(" : ")] == [
        f"Groupe {number} sur 8 : " for number in range(1, 9)
    ]
    assert "Groupe 7 juste." in heard
    assert heard[-2:] == [FORGOTTEN, "La copie est ouverte."]


def test_wrong_group_is_named_at_once_and_asked_again():
    found, heard = _run([*TYPED[:2], "jxpn" + TYPED[2][-1], *TYPED[2:]])
    assert found == PASSPHRASE
    assert heard.count("Groupe 3 sur 8 : ") == 2
    assert any(line.startswith("Groupe 3 : une lettre ne va pas.") for line in heard)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kdlt", "« l » n’est sur aucune feuille"),
        ("kd", "il manque des lettres"),
        ("kdrt", "ajoutez sa lettre de contrôle"),
        ("kdrt bb", "trop de lettres"),
        ("kdrt hbfe jxnp", "Ce n’est pas toute la clé"),
        (" ".join(["kdtr b", *TYPED[1:]]), "Groupe 1 : une lettre ne va pas."),
    ],
)
def test_each_mistake_says_what_to_do(typed, said):
    steps = GroupSteps()
    assert said in steps.answer(typed)
    assert steps.question() == "Groupe 1 sur 8 : "
    assert not steps.password


def test_code_reader_types_the_whole_line():
    assert _run([PASSPHRASE])[0] == PASSPHRASE


def test_no_order_can_be_taken_for_a_group_nor_a_word():
    for order in (wizard.SHARES, wizard.SHEET, wizard.BACK, wizard.STOP):
        assert not set(order) <= set(passphrases.ALPHABET)
    assert not any(map(words.word_of, (wizard.SHEET, wizard.BACK, wizard.STOP)))


def test_one_goes_back_to_the_group_before():
    found, heard = _run(["retour", TYPED[0], "Retour", *TYPED])
    assert found == PASSPHRASE
    assert heard.count("Groupe 1 sur 8 : ") == 3


def test_somebody_may_give_up_and_nothing_changed():
    found, heard = _run([TYPED[0], " FIN "])
    assert found == ""
    assert heard[-1].startswith("Arrêté. Rien n’a été changé")


def test_right_key_of_another_copy_is_said_and_tried_again():
    tried = []

    def opens(password):
        tried.append(password)
        return len(tried) > 1

    found, heard = _run([PASSPHRASE, *TYPED], opens)
    assert (found, tried) == (PASSPHRASE, [PASSPHRASE, PASSPHRASE])
    assert any("n’ouvre pas cette copie" in line for line in heard)


def test_two_shares_open_and_other_shares_do_not_by_themselves(three):
    first, second = (" ".join(one.words) for one in three[:2])
    other = " ".join(shares.split(bytes(16))[1].words)
    found, heard = _run(["parts", *first.split(), first, other, second])
    assert found == SECRET.hex()
    said = "\n".join(heard)
    assert "Part du praticien : tous les mots sont justes." in said
    assert "C’est la même part" in said
    assert "ne vont pas ensemble : comparez le numéro" in said
    assert "Part 2, mot 1 sur 20 : " in heard


def test_shares_of_another_copy_are_said(three):
    lines = [" ".join(one.words) for one in three[:2]]
    found, heard = _run(["parts", *lines, "feuille", "fin"], lambda password: False)
    assert found == ""
    assert any(line.startswith("Les parts sont bien lues") for line in heard)


def test_misread_word_alone_is_asked_again(three):
    steps = ShareSteps()
    typed = [*three[2].words]
    right, typed[6] = typed[6], "academic" if typed[6] != "academic" else "zero"
    assert steps.answer(" ".join(typed)) == "Le mot 7 ne va pas avec les autres. Relisez-le."
    assert steps.question() == "Part 1, mot 7 sur 20 : "
    assert steps.answer(right).startswith("Part du prestataire : tous les mots sont justes.")


def test_what_is_no_share_begins_again(three):
    steps = ShareSteps()
    assert "Est-ce « academic »" in steps.answer("acdemic")
    assert steps.answer("xyz") == "« xyz » n’est pas de la liste. Relisez ce mot."
    typed = [*three[0].words]
    typed[4:6] = ["academic", "zero"]
    assert steps.answer(" ".join(typed)).startswith("Plusieurs mots")
    from shamir_mnemonic import generate_mnemonics

    ((foreign, *_),) = generate_mnemonics(1, [(3, 5)], SECRET)
    assert "ne sont pas une part" in steps.answer(foreign)
    assert steps.question() == "Part 1, mot 1 sur 20 : "


def test_one_goes_back_to_the_word_and_to_the_share_before(three):
    steps = ShareSteps()
    assert steps.answer("academic") == ""
    assert steps.back() == "Reprenons ce mot."
    steps.answer(" ".join(three[0].words))
    assert steps.question() == "Part 2, mot 1 sur 20 : "
    assert steps.back() == "Reprenons la première part."
    assert steps.question() == "Part 1, mot 1 sur 20 : "


def test_closed_input_stops_and_a_screen_is_emptied(monkeypatch, capsys):
    for error, heard in (
        (EOFError(), wizard.STOP),
        (UnicodeDecodeError("", b"", 0, 1, ""), "\ufffd"),
    ):
        monkeypatch.setattr("builtins.input", Mock(side_effect=error))
        assert terminal.ask("Groupe 1 sur 8 : ") == heard
    monkeypatch.setattr("builtins.input", str.upper)
    assert terminal.ask("kdrt b") == "KDRT B"
    terminal.forget()
    assert not capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    terminal.forget()
    assert capsys.readouterr().out.endswith("\x1b[3J")


def test_sentences_are_cut_between_words(capsys):
    terminal.say(f"{'mot ' * 40}\nfin")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "fin"
    assert all(len(line) <= 78 and line.startswith(("mot", "fin")) for line in lines)
