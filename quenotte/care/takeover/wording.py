"""What is said of a line: why it is refused, what was left out of it."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quenotte.care.takeover.targets import target

#: Why a line is not taken.
REFUSALS: Final = {
    "signs_unreadable": gettext_noop("Signe illisible : l’encodage choisi n’est pas le bon."),
    "name_missing": gettext_noop("Le nom manque."),
    "first_name_missing": gettext_noop("Le prénom manque."),
    "name_too_long": gettext_noop("Plus de 100 caractères : les colonnes sont peut-être décalées."),
    "name_strange": gettext_noop("Un chiffre ou un signe qui ne fait pas partie d’un nom."),
    "birth_format": gettext_noop("La date de naissance ne se lit pas."),
    "birth_impossible": gettext_noop("La date de naissance n’existe pas dans le calendrier."),
    "birth_future": gettext_noop("La date de naissance est dans le futur."),
    "birth_too_old": gettext_noop("La date de naissance est trop ancienne."),
    "old_id_twice": gettext_noop(
        "Ce numéro de l’ancien logiciel est déjà celui d’une ligne précédente."
    ),
    "patient_unknown": gettext_noop("Aucun patient ne correspond : reprenez d’abord les patients."),
    "patient_ambiguous": gettext_noop("Plusieurs patients correspondent : aucun n’a été choisi."),
    "patient_contradicts": gettext_noop(
        "Le numéro de l’ancien logiciel et le nom désignent deux patients différents."
    ),
    "day_impossible": gettext_noop("Cette date n’existe pas dans le calendrier."),
    "day_unreadable": gettext_noop("Cette date ne se lit pas."),
    "hour_unreadable": gettext_noop("L’heure ne se lit pas."),
    "hour_skipped": gettext_noop("Cette heure n’existe pas : passage à l’heure d’été."),
    "length_impossible": gettext_noop(
        "Durée impossible : de 5 minutes à 12 heures, dans la journée."
    ),
    "practitioner_unknown": gettext_noop("Ce praticien n’a pas de compte dans le cabinet."),
    "slot_taken": gettext_noop("Ce créneau est déjà pris dans l’agenda."),
    "visit_already_taken": gettext_noop(
        "Ce rendez-vous est déjà dans l’agenda, ou plus haut dans le fichier."
    ),
    "patient_died": gettext_noop("Le décès de ce patient est noté : aucun rendez-vous à venir."),
    "amount_unreadable": gettext_noop("Le montant ne se lit pas."),
    "amount_nil": gettext_noop("Le solde est nul : rien à reprendre."),
    "already_taken": gettext_noop("Ce solde a déjà été repris, au même jour."),
}
#: What was left out, or understood with a doubt; the line is taken all the same.
WARNINGS: Final = {
    "birth_missing": gettext_noop("Date de naissance absente : elle sera à demander."),
    "birth_partial": gettext_noop("Date de naissance incomplète : notée comme date interprétée."),
    "birth_doubtful": gettext_noop("Date de naissance douteuse : vérifiez l’année."),
    "birth_unreadable": gettext_noop("La date de naissance ne se lit pas."),
    "sex_unknown": gettext_noop("Sexe ou civilité inconnus : noté indéterminé."),
    "phone_wrong": gettext_noop("Téléphone incomplet : non repris."),
    "email_wrong": gettext_noop("Courriel inexact : non repris."),
    "nir_form": gettext_noop("Numéro de sécurité sociale incomplet : non repris."),
    "nir_key": gettext_noop("La clé du numéro de sécurité sociale est fausse : non repris."),
    "nir_of_insured": gettext_noop(
        "Ce numéro de sécurité sociale n’est pas celui du patient : noté comme celui de l’assuré."
    ),
    "nir_of_whom": gettext_noop(
        "Sans date de naissance, ce numéro de sécurité sociale est noté comme celui de l’assuré."
    ),
    "nir_taken": gettext_noop("Ce matricule est déjà celui d’un autre dossier : non repris."),
    "number_wrong": gettext_noop("Numéro inexact : non repris."),
    "day_unreadable": gettext_noop("Cette date ne se lit pas : non reprise."),
    "death_impossible": gettext_noop("Le décès précède la naissance : non repris."),
    "too_long": gettext_noop("Texte trop long : la fin n’est pas reprise."),
    "double_in_file": gettext_noop("Une ligne précédente semble décrire la même personne."),
    "homonym": gettext_noop("Un dossier du cabinet porte le même nom et le même prénom."),
    "status_unknown": gettext_noop("Statut inconnu : déduit de la date."),
    "future_done": gettext_noop("Rendez-vous à venir noté terminé : repris comme réservé."),
}
#: Why a line is held until somebody decides.
DOUBLES: Final = {
    "same": gettext_noop("Ce patient a déjà un dossier dans le cabinet."),
    "likely": gettext_noop("Un dossier du cabinet lui ressemble beaucoup."),
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
