"""The charter's text and its version. A changed text is a new version, and everybody signs anew.

Source: Code pénal, art. 226-13 (secrecy); Code de la santé publique, art. L. 1110-4 (it covers
whoever works with those who care); RGPD, art. 28.3 b and 29 (a processor's staff is bound to
confidentiality, and works on instruction only).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its title, and what is promised."""

    title: Promise
    text: Promise


class How(StrEnum):
    """By what a signature was given. Values are stored."""

    PASSWORD = "password"  # noqa: S105 - a code, no secret
    FACTOR = "factor"
    #: Nobody signed: the demo was made so.
    DEMO = "demo"


VERSION: Final = "2026-11"

ARTICLES: Final[Sequence[Article]] = (
    Article(
        _("Le secret"),
        _(
            "Ce que je vois, lis ou entends d’un cabinet est couvert par le secret professionnel : "
            "les patients, leurs soins, leurs rendez-vous, et jusqu’au fait qu’une personne y est "
            "soignée. Je n’en parle à personne, ni chez le prestataire hors de l’intervention, ni "
            "chez moi, ni après mon départ. Révéler une information secrète est puni d’un an "
            "d’emprisonnement et de 15 000 euros d’amende (Code pénal, article 226-13)."
        ),
    ),
    Article(
        _("L’accès est limité à l’intervention"),
        _(
            "Je n’ouvre un cabinet ou une machine que pour une demande, une alerte ou un contrat "
            "qui me concerne, le temps qu’il faut, et sur instruction. Je ne cherche pas, je ne "
            "regarde pas par curiosité, je n’ouvre pas un dossier de patient sans que le cabinet "
            "l’ait demandé devant moi."
        ),
    ),
    Article(
        _("Rien n’est emporté"),
        _(
            "Je ne copie, ne photographie et ne garde rien de ce que je vois. Ce dont "
            "l’intervention a besoin reste dans les outils du prestataire, chiffré, et en est "
            "effacé après. Je ne branche aucun support à moi et n’installe aucun outil de prise en "
            "main qui n’a pas été convenu."
        ),
    ),
    Article(
        _("Mon compte est à moi seul"),
        _(
            "Je ne prête ni mon mot de passe, ni mon téléphone, ni ma clé. Mon compte demande deux "
            "preuves. Je verrouille mon poste quand je le quitte. Je dis tout de suite une perte, "
            "un doute ou une erreur."
        ),
    ),
    Article(
        _("Tout laisse une trace"),
        _(
            "Chaque page de cabinet que j’ouvre, chaque recherche qui en montre un, chaque "
            "export et chaque question à une machine laisse une trace avec mon nom et l’heure. "
            "Elle ne peut être ni modifiée ni retirée, et le cabinet peut la lire."
        ),
    ),
    Article(
        _("Ce qui manque se dit"),
        _(
            "Si je découvre une fuite, une intrusion ou un patient exposé, je préviens mon "
            "responsable et le cabinet aussitôt, avant de réparer : le cabinet a 72 heures pour le "
            "notifier."
        ),
    ),
)


def digest() -> str:
    """Return what names the French text of this version: SHA-256, in hexadecimal."""
    with translation.override("fr"):
        told = [VERSION, *(f"{one.title}\n{one.text}" for one in ARTICLES)]
    return hashlib.sha256("\n\n".join(told).encode()).hexdigest()
