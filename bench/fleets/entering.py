"""Prints a session of a technician of the demo: ``python -m bench.fleets.entering``.

The form asks for a code that only its own page shows; what pages cost does not depend on how one
came in.
"""

import json
import os

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.provider")
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from quenotte.base.people.models import Person
    from quenotte.provider.fleet.models import Finding

    client = Client()
    tom = Person.objects.get(username="tom")
    client.force_login(tom, backend="quenotte.base.people.backends.Backend")
    found = Finding.objects.filter(is_open=True).values_list("customer_id", flat=True)
    told = {
        "cookie": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "name": settings.SESSION_COOKIE_NAME,
        "practices": [str(one) for one in found.distinct()[:40]],
        "open": found.count(),
    }
    print(json.dumps(told))
