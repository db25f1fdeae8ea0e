"""What a tablet keeps for when the network is away: static/workers/stations.js shows it then."""

from __future__ import annotations

import json
from typing import Final

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from orders.views.floor_access import floor_page

may_work_without_network: Final = csp_replace({"worker-src": [SELF]})


@require_safe
@floor_page("orders.view_job")
def worker(request: HttpRequest) -> HttpResponse:
    """Changes with the file that it names, and so with each release that changes it."""
    script = f"importScripts({json.dumps(static('workers/stations.js'))});\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@may_work_without_network
@require_safe
@floor_page("orders.view_job")
def no_network(request: HttpRequest) -> HttpResponse:
    """Names nobody: it stays on the tablet whoever signs out. Its headers guard the page that is kept, too."""
    return render(request, "floor/no_network.html")
