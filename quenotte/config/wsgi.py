"""Django's door for one request at a time."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
application = get_wsgi_application()
