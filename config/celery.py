"""The Celery application: the web process rings its bell, the worker runs the tasks."""

import os
from typing import Any

from celery import Celery, signals
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("couverture")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")


@signals.worker_init.connect
def refuse_to_start(**_kwargs: Any) -> None:
    # Django is set up only when a worker starts, and its checks do not run then.
    from orders import checks  # noqa: PLC0415

    try:
        checks.refuse_to_start()
    except ImproperlyConfigured as refusal:
        # Celery logs any other exception of a receiver, and starts.
        raise SystemExit(str(refusal)) from refusal
