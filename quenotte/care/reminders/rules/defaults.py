"""The templates of a practice that has written none yet: channel and kind, subject, text."""

from typing import Final, NamedTuple

from quenotte.care.reminders.rules.states import Channel, Kind


class Wording(NamedTuple):
    """A template as it comes with the product."""

    subject: str
    text: str
    is_on: bool


_LINK = "Pour confirmer ou demander à déplacer : {lien}"
_HELLO = "Bonjour {prénom},\n\n"
_BYE = "\n\nÀ bientôt,\n{cabinet}\n{téléphone}"

DEFAULTS: Final[dict[tuple[Channel, Kind], Wording]] = {
    (Channel.MAIL, Kind.CONFIRMATION): Wording(
        "Votre rendez-vous du {date} à {heure}",
        _HELLO + "Votre rendez-vous est noté pour le {date} à {heure}.\n\n" + _LINK + _BYE,
        is_on=False,
    ),
    (Channel.MAIL, Kind.REMINDER): Wording(
        "Rappel : votre rendez-vous du {date} à {heure}",
        _HELLO + "Nous vous attendons le {date} à {heure}.\n\n" + _LINK + _BYE,
        is_on=True,
    ),
    (Channel.MAIL, Kind.MOVED): Wording(
        "Votre rendez-vous est déplacé au {date} à {heure}",
        _HELLO + "Votre rendez-vous est déplacé : le {date} à {heure}.\n\n" + _LINK + _BYE,
        is_on=True,
    ),
    (Channel.MAIL, Kind.CANCELLED): Wording(
        "Votre rendez-vous du {date} est annulé",
        _HELLO
        + "Votre rendez-vous du {date} à {heure} est annulé.\n\n"
        + "Pour en prendre un autre, appelez le {téléphone}."
        + "\n\n{cabinet}",
        is_on=True,
    ),
    (Channel.SMS, Kind.CONFIRMATION): Wording(
        "", "{cabinet} : votre rendez-vous est noté le {date} à {heure}.\n{lien}", is_on=False
    ),
    (Channel.SMS, Kind.REMINDER): Wording(
        "", "{cabinet} : rappel de votre rendez-vous le {date} à {heure}.\n{lien}", is_on=True
    ),
    (Channel.SMS, Kind.MOVED): Wording(
        "", "{cabinet} : votre rendez-vous est déplacé au {date} à {heure}.\n{lien}", is_on=True
    ),
    (Channel.SMS, Kind.CANCELLED): Wording(
        "",
        "{cabinet} : votre rendez-vous du {date} à {heure} est annulé. Appelez le {téléphone}.",
        is_on=True,
    ),
}
