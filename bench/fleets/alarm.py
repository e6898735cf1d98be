"""Puts a technician on duty, told by letters: ``python -m bench.fleets.alarm PORT``.

In the environment of a provider's site; PORT is that of a mail server on this machine.
"""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.provider")
    import django

    django.setup()
    from quenotte.base.people.models import Person
    from quenotte.devices.mail.accounts import Security
    from quenotte.provider.incidents.models import Duty, Sending

    tom = Person.objects.get(username="tom")
    Sending.objects.update_or_create(
        practice_id=tom.practice_id,
        defaults={
            "smtp_host": "127.0.0.1",
            "smtp_port": int(sys.argv[1]),
            "smtp_security": Security.NONE.value,
            "sender_address": "alertes@prestataire.example",
        },
    )
    Duty.objects.update_or_create(
        person=tom,
        defaults={
            "by_push": False,
            "by_mail": True,
            "email": "tom@prestataire.example",
            "weekdays": "0123456",
            "from_hour": 0,
            "to_hour": 0,
        },
    )
    print("ready")
