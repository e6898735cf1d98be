"""What is said of a line: why it is refused, what was left out of it."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _later

from quenotte.care.takeover.targets import target

#: Why a line is not taken.
REFUSALS: Final = {
    "signs_unreadable": _later("Signe illisible : l’encodage choisi n’est pas le bon."),
    "name_missing": _later("Le nom manque."),
    "first_name_missing": _later("Le prénom manque."),
    "name_too_long": _later("Plus de 100 caractères : les colonnes sont peut-être décalées."),
    "name_strange": _later("Un chiffre ou un signe qui ne fait pas partie d’un nom."),
    "birth_format": _later("La date de naissance ne se lit pas."),
    "birth_impossible": _later("La date de naissance n’existe pas dans le calendrier."),
    "birth_future": _later("La date de naissance est dans le futur."),
    "birth_too_old": _later("La date de naissance est trop ancienne."),
    "old_id_twice": _later("Ce numéro de l’ancien logiciel est déjà celui d’une ligne précédente."),
    "patient_unknown": _later("Aucun patient ne correspond : reprenez d’abord les patients."),
    "patient_ambiguous": _later("Plusieurs patients correspondent : aucun n’a été choisi."),
    "patient_contradicts": _later(
        "Le numéro de l’ancien logiciel et le nom désignent deux patients différents."
    ),
    "day_impossible": _later("Cette date n’existe pas dans le calendrier."),
    "day_unreadable": _later("Cette date ne se lit pas."),
    "hour_unreadable": _later("L’heure ne se lit pas."),
    "hour_skipped": _later("Cette heure n’existe pas : passage à l’heure d’été."),
    "length_impossible": _later("Durée impossible : de 5 minutes à 12 heures, dans la journée."),
    "practitioner_unknown": _later("Ce praticien n’a pas de compte dans le cabinet."),
    "slot_taken": _later("Ce créneau est déjà pris dans l’agenda."),
    "patient_died": _later("Le décès de ce patient est noté : aucun rendez-vous à venir."),
    "amount_unreadable": _later("Le montant ne se lit pas."),
    "amount_nil": _later("Le solde est nul : rien à reprendre."),
    "already_taken": _later("Ce solde a déjà été repris, au même jour."),
}
#: What was left out, or understood with a doubt; the line is taken all the same.
WARNINGS: Final = {
    "birth_missing": _later("Date de naissance absente : elle sera à demander."),
    "birth_partial": _later("Date de naissance incomplète : notée comme date interprétée."),
    "birth_doubtful": _later("Date de naissance douteuse : vérifiez l’année."),
    "birth_unreadable": _later("La date de naissance ne se lit pas."),
    "sex_unknown": _later("Sexe ou civilité inconnus : noté indéterminé."),
    "phone_wrong": _later("Téléphone incomplet : non repris."),
    "email_wrong": _later("Courriel inexact : non repris."),
    "nir_form": _later("Numéro de sécurité sociale incomplet : non repris."),
    "nir_key": _later("La clé du numéro de sécurité sociale est fausse : non repris."),
    "nir_of_insured": _later(
        "Ce numéro de sécurité sociale n’est pas celui du patient : noté comme celui de l’assuré."
    ),
    "nir_of_whom": _later(
        "Sans date de naissance, ce numéro de sécurité sociale est noté comme celui de l’assuré."
    ),
    "nir_taken": _later("Ce matricule est déjà celui d’un autre dossier : non repris."),
    "number_wrong": _later("Numéro inexact : non repris."),
    "day_unreadable": _later("Cette date ne se lit pas : non reprise."),
    "death_impossible": _later("Le décès précède la naissance : non repris."),
    "too_long": _later("Texte trop long : la fin n’est pas reprise."),
    "double_in_file": _later("Une ligne précédente semble décrire la même personne."),
    "homonym": _later("Un dossier du cabinet porte le même nom et le même prénom."),
    "status_unknown": _later("Statut inconnu : déduit de la date."),
    "future_done": _later("Rendez-vous à venir noté terminé : repris comme réservé."),
}
#: Why a line is held until somebody decides.
DOUBLES: Final = {
    "same": _later("Ce patient a déjà un dossier dans le cabinet."),
    "likely": _later("Un dossier du cabinet lui ressemble beaucoup."),
}


def words_of(kind: str, remark: list[str], *, refused: bool) -> str:
    """Return one remark in words, with the column that it is about."""
    code, key = remark
    tables = (REFUSALS, WARNINGS, DOUBLES) if refused else (WARNINGS, DOUBLES, REFUSALS)
    said = next((table[code] for table in tables if code in table), code)
    column = target(kind, key) if key else None
    words = _(said)
    if column is None:
        return words
    return _("%(column)s : %(words)s") % {"column": _(column.label), "words": words}
