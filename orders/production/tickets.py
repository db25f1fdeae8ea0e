"""The paper that goes with a job: one A5 page, without a name or an address of anybody."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock

import segno
import typst
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from PIL import Image

from configurator.catalogue.families import family_under
from configurator.domain.arrangements import pattern_words, rest_words, size_words
from configurator.domain.design import SCATTERED, Choice, Design
from configurator.domain.family import Family, Module
from configurator.domain.label import Label
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.label.sheet import thawed
from configurator.domain.label.zones import zone_of
from configurator.domain.recipe import grams, numbered
from configurator.domain.scene import Scene, fitting, lay_out, piece_count
from configurator.pictures.picture_addresses import Picture
from configurator.pictures.previews import preview
from configurator.rendering.inscriptions import PRINT
from orders.models.order import OrderLine
from orders.models.production import Job
from orders.production.consent import ON_TICKET
from orders.production.placement import BOX_COLOUR, PlacementMap, ink_on, placement_map

FOLDER = Path(__file__).parent
PICTURE_WIDTH = 1200
SCENES_KEPT = 256
_compiling = Lock()


@dataclass(frozen=True, slots=True)
class Dose:
    """A row of the dosing table. The base has the number 0."""

    number: int
    name: str
    grams: str
    pieces: str
    place: str
    colour: str
    ink: str


@dataclass(frozen=True, slots=True)
class Ticket:
    code: str
    address: str
    order: str
    bar: str
    due: str
    weekday: str
    mould: str
    base: str
    base_colour: str
    base_ink: str
    name: str
    remake: str
    runs_out: str
    """What the customer allowed for that case."""
    gift: bool
    """Whether a card goes with it; its words stay with the order."""
    zone: str
    contains: str
    traces: str
    doses: tuple[Dose, ...]
    map: PlacementMap
    words: dict[str, str]


def store(job: Job) -> None:
    """Make the ticket and keep it; a half-written one of a killed worker is replaced."""
    name = f"tickets/{job.code}.pdf"
    default_storage.delete(name)
    job.ticket = default_storage.save(name, ContentFile(render(job)))
    job.save(update_fields=["ticket"])


def kept_or_made(job: Job) -> bytes:
    return _kept(job) or render(job)


def render(job: Job) -> bytes:
    """The ticket as PDF, the same bytes for the same job."""
    ticket = ticket_of(job)
    picture = preview(Picture(job.order_line.design_id, "bar", PICTURE_WIDTH, "jpg"))
    inputs = {
        "ticket": json.dumps(asdict(ticket)),
        "qr": segno.make(ticket.address, error="m", micro=False).svg_inline(border=0),
        "picture": _as_svg(picture.content),
    }
    # One compiler serves a process; it is not made for two threads at once.
    with _compiling:
        pdf = _compiler().compile(format="pdf", sys_inputs=inputs, timestamp=int(job.created_at.timestamp()))
    assert isinstance(pdf, bytes)
    return pdf


def ticket_of(job: Job) -> Ticket:
    """Everything on the paper, in the language of the floor, from what the order line froze."""
    line = job.order_line
    family = family_under(line.family_version)
    with translation.override(settings.FLOOR_LANGUAGE):
        doses = doses_of(line, family)
        return Ticket(
            code=job.code,
            address=settings.SHOP_URL + reverse("orders:floor-ticket-code", args=[job.code]),
            order=line.order.number,
            bar=bar_of_order(job),
            due=date_format(job.due_on, _("j M")),
            weekday=date_format(job.due_on, "l"),
            mould=mould(family, line.design.value.face),
            base=doses[0].name if family.is_bar else _("Bags, each in its zone"),
            base_colour=doses[0].colour if family.is_bar else BOX_COLOUR,
            base_ink=doses[0].ink if family.is_bar else ink_on(BOX_COLOUR),
            name=line.name,
            remake=_("Remake of %(code)s") % {"code": job.remake_of.code} if job.remake_of else "",
            runs_out=str(ON_TICKET[line.order.substitution]),
            gift=bool(job.shipment.gift_message),
            zone=zone_words(line),
            contains=allergens_of(line),
            traces=traces_of(line),
            doses=doses,
            map=map_of(line, family),
            words=_words(),
        )


def doses_of(line: OrderLine, family: Family) -> tuple[Dose, ...]:
    """The frozen recipe, the base first."""
    language = translation.get_language() or settings.FLOOR_LANGUAGE
    design = line.design.value
    scene = _scene(design, family.version)
    laid = {(choice.slot, choice.module): choice for choice in design.choices}
    numbers = numbered(design, family)
    rows = []
    for portion in line.recipe:
        module, place = family.modules[portion["module"]], (portion["slot"], portion["module"])
        number = numbers.get(place, 0)
        is_counted = number and family.is_bar and piece_count(module, portion["mg"])
        rows.append(
            Dose(
                number=number,
                name=module.name.to(language),
                grams=_decimal(grams(portion["mg"])),
                pieces=str(fitting(laid[place], module, scene)) if is_counted else "",
                place=_place(laid[place], design, scene, family) if number else "",
                colour=module.colour,
                ink=ink_on(module.colour),
            )
        )
    return tuple(rows)


def _place(choice: Choice, design: Design, scene: Scene, family: Family) -> str:
    """What the hands must know beside the map; nothing for what is simply scattered on top."""
    language = translation.get_language() or settings.FLOOR_LANGUAGE
    slot, module = family.slot(choice.slot), family.modules[choice.module]
    if not family.is_bar:
        return _("Zone %(zone)s") % {"zone": zone_of(module)}
    if "mix-in" in slot.kinds:
        return slot.name.to(language)
    pieces = [piece for piece in scene.pieces if (piece.slot, piece.module) == (choice.slot, choice.module)]
    told = [pattern_words(choice.pattern, language)] if choice.pattern != SCATTERED else []
    told += [
        size_words(piece, language) for piece in pieces[:1] if piece.count and size_words(piece, language)
    ]
    if module.shape.hint == "sheet":
        told += _inscription(design, module)
    told += [
        rest_words(rest, language)
        for rest in scene.left_over
        if (rest.slot, rest.module) == (choice.slot, choice.module)
    ]
    return ", ".join(told)


def _inscription(design: Design, module: Module) -> list[str]:
    """What stands on a plaque or a print, as the picture shows it: a photo speaks for itself."""
    has_photo = module.key == PRINT and design.inscription.photo is not None
    text = design.inscription.text or ("" if has_photo else design.name)
    told = [_("“%(words)s”") % {"words": text}] if text else []
    return [_("photo, see the print file"), *told] if has_photo else told


def map_of(line: OrderLine, family: Family) -> PlacementMap:
    design = line.design.value
    return placement_map(_scene(design, family.version), family, numbered(design, family))


@lru_cache(maxsize=SCENES_KEPT)
def _scene(design: Design, version: str) -> Scene:
    """A station shows the same few bars again and again, each in its list and on its map."""
    return lay_out(design, family_under(version))


def allergens_of(line: OrderLine) -> str:
    return _named(line.allergens)


def traces_of(line: OrderLine) -> str:
    return _named(list(_frozen_label(line).may_contain))


def zone_words(line: OrderLine) -> str:
    """Where the bar is made; orders from before there were zones are made where everything is."""
    return _("Zone %(zone)s") % {"zone": _frozen_label(line).zone}


def _frozen_label(line: OrderLine) -> Label:
    return thawed(next(iter(line.labels.values())))


def bar_of_order(job: Job) -> str:
    """Which bar of its parcel, which parcel, and the box it lies in."""
    told = [_("bar %(place)d of %(of)d") % {"place": job.place, "of": job.of}]
    if job.shipment.place > 1:
        told.append(_("parcel %(place)d") % {"place": job.shipment.place})
    if job.order_line.box:
        told.append(_("box of %(size)d") % {"size": job.order_line.box.size})
    return ", ".join(told)


def mould(family: Family, face: str) -> str:
    """Which one to take, and its size; the face where there is a choice of them."""
    language = translation.get_language() or settings.FLOOR_LANGUAGE
    names = [family.name.to(language)]
    if len(family.faces) > 1:
        names.append(next((f for f in family.faces if f.key == face), family.faces[0]).name.to(language))
    space = "\N{NO-BREAK SPACE}"
    names.append(f"{family.length // 10}{space}×{space}{family.width // 10}{space}mm")
    return ", ".join(names)


def _kept(job: Job) -> bytes | None:
    if not job.ticket.name:
        return None
    try:
        with default_storage.open(job.ticket.name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def _named(codes: list[str]) -> str:
    language = translation.get_language() or settings.FLOOR_LANGUAGE
    return ", ".join(ALLERGENS[code].to(language) for code in codes)


def _decimal(number: str) -> str:
    return number.replace(".", ",") if translation.get_language() == "de" else number


def _words() -> dict[str, str]:
    return {
        "due": _("Due"),
        "contains": _("Contains"),
        "nothing": _("No allergen declared"),
        "traces": _("May contain"),
        "dose": _("Dose"),
        "grams": _("g"),
        "pieces": _("pcs"),
        "remake": _("REMAKE"),
        "gift": _("GIFT"),
        "true_size": _("Map at true size, grid 10 mm"),
    }


def _as_svg(jpeg: bytes) -> str:
    # typst takes pictures as files or text; a picture inside an SVG needs no file.
    with Image.open(BytesIO(jpeg)) as picture:
        width, height = picture.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'xlink:href="data:image/jpeg;base64,{b64encode(jpeg).decode()}"/></svg>'
    )


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FOLDER / "fonts")])
    return typst.Compiler(str(FOLDER / "ticket.typ"), root=str(FOLDER), font_paths=fonts)
