"""``quenotte import ccam``: the official file brought into the catalogue from the command line."""

from pathlib import Path
from typing import Any, Final

import click

from quenotte.config import console
from quenotte.config.words import _

#: Changes of tariffs that are named one by one before the question.
_NAMED: Final = 12


def import_ccam(path: Path, *, is_agreed: bool) -> int:
    """Tell what a file changes in each practice, ask, write it; return the exit code."""
    import django

    django.setup()
    from quenotte.base.practice import queries as practices
    from quenotte.kernel.errors import Refusal
    from quenotte.office.catalogue import operations

    ids = practices.practice_ids()
    if not ids:
        console.complain(_("Aucun cabinet n’est encore créé : ouvrez d’abord Quenotte."))
        return 1
    question = _Question(is_agreed=is_agreed)
    for practice_id in ids:
        try:
            found = operations.import_file(path, practice_id, agree=question)
        except Refusal as refusal:
            console.complain(str(refusal))
            return 1
        if found.is_empty:
            console.say(_("Le catalogue est déjà celui de ce fichier : rien n’a changé."))
        elif question.answer:
            console.say(_("Le catalogue est à jour."))
        else:
            console.say(_("Rien n’a changé."))
            return 1
    return 0


class _Question:
    """Says what changes; asks once, whatever the number of practices."""

    def __init__(self, *, is_agreed: bool) -> None:
        self.answer = is_agreed
        self._is_asked = is_agreed

    def __call__(self, file: Any, found: Any) -> bool:
        """Tell whether the changes are wanted."""
        day = f"{file.effective_on:%d/%m/%Y}"
        console.say(
            _("CCAM version {version}, applicable au {day}.").format(version=file.version, day=day)
        )
        for sentence, count in self._figures(found.counts()):
            console.say(f"  {sentence} : {count}")
        for one in [one for one in found.listed if one.kind == "changed"][:_NAMED]:
            console.say(f"    {one.code}  {_amount(one.before_cents)} → {_amount(one.after_cents)}")
        if not self._is_asked:
            self._is_asked = True
            self.answer = click.confirm(_("Appliquer au catalogue ?"), default=False)
        return self.answer

    @staticmethod
    def _figures(counts: dict[str, int]) -> list[tuple[str, int]]:
        return [
            (_("Tarifs qui changent"), counts["changed"]),
            (_("Actes nouveaux"), counts["new"]),
            (_("Actes qui finissent"), counts["ended"]),
            (_("Libellés et notes officiels"), counts["labelled"]),
            (_("Sans changement"), counts["same"]),
        ]


def _amount(cents: int | None) -> str:
    from quenotte.kernel.money import format_euros

    return "—" if cents is None else format_euros(cents)
