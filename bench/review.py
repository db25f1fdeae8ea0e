"""A design looked at from every side: the pure functions, the API's answer, the studio's change."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.test import Client, override_settings

from bench.own_shop import own_shop, queries
from bench.timing import Milliseconds, timed
from configurator.catalogue.families import current_family
from configurator.designs import review
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.domains import domains
from configurator.domain.family import Family
from configurator.domain.label import label
from configurator.domain.pricing import quote
from configurator.domain.recipe import recipe
from configurator.domain.scene import lay_out


def measure() -> dict[str, Any]:
    with own_shop() as (design, _till), override_settings(ALLOWED_HOSTS=["*"]):
        family = current_family(design.family)
        return {
            "modules": len(family.modules),
            "functions_ms": functions(design, family),
            "review_ms": timed(lambda: review(design, family, "en").domains),
            "api": asked(lambda visitor: reviewed(visitor, design)),
            "studio_page": asked(lambda visitor: shown(visitor, design)),
        }


def functions(design: Design, family: Family) -> dict[str, Milliseconds]:
    return {
        "problems": timed(lambda: problems(design, family, "en")),
        "domains": timed(lambda: domains(design, family, "en")),
        "quote": timed(lambda: quote(design, family, "en")),
        "recipe": timed(lambda: recipe(design, family)),
        "label": timed(lambda: label(design, family, "en")),
        "lay_out": timed(lambda: lay_out(design, family)),
    }


def asked(request: Callable[[Client], None]) -> dict[str, object]:
    """Each request as another visitor, so that no limit stops them."""
    visitors = (Client(REMOTE_ADDR=f"10.1.{n // 250}.{n % 250 + 1}") for n in range(1000))
    request(next(visitors))
    with queries() as counted:
        request(next(visitors))
    return {"ms": timed(lambda: request(next(visitors))), "sql_queries": counted.count}


def reviewed(visitor: Client, design: Design) -> None:
    wanted = {
        "family": design.family,
        "base": design.base,
        "modules": [{"module": choice.module, "slot": choice.slot} for choice in design.choices],
        "name": design.name,
    }
    answer = visitor.post("/api/v1/reviews/", json.dumps(wanted), content_type="application/json")
    assert answer.status_code == 200, answer.content


def shown(visitor: Client, design: Design) -> None:
    answer = visitor.get(f"/studio/{design.family}/{design.digest}/")
    assert answer.status_code == 200
