"""What is refused when it is charted, and why, in French."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.care.chart.rules.findings import (
    DEPTHS,
    ICDAS,
    LONGEST_DETAIL,
    MATERIALS,
    TAKES_AWAY,
    WITH_SURFACES,
    WORKS,
    Finding,
    Kind,
    Status,
)
from quenotte.care.chart.rules.marks import Aside, Reason
from quenotte.care.chart.rules.places import (
    arch_of,
    between,
    in_arch_order,
    in_order,
    is_upper,
    kept_letter,
)
from quenotte.care.chart.rules.wording import KINDS, STATUSES, sentence_of
from quenotte.kernel.errors import Refusal
from quenotte.kernel.teeth import is_primary, is_tooth

NOTHING_REPLACED: Final = _(
    "Un bridge remplace au moins une dent : écrivez « 14-16 bridge » ou notez deux couronnes."
)
NOTHING_LOST: Final = _("Rien n’a été noté ; votre saisie est gardée.")


#: Scores that may be seen at each depth. Source: ICDAS II (1-3 enamel, 4-6 dentine).
_ICDAS: Final = {
    "enamel": range(1, 4),
    "dentine": range(3, 7),
    "deep": range(4, 7),
    "pulp": range(4, 7),
}


class NotChartable(Refusal):
    """What cannot be charted as it was given."""

    next_step = NOTHING_LOST


class NoSuchTooth(NotChartable):
    """A number that names no tooth."""

    def __init__(self, number: object) -> None:
        super().__init__(
            _(
                "La dent %(number)s n’existe pas : les dents vont de 11 à 48, les dents de lait "
                "de 51 à 85."
            )
            % {"number": number}
        )


class NoSuchSurface(NotChartable):
    """A surface that the tooth does not have."""

    def __init__(self, tooth: int, letter: str) -> None:
        instead = {"O": "I", "I": "O", "P": "L"}.get(letter)
        words = _("La %(tooth)s n’a pas de face %(letter)s.") % {"tooth": tooth, "letter": letter}
        hint = _("Écrivez %(letter)s pour cette dent.") % {"letter": instead} if instead else ""
        super().__init__(f"{words} {hint}".strip())


class Contradiction(NotChartable):
    """What cannot be true with what is charted already."""

    def __init__(self, aside: Aside, *, is_own: bool) -> None:
        tooth, finding = aside.tooth, aside.mark.finding
        why = _WHY[aside.reason] % {"tooth": tooth}
        if is_own:
            step = _INSTEAD.get(aside.reason, "") % {"tooth": tooth}
        else:
            step = _("Cela contredit ce qui est noté au %(day)s : %(words)s.") % {
                "day": aside.mark.on.strftime("%d/%m/%Y"),
                "words": sentence_of(finding),
            }
        super().__init__(" ".join(filter(None, (why, step))))
        self.aside = aside


class Stranded(Refusal):
    """A step that is undone or redone would contradict what a plan or a visit charted since."""

    next_step = _("Retirez d’abord l’acte dans son plan ou sa séance. Rien n’a été modifié.")

    def __init__(self, aside: Aside) -> None:
        super().__init__(
            _("Un plan ou une séance a noté depuis ce qui ne va pas avec : %(words)s. %(why)s")
            % {
                "words": sentence_of(aside.mark.finding),
                "why": _WHY[aside.reason] % {"tooth": aside.tooth},
            }
        )


_WHY: Final = {
    Reason.GONE: _("La %(tooth)s est notée absente : seuls un implant, un bridge ou une "
                   "prothèse peuvent y être notés."),
    Reason.HIDDEN: _("La %(tooth)s est notée incluse."),
    Reason.ROOT: _("De la %(tooth)s, il ne reste que la racine."),
    Reason.IMPLANT: _("Il y a un implant à la place de la %(tooth)s."),
    Reason.THERE: _("La %(tooth)s est notée présente."),
    Reason.TREATED: _("La %(tooth)s porte un soin : elle a donc fait son éruption."),
    Reason.REPLACED: _("La %(tooth)s est remplacée par un bridge ou une prothèse."),
    Reason.BRIDGED: _("La %(tooth)s porte un bridge."),
    Reason.PILLAR: _("La %(tooth)s ne peut pas porter de bridge : elle n’est pas en bouche."),
    Reason.NOTHING: _("Il n’y a rien à déposer sur la %(tooth)s."),
}  # fmt: skip
_INSTEAD: Final = {
    Reason.GONE: _("Si la dent est là, notez d’abord « %(tooth)s présente »."),
    Reason.HIDDEN: _("Si elle a fait son éruption, notez d’abord « %(tooth)s présente »."),
    Reason.ROOT: _("Si la couronne est là, notez d’abord « %(tooth)s présente »."),
    Reason.IMPLANT: _("S’il a été retiré, notez d’abord « %(tooth)s absente »."),
    Reason.THERE: _("Notez d’abord « %(tooth)s absente » ou « %(tooth)s extraction faite »."),
    Reason.REPLACED: _("Notez d’abord « %(tooth)s dépose faite »."),
    Reason.BRIDGED: _("Notez d’abord « %(tooth)s dépose faite »."),
    Reason.PILLAR: _("Si elle est là, notez d’abord « %(tooth)s présente »."),
}


def checked(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings as they are kept: one a tooth but for spans, surfaces in one order.

    Raises: NotChartable, with the sentence for the screen.
    """
    found = [one for finding in findings for one in _split(finding)]
    if not found:
        raise NotChartable(_("Il n’y a rien à noter."))
    return found


