"""Two shares of words, asked for word by word (or line by line) and judged at once."""

from quenotte.config.words import _
from quenotte.devices.recovery import shares, words
from quenotte.devices.recovery.shares import Holder, NotTogether, Share, UnreadableShare


class ShareSteps:
    """Takes what somebody types, line after line; ``password`` is "" until two shares agree."""

    def __init__(self) -> None:
        self._read: list[Share] = []
        self._words: list[str] = []
        #: Where the word goes that is asked for again, from 0; None: at the end.
        self._again: int | None = None
        self.password = ""

    def introduction(self) -> str:
        """Return what is said before the first question."""
        return _(
            "Tapez les vingt mots d’une part, un par ligne ou plusieurs à la suite. Les quatre "
            "premières lettres de chaque mot suffisent."
        )

    def question(self) -> str:
        """Return the next question."""
        place = len(self._words) if self._again is None else self._again
        return _("Part {share}, mot {number} sur {count} : ").format(
            share=len(self._read) + 1, number=place + 1, count=shares.WORDS
        )

    def answer(self, typed: str) -> str:
        """Take an answer; return what to say about it."""
        for piece in typed.split():
            word = words.word_of(piece)
            if not word:
                return _unknown(piece)
            self._put(word)
            if len(self._words) == shares.WORDS:
                return self._whole()
        return ""

    def back(self) -> str:
        """Ask for the word before again, or for the share before; return what to say."""
        self._again = None
        if self._words:
            self._words.pop()
            return _("Reprenons ce mot.")
        self._read = []
        return _("Reprenons la première part.")

    def _put(self, word: str) -> None:
        if self._again is None:
            self._words.append(word)
        else:
            self._words.insert(self._again, word)
            self._again = None

    def _whole(self) -> str:
        typed, self._words = self._words, []
        try:
            share = shares.read(" ".join(typed))
        except UnreadableShare as error:
            return self._unreadable(error, typed)
        self._read.append(share)
        if len(self._read) < shares.NEEDED:
            return _(
                "{whose} : tous les mots sont justes. Prenez maintenant une autre part."
            ).format(whose=_whose(share))
        return self._together(share)

    def _unreadable(self, error: UnreadableShare, typed: list[str]) -> str:
        if error.numbers:
            (number,) = error.numbers
            self._again = number - 1
            self._words = typed[: self._again] + typed[number:]
            return _("Le mot {number} ne va pas avec les autres. Relisez-le.").format(number=number)
        if error.reason == "foreign":
            return _("Ces mots ne sont pas une part de secours de Quenotte. Prenez-en une autre.")
        return _(
            "Plusieurs mots ne vont pas ensemble. Reprenez cette part depuis le premier mot, dans "
            "l’ordre des numéros."
        )

    def _together(self, share: Share) -> str:
        try:
            self.password = shares.password_of(shares.combine(self._read))
        except NotTogether as error:
            self._read.pop()
            return self._apart(error)
        return _("{whose} : tous les mots sont justes. Les deux parts vont ensemble.").format(
            whose=_whose(share)
        )

    def _apart(self, error: NotTogether) -> str:
        if error.reason == "few":
            return _("C’est la même part que la première. Prenez-en une autre.")
        return _(
            "Ces deux parts ne vont pas ensemble : comparez le numéro en haut des deux feuilles. "
            "Tapez une autre part, ou « retour » pour reprendre la première."
        )


def _unknown(typed: str) -> str:
    near = words.nearest(typed)
    if near:
        return _("« {typed} » n’est pas de la liste. Est-ce « {near} » ? Retapez ce mot.").format(
            typed=typed, near=near
        )
    return _("« {typed} » n’est pas de la liste. Relisez ce mot.").format(typed=typed)


def _whose(share: Share) -> str:
    return {
        Holder.PRACTITIONER: _("Part du praticien"),
        Holder.ASSOCIATE: _("Part de l’associé ou du conjoint"),
        Holder.PROVIDER: _("Part du prestataire"),
    }[share.holder]
