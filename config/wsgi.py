import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402  (Django must be set up first)

from configurator.pictures import previews  # noqa: E402
from orders.checks import refuse_to_start  # noqa: E402

refuse_to_start()

if not settings.DEBUG:
    previews.preload()
