"""From paper to password: asks, judges at once, and tries the copy before anything is written."""

from collections.abc import Callable
from typing import Final

from quenotte.config.kit.groups import GroupSteps
from quenotte.config.kit.parts import ShareSteps
from quenotte.config.words import _

#: What is typed instead of an answer, as the papers say it, whatever the language. None of them
#: can be a group; the last three are no words of a share.
SHARES: Final = "parts"
SHEET: Final = "feuille"
BACK: Final = "retour"
STOP: Final = "fin"

Steps = GroupSteps | ShareSteps


def password(
    *,
    ask: Callable[[str], str],
    say: Callable[[str], None],
    opens: Callable[[str], bool],
    forget: Callable[[], None],
    copy: str,
) -> str:
    """Return the password that opens the copy, or "" when somebody gave up.

    ``ask`` shows a question and returns the line that was typed; ``opens`` tries a password;
    ``forget`` takes what was typed off the screen; ``copy`` says which copy it is, with what
    stands beside it on the sheet.
    """
    say(_("Rien n’est perdu : la feuille de secours, ou deux parts, et une copie suffisent."))
    say(_("Copie à ouvrir : {copy}").format(copy=copy))
    say(
        _(
            "« {shares} » : vous avez deux parts, pas de feuille. « {back} » : reprendre ce qui "
            "précède. « {stop} » : arrêter, sans rien changer."
        ).format(shares=SHARES, back=BACK, stop=STOP)
    )
    steps: Steps | None = _begin(GroupSteps(), say)
    while steps:
        steps = _step(steps, ask(steps.question()).strip(), say)
        if steps and steps.password:
            say(_("J’essaie d’ouvrir la copie…"))
            if opens(steps.password):
                forget()
                say(_("La copie est ouverte."))
                return steps.password
            say(_refused(steps))
            steps = _begin(type(steps)(), say)
    say(_("Arrêté. Rien n’a été changé ; vous pourrez reprendre quand vous voudrez."))
    return ""


def _step(steps: Steps, typed: str, say: Callable[[str], None]) -> Steps | None:
    """Take one line; return the steps that go on, None when somebody stops."""
    said = typed.casefold()
    if said == STOP:
        return None
    if said in {SHARES, SHEET}:
        return _begin(ShareSteps() if said == SHARES else GroupSteps(), say)
    if reply := steps.back() if said == BACK else steps.answer(typed):
        say(reply)
    return steps


def _begin(steps: Steps, say: Callable[[str], None]) -> Steps:
    say(steps.introduction())
    return steps


def _refused(steps: Steps) -> str:
    if isinstance(steps, GroupSteps):
        return _(
            "La clé est bien lue, mais elle n’ouvre pas cette copie. Elle est d’une autre année ou "
            "d’un autre dépôt : comparez l’adresse et le numéro du dépôt sur la feuille, ou prenez "
            "une feuille plus récente."
        )
    return _(
        "Les parts sont bien lues, mais n’ouvrent pas cette copie. Elles sont d’une autre année ou "
        "d’un autre dépôt : comparez l’adresse et le numéro du dépôt, ou prenez des parts plus "
        "récentes."
    )
