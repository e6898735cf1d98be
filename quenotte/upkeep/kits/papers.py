"""The papers of the recovery kit: the sheet with the key, and one for each share.

Both are made in memory and printed; nobody keeps them in a file.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quenotte.devices.paper import codes, reading, typesetting
from quenotte.devices.recovery import commands
from quenotte.devices.recovery.shares import Holder, Share
from quenotte.kernel import passphrases

#: An instant as an address of a vault writes it; whoever reads the paper puts another.
_MOMENT: Final = "2026-01-31T18:00:00Z"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a copy is.

    ``address`` is what restic takes after ``-r``, with the login where one is needed;
    ``repository`` its id (64 hexadecimal digits); ``fingerprint`` that of a vault's authority, or
    of its certificate where no authority is known (SHA-256), "" for a disk or a folder.
    ``is_handed_out``: the vault gives that authority's certificate to anybody.
    """

    name: str
    address: str
    repository: str
    fingerprint: str = ""
    is_handed_out: bool = False

    @property
    def mark(self) -> str:
        """What tells whether a paper still names this place, without its login."""
        said = f"{self.address}\n{self.repository}\n{self.fingerprint}"
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to call; ``phone`` as it is shown."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What each paper of a kit says.

    ``epoch`` is the year of the repository; ``provider`` None where there is nobody to call. Four
    places fit on one page; with more it takes a second one.
    """

    practice: str
    serial: str
    epoch: int
    made_at: datetime
    provider: Person | None
    places: tuple[Place, ...]


def sheet_pdf(facts: Facts, passphrase: str) -> bytes:
    """Return the sheet with the key: one A4. Raises: CannotTypeset."""
    data = sheet_of(facts, passphrase)
    return _one_page("upkeep/paper/kit.typ", data, facts.made_at)


def share_pdf(facts: Facts, share: Share, holders: Sequence[tuple[Holder, Person]]) -> bytes:
    """Return the sheet of one share: one A4. Raises: CannotTypeset."""
    data = share_of(facts, share, holders)
    return _one_page("upkeep/paper/share.typ", data, facts.made_at)


def _one_page(template: str, data: dict[str, Any], made_at: datetime) -> bytes:
    """Set a paper, closer where long addresses would push its end onto a second page."""
    pdf = typesetting.typeset(template, data, made_at=made_at)
    if reading.pages_of(pdf) == 1:
        return pdf
    return typesetting.typeset(template, data | {"is_tight": True}, made_at=made_at)


def sheet_of(facts: Facts, passphrase: str) -> dict[str, Any]:
    """Return what the sheet with the key says."""
    return _common(facts) | {
        "title": _("Feuille de secours"),
        "calm": _(
            "Rien n’est perdu : cette feuille et une seule des copies ci-dessous suffisent "
            "pour retrouver tout le cabinet."
        ),
        "warning": _(
            "Qui tient cette feuille peut lire tous les dossiers. Ni photo, ni scan, ni "
            "photocopie. À garder au coffre, hors du cabinet."
        ),
        "steps_title": _("Que faire"),
        "steps": _steps(facts.provider),
        "key_title": _("La clé"),
        "key_columns": [_("groupe"), _("contrôle")],
        "groups": [
            [str(one.number), one.letters, one.check] for one in passphrases.groups_of(passphrase)
        ],
        "key_note": _(
            "Aucun chiffre, et jamais a, i, l, m, o, q, w, y, z. Ces lettres sont aux mêmes "
            "touches de tous les claviers."
        ),
        "drawing": codes.qr(passphrase),
        "drawing_note": _("La clé, pour un lecteur de codes branché. Pas de téléphone."),
        "stock_title": _(
            "Sans Quenotte, avec le logiciel libre restic (restic.net, ou le paquet « restic » de "
            "Linux)"
        ),
        "stock_note": _(
            "Il demande le mot de passe. C’est cette ligne, telle quelle, avec une espace entre "
            "les groupes et sans les lettres de contrôle :"
        ),
        "passphrase": passphrase,
        "commands": _commands(facts.places),
        "stock_end": _stock_end(facts.places, facts.epoch),
        "proofs_title": _("Essayée (tous les six mois, sur un autre poste)"),
        "proofs": [_("Le"), _("Par"), _("Restauration réussie jusqu’au")],
    }


def share_of(
    facts: Facts, share: Share, holders: Sequence[tuple[Holder, Person]]
) -> dict[str, Any]:
    """Return what the sheet of a share says; ``holders`` are the three, each with who it is."""
    known = dict(holders)
    number = [*Holder].index(share.holder) + 1
    return _common(facts) | {
        "title": _("Part de secours %(number)s sur 3") % {"number": number},
        "holder": _("%(role)s : %(name)s")
        % {"role": _role(share.holder), "name": known[share.holder].name},
        "calm": _(
            "Seule, cette part n’ouvre rien. Deux parts sur les trois, n’importe lesquelles, "
            "ouvrent toutes les sauvegardes du cabinet."
        ),
        "warning": _share_warning(share.holder),
        "steps_title": _("Que faire"),
        "steps": _share_steps(),
        "words_title": _("Les vingt mots de cette part"),
        "words": list(share.words),
        "words_note": _(
            "Les quatre premières lettres de chaque mot suffisent. Un mot mal lu est signalé par "
            "son numéro."
        ),
        "others_title": _("Les deux autres parts"),
        "others": [
            [_role(one), person.name, person.phone]
            for one, person in holders
            if one is not share.holder
        ],
        "stock_title": _("Sans Quenotte"),
        "stock_note": _(
            "Le logiciel libre shamir-mnemonic (norme SLIP-39) réunit deux parts et montre un "
            "« master secret » : c’est, tel quel, le mot de passe que restic demande."
        ),
        "commands": [
            [_("Réunir"), "shamir recover"],
            *_commands(facts.places),
        ],
        "stock_end": _stock_end(facts.places, facts.epoch),
    }


def _common(facts: Facts) -> dict[str, Any]:
    day = date_format(timezone.localdate(facts.made_at), "j F Y")
    return {
        "practice": facts.practice,
        "serial": _("N° %(serial)s") % {"serial": facts.serial},
        "made": _("Imprimée le %(day)s") % {"day": day},
        "provider": _provider(facts.provider),
        "opens": _(
            "Ouvre les sauvegardes de %(epoch)s et des années qui suivent : base de données, "
            "radiographies, documents. N’ouvre ni les sessions des ordinateurs, ni les messageries."
        )
        % {"epoch": facts.epoch},
        "places_title": _("Où sont les copies"),
        "places": [
            _place(letter, one, facts.epoch)
            for letter, one in zip("ABCDEF", facts.places, strict=False)
        ],
        "foot": _("%(practice)s · n° %(serial)s · une feuille plus récente remplace celle-ci")
        % {"practice": facts.practice, "serial": facts.serial},
    }


def _provider(provider: Person | None) -> list[str]:
    if provider is None:
        return []
    return [_("Votre prestataire : %(name)s") % {"name": provider.name}, provider.phone]


def _place(letter: str, place: Place, epoch: int) -> dict[str, Any]:
    return {
        "letter": letter,
        "name": place.name,
        "address": place.address,
        "repository": _("dépôt de %(epoch)s : %(id)s")
        % {"epoch": epoch, "id": place.repository[:16]},
        "fingerprint_label": (
            _("Empreinte SHA-256 de son autorité :")
            if place.is_handed_out
            else _("Empreinte SHA-256 de son certificat :")
        ),
        "fingerprint": commands.shown_fingerprint(place.fingerprint),
    }


def _steps(provider: Person | None) -> list[str]:
    call = _("Appelez %(name)s : %(phone)s.")
    return [
        _(
            "Attaque ou rançon : débranchez le réseau et la box, n’éteignez rien, ne payez pas. Ne "
            "branchez aucun disque de sauvegarde sur un poste du cabinet."
        ),
        *([call % {"name": provider.name, "phone": provider.phone}] if provider else []),
        _("Prenez un ordinateur neuf ou réinstallé, jamais un poste qui était au cabinet."),
        _("Installez-y Quenotte, ouvrez un terminal et tapez : quenotte phoenix"),
        _(
            "Choisissez une copie, puis tapez les huit groupes, un par ligne, chacun suivi de sa "
            "lettre de contrôle. Majuscules ou minuscules, peu importe : une lettre mal lue est "
            "signalée aussitôt."
        ),
        _("L’agenda et les dossiers reviennent d’abord, les radiographies ensuite."),
        _("Avant de réinstaller les postes attaqués, portez plainte : 17cyber.gouv.fr."),
    ]


def _share_steps() -> list[str]:
    return [
        _("Joignez une des deux personnes ci-dessous, à un numéro que vous connaissiez déjà."),
        _("Prenez un ordinateur neuf ou réinstallé, jamais un poste qui était au cabinet."),
        _("Installez-y Quenotte, ouvrez un terminal et tapez : quenotte phoenix"),
        _("Répondez « parts », puis tapez les vingt mots de chacune des deux parts."),
        _("L’agenda et les dossiers reviennent d’abord, les radiographies ensuite."),
    ]


def _share_warning(holder: Holder) -> str:
    if holder is Holder.PROVIDER:
        return _(
            "Ne la lisez à personne au téléphone : rappelez le praticien à son numéro connu, puis "
            "venez ou tapez-la vous-même. Ni photo, ni scan, ni photocopie."
        )
    return _(
        "Ne la gardez jamais avec une autre part. Ni photo, ni scan, ni photocopie. Ne la lisez à "
        "personne qui vous appelle."
    )


def _role(holder: Holder) -> str:
    return {
        Holder.PRACTITIONER: _("Praticien"),
        Holder.ASSOCIATE: _("Associé ou conjoint"),
        Holder.PROVIDER: _("Prestataire"),
    }[holder]


def _commands(places: Sequence[Place]) -> list[list[str]]:
    """Return the lines for a terminal, each with what it does."""
    vault = _vault(places)
    lines = [
        [_("Contenu"), commands.snapshots(commands.ADDRESS)],
        [_("Tout rendre"), commands.restore(commands.ADDRESS)],
    ]
    if vault:
        fetch, show = commands.certificate(vault.address, is_handed_out=vault.is_handed_out)
        lines += [[_("Certificat"), fetch], [_("Empreinte"), show]]
    return lines


def _vault(places: Sequence[Place]) -> Place | None:
    return next((one for one in places if one.fingerprint), None)


def _stock_end(places: Sequence[Place], epoch: int) -> str:
    end = _(
        "À la place d’ADRESSE, tapez celle de la copie, suivie de l’année en cours "
        "(ADRESSE/%(year)s) ; si rien n’y répond, de l’année d’avant, puis l’adresse seule. "
        "« latest » est la plus récente : vous pouvez donner à sa place le numéro (ID) d’une autre."
    ) % {"year": epoch + 1}
    vault = _vault(places)
    if vault:
        before = commands.as_of(vault.address, _MOMENT).partition("//")[2].rpartition("@")[2]
        end += " " + _(
            "Pour le coffre, ajoutez « --cacert %(file)s » après restic ; pour le voir tel "
            "qu’avant une attaque, finissez son adresse ainsi, à la date et à l’heure (UTC) "
            "voulues : %(before)s"
        ) % {"file": commands.CERTIFICATE, "before": before}
    return end
