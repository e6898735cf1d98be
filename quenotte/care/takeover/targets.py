"""What a column of another program may be: the words that its header uses, for each kind."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop as _

from quenotte.kernel.names import fold

PATIENTS: Final = "patients"
APPOINTMENTS: Final = "appointments"
BALANCES: Final = "balances"


@dataclass(frozen=True)
class Target:
    """One thing that a column may hold.

    ``headers`` are folded words of headers, the commonest first; ``content`` names the look of
    its cells (``columns.looks``), which decides when a header says nothing.
    """

    key: str
    label: str
    headers: tuple[str, ...]
    content: str = ""


def _target(key: str, label: str, headers: str, content: str = "") -> Target:
    # Our own words first: what we export, we read again.
    names = dict.fromkeys((fold(label), *(header.strip() for header in headers.split("|"))))
    return Target(key, label, tuple(names), content)


_OLD_ID: Final = _target(
    "old_id",
    _("Numéro dans l’ancien logiciel"),
    "n dossier|no dossier|numero dossier|numero de dossier|num dossier|dossier|id patient"
    "|patient id|code patient|numero patient|num patient|no patient|n patient|ref patient"
    "|reference patient"
    "|identifiant|identifiant patient|id|code|reference|file number|chart number|patient number"
    "|patient no|ipp",
)
_BIRTH_NAME: Final = _target(
    "birth_name",
    _("Nom de naissance"),
    "nom de naissance|nom naissance|nom de jeune fille|nom jeune fille|njf|nom patronymique"
    "|nom de famille|birth name|maiden name|family name|nom",
)
_NAME: Final = _target(
    "name",
    _("Nom (usuel)"),
    "nom|nom patient|nom du patient|nom usuel|nom d usage|nom usage|nom utilise|nom marital"
    "|last name|lastname|surname|patient name|name",
)
_FIRST_NAMES: Final = _target(
    "birth_first_names",
    _("Prénom"),
    "prenom|prenoms|prenom patient|prenom du patient|prenoms de naissance|prenom de naissance"
    "|first name|firstname|given name|given names|forename",
)
_FULL_NAME: Final = _target(
    "full_name",
    _("Nom et prénom dans une colonne"),
    "nom prenom|nom et prenom|nom complet|patient|nom prenoms|full name|fullname|identite",
)
_BORN_ON: Final = _target(
    "born_on",
    _("Date de naissance"),
    "date de naissance|date naissance|ne le|nee le|ne e le|naissance|ddn|dnais|date nais"
    "|datenaissance|date de naiss|birth date|birthdate|date of birth|dob|birthday",
    "birth",
)

PATIENT_TARGETS: Final = (
    _OLD_ID,
    _BIRTH_NAME,
    _NAME,
    _FIRST_NAMES,
    _FULL_NAME,
    _BORN_ON,
    _target(
        "sex",
        _("Sexe ou civilité"),
        "sexe|civilite|civ|titre|genre|sex|gender|title|m f|h f",
        "sex",
    ),
    _target(
        "used_first_name",
        _("Prénom utilisé"),
        "prenom usuel|prenom utilise|prenom d usage|preferred name|nickname",
    ),
    _target(
        "mobile_phone",
        _("Téléphone mobile"),
        "portable|mobile|tel portable|telephone portable|tel mobile|telephone mobile|gsm|port"
        "|tel port|tel2|cell phone|mobile phone|cellulaire|numero de portable",
        "mobile",
    ),
    _target(
        "other_phone",
        _("Autre téléphone"),
        "telephone|tel|tel fixe|telephone fixe|fixe|tel domicile|telephone domicile|tel 1|tel1"
        "|tel bureau|telephone bureau|tel travail|autre telephone|phone|home phone|work phone",
        "phone",
    ),
    _target(
        "email",
        _("Courriel"),
        "email|e mail|mail|courriel|adresse mail|adresse email|adresse e mail|adresse electronique",
        "email",
    ),
    _target(
        "address",
        _("Adresse"),
        "adresse|adresse 1|adresse1|rue|voie|adresse postale|address|street|ligne d adresse",
    ),
    _target(
        "address_more",
        _("Complément d’adresse"),
        "adresse 2|adresse2|complement|complement d adresse|complement adresse|adresse suite"
        "|address 2|batiment",
    ),
    _target(
        "postcode",
        _("Code postal"),
        "code postal|cp|codepostal|postcode|zip|zip code|postal code",
        "postcode",
    ),
    _target("town", _("Ville"), "ville|commune|localite|city|town"),
    _target(
        "nir",
        _("Numéro de sécurité sociale"),
        "nir|numero de securite sociale|n securite sociale|no securite sociale|securite sociale"
        "|num secu|numero secu|n ss|no ss|nss|n insee|numero insee|insee|immatriculation|no secu"
        "|numero ss|num ss|ins|matricule ins|matricule|social security number|ssn|n secu",
        "nir",
    ),
    # Our own words alone: what other programs call so is often the patient's own number, and the
    # traits decide of it.
    _target(
        "insured_nir",
        _("Numéro de sécurité sociale de l’assuré"),
        "numero de securite sociale de l assure",
    ),
    _target("insured_name", _("Nom de l’assuré"), "nom de l assure|nom assure|nom assure social"),
    _target("ins_oid", _("OID de l’INS"), "oid|oid ins|oid de l ins|ins oid"),
    _target(
        "birth_place_code",
        _("Code INSEE du lieu de naissance"),
        "code insee du lieu de naissance|code lieu de naissance|lieu de naissance code"
        "|code insee naissance|cog naissance",
    ),
    _target(
        "referring_doctor",
        _("Médecin traitant"),
        "medecin traitant|medecin|docteur|nom du medecin|generaliste|mt|doctor|physician",
    ),
    _target(
        "referring_doctor_rpps",
        _("RPPS du médecin traitant"),
        "rpps medecin|rpps du medecin|rpps du medecin traitant|rpps mt|rpps",
    ),
    _target(
        "mutuelle_name",
        _("Mutuelle"),
        "mutuelle|nom mutuelle|complementaire|amc|organisme complementaire|assurance"
        "|nom de la mutuelle|insurance",
    ),
    _target(
        "mutuelle_number",
        _("Numéro AMC"),
        "numero amc|n amc|no amc|code amc|num amc|numero mutuelle|n mutuelle|code mutuelle",
    ),
    _target(
        "mutuelle_contract",
        _("Numéro d’adhérent"),
        "numero d adherent|n adherent|no adherent|numero adherent|adherent|contrat|n contrat"
        "|numero de contrat",
    ),
    _target(
        "mutuelle_ends_on",
        _("Fin des droits à la mutuelle"),
        "fin de droits|fin droits|droits jusqu au|fin mutuelle|date fin mutuelle|echeance mutuelle",
    ),
    _target(
        "died_on", _("Décès"), "deces|date de deces|date deces|decede le|died on|date of death"
    ),
    _target(
        "do_not_contact",
        _("Ne pas contacter"),
        "ne pas contacter|opposition|refus de contact|do not contact",
    ),
    _target(
        "refuses_mail",
        _("Pas de rappel par courriel"),
        "pas de rappel par courriel|pas de courriel|refus courriel|refus mail|refus email"
        "|mail interdit|no mail|no email",
    ),
    _target(
        "refuses_sms",
        _("Pas de rappel par SMS"),
        "pas de rappel par sms|pas de sms|refus sms|sms interdit|no sms",
    ),
    _target(
        "remarks",
        _("Remarque d’accueil"),
        "remarque|remarques|remarque d accueil|commentaire|commentaires|note|notes|observation"
        "|observations|memo|comment|comments",
    ),
)

_WHOM: Final = (_OLD_ID, _NAME, _FIRST_NAMES, _FULL_NAME, _BORN_ON)

APPOINTMENT_TARGETS: Final = (
    *_WHOM,
    _target(
        "day",
        _("Jour du rendez-vous"),
        "date|date rdv|date du rdv|date rendez vous|date du rendez vous|jour|date heure"
        "|date et heure|date debut|debut|start|start date|appointment date|rdv|rendez vous",
        "date",
    ),
    _target(
        "hour",
        _("Heure"),
        "heure|heure rdv|heure debut|heure de debut|heure du rdv|h debut|time|start time",
        "hour",
    ),
    _target("end_hour", _("Heure de fin"), "heure fin|heure de fin|h fin|fin|end|end time", "hour"),
    _target(
        "minutes",
        _("Durée"),
        "duree|duree rdv|duree minutes|duree min|minutes|duration|length|duree en minutes",
        "minutes",
    ),
    _target(
        "title",
        _("Motif"),
        "motif|libelle|objet|type|acte|acte prevu|type rdv|type de rdv|reason|subject|title",
    ),
    _target(
        "practitioner",
        _("Praticien"),
        "praticien|docteur|dentiste|dr|agenda|ressource|provider|dentist|practitioner",
    ),
    _target("status", _("Statut"), "statut|etat|presence|status|state|honore", "status"),
)

BALANCE_TARGETS: Final = (
    *_WHOM,
    _target(
        "amount",
        _("Montant"),
        "solde|montant|reste du|reste a payer|du|balance|amount|solde patient|encours|debit"
        "|montant du|solde du",
        "amount",
    ),
    _target(
        "credit", _("Avoir (au crédit du patient)"), "avoir|credit|trop percu|acompte|avance",
        "amount",
    ),
    _target(
        "as_of",
        _("Date du solde"),
        "date|date solde|date du solde|au|a la date du|arrete au|as of|date d arrete",
        "date",
    ),
)  # fmt: skip

TARGETS: Final[dict[str, tuple[Target, ...]]] = {
    PATIENTS: PATIENT_TARGETS,
    APPOINTMENTS: APPOINTMENT_TARGETS,
    BALANCES: BALANCE_TARGETS,
}


def target(kind: str, key: str) -> Target | None:
    """Return what a key means in a file of this kind."""
    return next((one for one in TARGETS[kind] if one.key == key), None)


def missing(kind: str, chosen: set[str]) -> list[str]:
    """Return what must still be chosen before a file can be checked, in words."""
    found = []
    has_whole_name = "full_name" in chosen or ({"name", "birth_name"} & chosen) != set()
    has_first_name = "full_name" in chosen or "birth_first_names" in chosen
    if not (has_whole_name and has_first_name) and not (kind != PATIENTS and "old_id" in chosen):
        found.append(_("le nom et le prénom"))
    if kind == APPOINTMENTS and "day" not in chosen:
        found.append(_("le jour du rendez-vous"))
    if kind == BALANCES and not {"amount", "credit"} & chosen:
        found.append(_("le montant"))
    return found