def refuse_new(asides: Iterable[Aside], known: Collection[str], own: Collection[str]) -> None:
    """Refuse what would set something aside that stood until now.

    ``known``: keys of what was aside before; ``own``: keys of what is being charted.

    Raises: Contradiction.
    """
    for aside in asides:
        is_own = aside.mark.key in own
        if is_own or (aside.mark.key not in known and not aside.is_moot):
            raise Contradiction(aside, is_own=is_own)


def refuse_stranded(
    asides: Iterable[Aside], known: Collection[str], counted: Collection[str]
) -> None:
    """Refuse a step back or forward that what was charted since would not stand with.

    ``known``: keys of what was aside before; ``counted``: keys of what counted before.

    Raises: Stranded.
    """
    for aside in asides:
        is_new = aside.mark.key not in known and not aside.is_moot
        if is_new or aside.mark.key not in counted:
            raise Stranded(aside)


def _split(finding: Finding) -> list[Finding]:
    for tooth in finding.teeth:
        if not is_tooth(tooth):
            raise NoSuchTooth(tooth)
    if not finding.teeth:
        raise NotChartable(_("Dites de quelle dent il s’agit, par exemple « 16 MOD composite »."))
    _check_status(finding)
    _check_words(finding)
    if finding.kind is Kind.BRIDGE:
        return [_bridge(finding)]
    if finding.kind is Kind.PROSTHESIS:
        return [_prosthesis(finding)]
    return [_one(finding, tooth) for tooth in dict.fromkeys(finding.teeth)]


def _check_status(finding: Finding) -> None:
    kind, status = finding.kind, finding.status
    if kind in WORKS:
        is_possible = not (kind in TAKES_AWAY and status is Status.WATCH)
    else:
        is_possible = status not in {Status.PLANNED, Status.DONE}
    if not is_possible:
        raise NotChartable(
            _("« %(status)s » ne va pas avec « %(kind)s ».")
            % {"status": STATUSES[status], "kind": KINDS[kind]}
        )


