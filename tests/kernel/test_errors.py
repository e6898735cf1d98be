import pickle

from quenotte.kernel.errors import Refusal


class DiskFull(Refusal):
    message = "Le disque est plein."
    next_step = "Libérez de la place."


class Lazy:
    def __str__(self) -> str:
        return "Plus tard."


def test_refusal_joins_what_happened_and_what_to_do() -> None:
    refusal = Refusal("Fichier illisible.", next_step="Choisissez un autre fichier.")
    assert refusal.message == "Fichier illisible."
    assert refusal.next_step == "Choisissez un autre fichier."
    assert str(refusal) == "Fichier illisible. Choisissez un autre fichier."


def test_refusal_without_next_step_says_its_message_alone() -> None:
    assert str(Refusal("Fichier illisible.")) == "Fichier illisible."


def test_refusal_of_a_subclass_speaks_by_itself() -> None:
    assert str(DiskFull()) == "Le disque est plein. Libérez de la place."
    assert str(DiskFull("Le disque D est plein.")) == "Le disque D est plein. Libérez de la place."
    assert str(DiskFull(next_step="")) == "Le disque est plein."


def test_refusal_keeps_a_lazy_text_until_it_is_shown() -> None:
    message = Lazy()
    refusal = Refusal(message)
    assert refusal.message is message
    assert str(refusal) == "Plus tard."


def test_refusal_survives_the_way_between_processes() -> None:
    sent = Refusal("Non.", next_step="Plus tard.")
    assert str(pickle.loads(pickle.dumps(sent))) == "Non. Plus tard."
