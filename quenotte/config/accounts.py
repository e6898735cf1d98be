"""``quenotte people``: the way in when the only manager lost her password or her telephone."""

import dataclasses

from quenotte.config import console
from quenotte.config.words import _


def give_password(username: str) -> int:
    """Give an account a password good for one login and print it; return the exit code.

    Whoever may run commands on the data folder already holds all that is in it; the journal
    keeps a line all the same.
    """
    import django

    django.setup()
    from quenotte.base.audit.rules import SYSTEM
    from quenotte.base.people import operations, queries
    from quenotte.kernel.errors import Refusal

    person = queries.account_named(username)
    if person is None:
        console.complain(_("Aucun compte ne s’appelle « {name} ».").format(name=username))
        return 1
    actor = dataclasses.replace(SYSTEM, practice_id=person.practice_id)
    try:
        password = operations.give_password(actor=actor, person_id=person.id)
    except Refusal as refusal:
        console.complain(str(refusal))
        return 1
    console.say(
        _("Mot de passe de {name}, bon pour une seule connexion : {password}").format(
            name=person.username, password=password
        )
    )
    return 0


def reset_factors(username: str) -> int:
    """Take the second factors of an account away; return the exit code."""
    import django

    django.setup()
    from quenotte.base.audit.rules import SYSTEM
    from quenotte.base.people import operations, queries
    from quenotte.kernel.errors import Refusal

    person = queries.account_named(username)
    if person is None:
        console.complain(_("Aucun compte ne s’appelle « {name} ».").format(name=username))
        return 1
    actor = dataclasses.replace(SYSTEM, practice_id=person.practice_id)
    try:
        operations.reset_factors(actor=actor, person_id=person.id)
    except Refusal as refusal:
        console.complain(str(refusal))
        return 1
    console.say(
        _("Les seconds facteurs de {name} sont retirés, ses connexions sont coupées.").format(
            name=person.username
        )
    )
    return 0
