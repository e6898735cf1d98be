"""What a copy or a proof brought about, in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from quenotte.devices.repository.soundness import Heads, Reread
from quenotte.upkeep.backups import rules
from quenotte.upkeep.backups.models import Copy
from quenotte.upkeep.backups.operations.chains import Looked
from quenotte.upkeep.backups.proving import Proven
from quenotte.upkeep.backups.wording import few, unreadable


def saved(copy: Copy) -> str:
    """Return what is said of a whole copy."""
    assert copy.data_at is not None
    now = timezone.localtime()
    return _(
        "Le cabinet tel qu’il était à {moment} est copié : {files} fichiers, {added} ajoutés. "
        "Reste à le prouver par une restauration."
    ).format(
        moment=rules.moment(copy.data_at, now), files=copy.files, added=rules.size(copy.bytes_added)
    )


def partial(count: int) -> str:
    """Return what is said of a copy that lacks so many files."""
    return _(
        "Copie incomplète : {count} fichiers n’ont pas pu être lus. Les copies précédentes restent "
        "bonnes ; vérifiez les fichiers (« quenotte files verify »)."
    ).format(count=count)


def proven(found: Proven) -> str:
    """Return what is said of a proof that succeeded."""
    now, compared = timezone.localtime(), found.compared
    return _(
        "Restaurable jusqu’à {moment}, prouvé à {proven} : base rouverte et comparée ({tables} "
        "tables, {rows} lignes), journal des accès suivi, {blobs} fichiers présents, {sample} "
        "relus dont {pictures} images au pixel."
    ).format(
        moment=rules.moment(found.data_at, now),
        proven=rules.moment(now, now),
        tables=compared.tables,
        rows=compared.rows,
        blobs=compared.blobs,
        sample=compared.sample,
        pictures=compared.pictures,
    )


@dataclass
class Around:
    """What was found at a place around the copy that was proved.

    ``gone``: the last good copy, that the place has no more; ``lost``: packs that rotted, and that
    no copy was made since for; ``is_ahead``: it claims to bring back a moment that has not come.
    ``journal``: what the steps there lack, which speaks of what came after the copy, not of it;
    ``past``: packs of years that are over that were lost since the last look.
    """

    gone: Copy | None
    heads: Heads
    reread: Reread | None = None
    lost: tuple[str, ...] = ()
    is_ahead: bool = False
    journal: Looked = field(default_factory=Looked)
    past: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing speaks against the proof."""
        return not (self.gone or self.heads.left or self.lost or self.is_ahead)


def of_proof(found: Proven, around: Around) -> str:
    """Return what is said of a proof, and of what was found around it."""
    if found.compared.differences:
        return differing(found.compared.differences) + of_heads(around.heads)
    more = of_heads(around.heads) + of_packs(around.reread, around.lost)
    more += of_past(around.past) + of_chain(around.journal)
    if around.is_sound:
        words = proven(found)
    elif around.lost:
        words = rotted(around.lost)
    elif around.is_ahead:
        words = not_come(found)
    else:
        words = set_back(around.gone, found) if around.gone and not around.heads.left else ""
    return (words + more).strip()


def of_past(packs: Sequence[str]) -> str:
    """Return what is added of packs that years which are over have lost."""
    if not packs:
        return ""
    words = ngettext(
        "Paquet abîmé ou absent dans une année passée : {files}. La copie d’aujourd’hui n’y est "
        "pour rien ; celles de cette année-là n’en reviennent plus entières. Ajoutez comme "
        "emplacement un disque qui porte cette année : Quenotte le remet d’après lui.",
        "Paquets abîmés ou absents dans une année passée : {files}. La copie d’aujourd’hui n’y est "
        "pour rien ; celles de cette année-là n’en reviennent plus entières. Ajoutez comme "
        "emplacement un disque qui porte cette année : Quenotte les remet d’après lui.",
        len(packs),
    )
    return " " + words.format(files=few([pack[:12] for pack in packs]))


def of_chain(found: Looked) -> str:
    """Return what is added of the steps of the journal: put again, or lacking."""
    words = ""
    if found.mended:
        words = ngettext(
            "{count} pas du journal de la base manquait ici ou était abîmé : il a été remis "
            "d’après un autre emplacement.",
            "{count} pas du journal de la base manquaient ici ou étaient abîmés : ils ont été "
            "remis d’après un autre emplacement.",
            found.mended,
        ).format(count=found.mended)
    return " ".join(["", *filter(None, (words, found.words))])


