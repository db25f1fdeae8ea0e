"""People who design: each has a browser and is known by nothing but its cookie."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.domain.design import Design
from configurator.makers.creations import remember_steps
from configurator.makers.makers import COOKIE, Maker, remember
from configurator.models import Creation
from configurator.models import Design as DesignRow

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)


def bar(name: str = "Ada", base: str = "dark_60", *toppings: str) -> Design:
    family = current_family("bar-100")
    made = Design(family.key, family.version, base, name=name)
    for topping in toppings or ("almond_whole", "raspberry_fd"):
        made = made.adding(topping, "toppings", family.usual_dose(family.modules[topping]))
    return made


class Person:
    def __init__(self, key: str) -> None:
        self.maker = Maker(key).digest
        self.client = Client()
        answer = HttpResponse()
        remember(Maker(key), answer)
        self.client.cookies[COOKIE] = answer.cookies[COOKIE].value

    def designs(self, design: Design, start: Design | None = None, **said: Any) -> Creation:
        """A creation as the studio would have kept it."""
        fields = {"created_at": MONDAY, "changed_at": MONDAY} | said
        start = start or design.named("").adding("sea_salt_flakes", "toppings", 100)
        creation = Creation.objects.create(
            maker=self.maker, design=designs.save(design), started_from=designs.save(start), **fields
        )
        past = DesignRow.objects.filter(pk__in=creation.past).values_list("pk", flat=True)
        remember_steps(creation, (creation.design_id, *past))
        return creation

    def looks_at(self, address: str) -> int:
        return self.client.get(address).status_code

    def reads(self, address: str) -> str:
        response = self.client.get(address)
        assert response.status_code == 200
        return words(response.content.decode())

    def presses(self, address: str, **fields: str) -> str:
        """Sends a form and reads where it leads."""
        response = self.client.post(address, fields, follow=True)
        return words(response.content.decode())


def words(html: str) -> str:
    """What a page says, without its marks."""
    main = html.partition("<main")[2] or html
    told = html.partition('role="status"')[2].partition("</div>")[0] if "messages page" in html else ""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", told + "<main" + main)).split())
