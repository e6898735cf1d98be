"""The eight groups of the sheet, asked for one by one and judged at once."""

from typing import Final

from quenotte.config.words import _
from quenotte.kernel import passphrases
from quenotte.kernel.passphrases import MistypedGroup, MistypedPassphrase

#: So many signs are no longer one group: the whole line, or a code reader.
_WHOLE: Final = 12


class GroupSteps:
    """Takes what somebody types, line after line; ``password`` is "" until all is right."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self.password = ""

    def introduction(self) -> str:
        """Return what is said before the first question."""
        return _(
            "Tapez chaque groupe suivi de sa lettre de contrôle, par exemple « kdrt x », puis "
            "Entrée. Majuscules ou minuscules, peu importe. Un lecteur de codes peut aussi lire le "
            "carré de la feuille."
        )

    def question(self) -> str:
        """Return the next question."""
        return _("Groupe {number} sur {count} : ").format(
            number=len(self._found) + 1, count=passphrases.GROUPS
        )

    def answer(self, typed: str) -> str:
        """Take an answer; return what to say about it."""
        if len(typed.strip()) >= _WHOLE:
            return self._whole(typed)
        number = len(self._found) + 1
        try:
            self._found.append(passphrases.read_group(typed, number))
        except MistypedGroup as error:
            return mistake(error)
        if number == passphrases.GROUPS:
            return self._done(" ".join(self._found))
        return _("Groupe {number} juste.").format(number=number)

    def back(self) -> str:
        """Ask for the group before again; return what to say."""
        if self._found:
            self._found.pop()
        return _("Reprenons ce groupe.")

    def _whole(self, typed: str) -> str:
        try:
            return self._done(passphrases.read_passphrase(typed))
        except MistypedPassphrase as error:
            if error.groups:
                return "\n".join(map(mistake, error.groups))
            return _(
                "Ce n’est pas toute la clé : elle a huit groupes de quatre lettres. Tapez-les "
                "plutôt un par un."
            )

    def _done(self, password: str) -> str:
        self.password = password
        return _("Les huit groupes sont justes.")


def mistake(error: MistypedGroup) -> str:
    """Return what is wrong with a group, and what to read again."""
    sentences = {
        "foreign": _(
            "Groupe {number} : « {letter} » n’est sur aucune feuille. Il n’y a ni chiffre, ni "
            "accent, ni a, i, l, m, o, q, w, y, z. Relisez ce groupe."
        ),
        "short": _(
            "Groupe {number} : il manque des lettres. Il en a quatre, puis une de contrôle."
        ),
        "unchecked": _(
            "Groupe {number} : ajoutez sa lettre de contrôle, seule dans la colonne de droite."
        ),
        "long": _(
            "Groupe {number} : il y a trop de lettres. Il en a quatre, puis une de contrôle."
        ),
        "check": _(
            "Groupe {number} : une lettre ne va pas. Relisez toute la ligne {number} de la "
            "feuille, lettre après lettre."
        ),
    }
    return sentences[error.reason].format(number=error.number, letter=error.letter)