def _check_words(finding: Finding) -> None:
    kind = finding.kind
    if finding.material and finding.material not in MATERIALS.get(kind, ()):
        raise NotChartable(_("Ce matériau ne va pas avec « %(kind)s ».") % {"kind": KINDS[kind]})
    if finding.depth not in {"", *DEPTHS} or (finding.depth and kind is not Kind.CARIES):
        raise NotChartable(_("Une profondeur se note avec une carie."))
    if finding.icdas is not None and (finding.icdas not in ICDAS or kind is not Kind.CARIES):
        raise NotChartable(_("Le score ICDAS d’une carie va de 0 à 6."))
    if finding.icdas is not None and finding.depth and finding.icdas not in _ICDAS[finding.depth]:
        raise NotChartable(
            _("Le score ICDAS %(score)s ne va pas avec la profondeur : gardez l’un des deux.")
            % {"score": finding.icdas}
        )
    _check_canals(finding)
    if len(finding.detail) > LONGEST_DETAIL:
        raise NotChartable(
            _("La précision est trop longue : %(limit)d caractères au plus.")
            % {"limit": LONGEST_DETAIL}
        )


def _check_canals(finding: Finding) -> None:
    count, canals = finding.canal_count, finding.canals
    if (canals or count is not None) and finding.kind is not Kind.ENDODONTICS:
        raise NotChartable(_("Des canaux se notent avec un traitement endodontique."))
    if count is not None and count < len(canals):
        raise NotChartable(
            _("Vous nommez plus de canaux que vous n’en comptez : %(canals)s.")
            % {"canals": ", ".join(canals)}
        )


def _canal(tooth: int, name: str) -> str:
    """Return a canal as it is named on that tooth: the inner side of an upper one is P."""
    if is_upper(tooth):
        return name.replace("L", "P")
    if "P" in name:
        raise NotChartable(
            _("« %(canal)s » n’est pas un canal de la %(tooth)s.") % {"canal": name, "tooth": tooth}
        )
    return name


def _one(finding: Finding, tooth: int) -> Finding:
    surfaces = in_order(_kept(tooth, letter) for letter in finding.surfaces)
    if surfaces and finding.kind not in WITH_SURFACES:
        raise NotChartable(_("« %(kind)s » se note sans faces.") % {"kind": KINDS[finding.kind]})
    status = finding.status
    if finding.kind is Kind.REMOVAL and status is Status.EXISTING:
        status = Status.DONE
    canals = tuple(dict.fromkeys(_canal(tooth, name) for name in finding.canals))
    return replace(
        finding, teeth=(tooth,), surfaces=surfaces, status=status, pontics=(), canals=canals
    )


def _kept(tooth: int, letter: str) -> str:
    kept = kept_letter(tooth, letter)
    if not kept:
        raise NoSuchSurface(tooth, letter)
    return kept


def _bridge(finding: Finding) -> Finding:
    first, last = finding.teeth[0], finding.teeth[-1]
    if any(map(is_primary, finding.teeth)):
        raise NotChartable(_("Un bridge se note sur des dents définitives."))
    ends = [arch_of(tooth) for tooth in finding.teeth]
    if any(arch != ends[0] for arch in ends):
        raise NotChartable(
            _("Un bridge reste sur une arcade : %(first)s et %(last)s sont sur deux arcades.")
            % {"first": first, "last": last}
        )
    teeth = in_arch_order(finding.teeth)
    if teeth != between(teeth[0], teeth[-1]):
        raise NotChartable(_("Un bridge couvre des dents qui se suivent."))
    pontics = tuple(tooth for tooth in teeth if tooth in finding.pontics) or teeth[1:-1]
    if not pontics:
        raise NotChartable(NOTHING_REPLACED)
    if len(pontics) == len(teeth):
        raise NotChartable(_("Un bridge est porté par au moins une dent."))
    return replace(finding, teeth=teeth, pontics=pontics, surfaces="")


def _prosthesis(finding: Finding) -> Finding:
    if any(arch_of(tooth) != arch_of(finding.teeth[0]) for tooth in finding.teeth):
        raise NotChartable(_("Une prothèse amovible se note arcade par arcade."))
    return replace(finding, teeth=in_arch_order(finding.teeth), surfaces="", pontics=())