def of_heads(heads: Heads) -> str:
    """Return what is added of files that rotted: put again, or not."""
    words = ""
    if heads.mended:
        words += " " + _(
            "Abîmé ici, et remis d’après une autre copie : {files}. Si cela revient, changez de "
            "support."
        ).format(files=few(heads.mended))
    if heads.left:
        words += " " + unreadable(heads.left)
    return words


def rotted(packs: Sequence[str]) -> str:
    """Return what is said of packs that rotted, and what to do."""
    return ngettext(
        "Paquet abîmé ou absent à cet emplacement : {files}. Faites une copie maintenant : elle "
        "récrit ce que le cabinet a encore de ce paquet. Puis changez de support.",
        "Paquets abîmés ou absents à cet emplacement : {files}. Faites une copie maintenant : elle "
        "récrit ce que le cabinet a encore de ces paquets. Puis changez de support.",
        len(packs),
    ).format(files=few(packs))


def not_come(found: Proven) -> str:
    """Return what is said of a copy that comes back and claims to be of the future."""
    return _(
        "La copie la plus récente de cet emplacement revient, mais elle se dit de {moment}, qui "
        "n’est pas encore venu : une horloge était en avance. Comparez l’heure du serveur à la "
        "vôtre, faites une copie, puis prouvez-la."
    ).format(moment=rules.moment(found.data_at, timezone.localtime()))


def of_lost(count: int) -> str:
    """Return what is added to a copy of packs that were no longer where it went."""
    if not count:
        return ""
    words = ngettext(
        "{count} paquet manquait ou était abîmé à cet emplacement : ce que le cabinet en a encore "
        "y est récrit. Si cela revient, changez de support.",
        "{count} paquets manquaient ou étaient abîmés à cet emplacement : ce que le cabinet en a "
        "encore y est récrit. Si cela revient, changez de support.",
        count,
    )
    return " " + words.format(count=count)


def of_packs(reread: Reread | None, lost: Sequence[str] = ()) -> str:
    """Return what is added of the packs that were read whole."""
    if reread is None or not reread.read:
        return ""
    parts = round(reread.total / reread.read)
    told = (
        _("1/{parts} des paquets relus ({count}).")
        if parts > 1
        else _("Tous les paquets relus ({count}).")
    )
    known = [pack for pack in reread.rotten if pack not in lost]
    words = _("Paquet abîmé ou absent, récrit depuis : {files}.") if known else ""
    return (
        f" {told.format(parts=parts, count=reread.read)} {words.format(files=few(known))}".rstrip()
    )


def set_back(gone: Copy, found: Proven) -> str:
    """Return what is said of a place that gives back an older copy than the last it took."""
    assert gone.data_at is not None
    now = timezone.localtime()
    return _(
        "La dernière bonne copie ({gone}) n’est plus à cet emplacement : il est revenu en arrière, "
        "ou quelqu’un l’a effacée. Celle de {held} se restaure encore. Faites une copie maintenant "
        "et prévenez votre technicien."
    ).format(gone=rules.moment(gone.data_at, now), held=rules.moment(found.data_at, now))


def away() -> str:
    """Return what is added where the files lie on a distant storage."""
    return " " + str(_("Les fichiers restent sur leur stockage distant : ils n’y sont pas."))


def differing(differences: list[str]) -> str:
    """Return what is said of a copy that is not what it promises."""
    return _(
        "Cette copie ne rend pas ce qu’elle promet ({what}). Ne supprimez rien : les autres copies "
        "restent, et la prochaine copie repart du cabinet lui-même."
    ).format(what=", ".join(differences[:5]))


def ahead(count: int) -> str:
    """Return what is said of copies that claim to be of the future."""
    words = ngettext(
        "{count} copie datée du futur est laissée de côté : une horloge était fausse, ou quelqu’un "
        "d’autre a écrit ici.",
        "{count} copies datées du futur sont laissées de côté : une horloge était fausse, ou "
        "quelqu’un d’autre a écrit ici.",
        count,
    )
    return " " + words.format(count=count)


def strangers(count: int) -> str:
    """Return what is said of copies that the journal of their place knows nothing of."""
    words = ngettext(
        "{count} copie que le journal de cet emplacement ne connaît pas est laissée de côté : elle "
        "se dit plus récente que lui, et Quenotte ne l’a pas écrite ici.",
        "{count} copies que le journal de cet emplacement ne connaît pas sont laissées de côté : "
        "elles se disent plus récentes que lui, et Quenotte ne les a pas écrites ici.",
        count,
    )
    return " " + words.format(count=count)
