"""The photo of a finished bar: kept as pixels alone, held beside its design, shown to whoever ordered or holds it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from random import Random

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageEnhance, ImageFilter

from configurator.catalogue.loading import from_files
from configurator.domain.design import Design
from configurator.domain.scene import lay_out
from configurator.pictures import photos
from configurator.rendering.compose import cut_out_bar
from orders import emails
from orders.models import BarPhoto, Job
from orders.production import as_made, labels
from orders.production.likeness import ALIKE, UNLIKE, likeness
from tests.orders.paid import MONDAY_NOON, bring_to, design, only_job, operator, paid_order, with_photo_print

LATER = MONDAY_NOON + timedelta(hours=3)
BARS = {
    "almonds and raspberries": ("dark_60", ("almond_whole", "raspberry_fd"), ""),
    "the same as a ring": ("dark_60", ("almond_whole", "raspberry_fd"), "ring"),
    "pistachios and roses": ("white_32", ("pistachio_chopped", "rose_petals"), ""),
    "plain and dark": ("dark_60", (), ""),
    "plain and white": ("white_32", (), ""),
    "hazelnuts": ("dark_60", ("hazelnut_whole",), ""),
    "strawberries": ("ruby_35", ("strawberry_fd", "pistachio_chopped"), ""),
}


def drawn(name: str) -> Image.Image:
    family = from_files("bar-100")
    base, toppings, pattern = BARS[name]
    made = Design(family.key, family.version, base, name="Ada")
    for module in toppings:
        dose = family.usual_dose(family.modules[module])
        made = made.adding(module, "toppings", dose, *([pattern] if pattern else []))
    return cut_out_bar(lay_out(made, family), family, 640)


def snapped(bar: Image.Image, seed: int) -> Image.Image:
    """As a tablet would take it: on a table, not quite straight, in some lamp's light, perhaps upside down."""
    chance = Random(seed)
    shot = bar.convert("RGBA").rotate(
        chance.uniform(-3, 3) + 180 * (seed % 3 == 0), expand=True, resample=Image.Resampling.BICUBIC
    )
    across = chance.randint(1100, 1500)
    shot = shot.resize((across * 3 // 4, across * 3 // 4 * shot.height // shot.width))
    table = (chance.randint(200, 245),) * 3 if seed % 2 else (90, 100, 110)
    photo = Image.new("RGB", (across, across * 7 // 10), table)
    corner = (
        (photo.width - shot.width) // 2 + chance.randint(-60, 60),
        (photo.height - shot.height) // 2 + chance.randint(-40, 40),
    )
    photo.paste(shot.convert("RGB"), corner, shot.getchannel("A"))
    photo = ImageEnhance.Brightness(photo).enhance(chance.uniform(0.75, 1.2))
    photo = ImageEnhance.Color(photo).enhance(chance.uniform(0.8, 1.2))
    red, green, blue = photo.split()
    warm = chance.uniform(0.88, 1.0)
    photo = Image.merge("RGB", (red, green, blue.point(lambda level: int(level * warm))))
    return photo.filter(ImageFilter.GaussianBlur(1.5))


def as_file(picture: Image.Image, kind: str = "JPEG", **more: object) -> SimpleUploadedFile:
    file = BytesIO()
    picture.save(file, kind, **more)
    return SimpleUploadedFile(f"bar.{kind.lower()}", file.getvalue(), f"image/{kind.lower()}")


# ── How alike ────────────────────────────────────────────────────────────────────────────────────


def test_a_bar_looks_like_its_own_design_and_never_like_another() -> None:
    """Seven bars, three photos of each, held beside all seven designs."""
    designs = {name: drawn(name) for name in BARS}
    for place, (name, bar) in enumerate(designs.items()):
        shots = [snapped(bar, 10 * place + shot) for shot in range(3)]
        for other, wanted in designs.items():
            found = [likeness(shot, wanted) for shot in shots]
            if other == name:
                assert min(found) >= ALIKE, (name, found)
            else:
                assert max(found) < ALIKE, (name, other, found)


def test_the_very_picture_is_its_design() -> None:
    bar = drawn("strawberries")
    on_a_table = Image.new("RGB", bar.size, "white")
    on_a_table.paste(bar.convert("RGB"), (0, 0), bar.convert("RGBA").getchannel("A"))
    assert likeness(on_a_table, bar) > 900


def test_an_empty_table_is_no_bar() -> None:
    assert likeness(Image.new("RGB", (800, 600), (200, 60, 180)), drawn("hazelnuts")) < UNLIKE


# ── On the floor ─────────────────────────────────────────────────────────────────────────────────

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def bea(db):
    return operator()


@pytest.fixture
def job(bea) -> Job:
    job = only_job(paid_order((design("Für Oma"), 1)))
    bring_to(job, "topped", bea)
    return job


def taken(seed: int = 1) -> SimpleUploadedFile:
    return as_file(snapped(drawn("almonds and raspberries"), seed))


def test_nothing_but_pixels_is_kept(job, bea) -> None:
    told = Image.Exif()
    told[0x010E] = "Bea at home"
    photo = as_made.keep(job, as_file(snapped(drawn("hazelnuts"), 1), exif=told), by=bea, at=LATER)

    content = as_made.read(photo)

    assert b"Bea at home" not in content
    with Image.open(BytesIO(content)) as kept:
        assert (kept.format, dict(kept.getexif()), max(kept.size) <= as_made.LONGEST) == ("JPEG", {}, True)


def test_the_last_photo_counts_and_none_is_lost(job, bea) -> None:
    first, second = (as_made.keep(job, taken(seed), by=bea, at=LATER) for seed in (1, 2))
    assert as_made.last_of([job]) == {job.pk: second}
    assert default_storage.exists(first.file)
    assert BarPhoto.objects.count() == 2


@pytest.mark.parametrize("state", ["queued", "kitted", "wrapped"])
def test_a_bar_is_photographed_while_its_face_is_seen(bea, state: str) -> None:
    job = only_job(paid_order())
    bring_to(job, state, bea)
    with pytest.raises(as_made.PhotoTooEarlyOrLate):
        as_made.keep(job, taken(), by=bea, at=LATER)


def test_the_page_takes_the_photo_and_hints(job, bea, client: Client) -> None:
    client.force_login(bea)
    page = f"/floor/jobs/{job.code}/"
    assert 'capture="environment"' in client.get(page).content.decode()

    assert client.post(f"{page}photos/", {"photo": taken()}).status_code == 302
    assert "Looks like its design." in client.get(page).content.decode()
    assert client.get(f"{page}photo.jpg").headers["Content-Type"] == "image/jpeg"

    other = as_file(snapped(drawn("plain and white"), 1))
    client.post(f"{page}photos/", {"photo": other})
    assert "This looks like another bar" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (None, "Choose a photo first."),
        (SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg"), "no JPEG, PNG or WebP"),
        (SimpleUploadedFile("x.jpg", b"\xff\xd8\xff\xe0" + bytes(200), "image/jpeg"), "picture"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(job, bea, client: Client, upload, words: str) -> None:
    client.force_login(bea)
    answer = client.post(f"/floor/jobs/{job.code}/photos/", {"photo": upload} if upload else {})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not BarPhoto.objects.exists()


def test_a_file_that_is_too_large_is_not_read(job, bea, client: Client, monkeypatch) -> None:
    monkeypatch.setattr(photos, "MOST_BYTES", 1000)
    client.force_login(bea)
    assert client.post(f"/floor/jobs/{job.code}/photos/", {"photo": taken()}).status_code == 422


# ── For the customer ─────────────────────────────────────────────────────────────────────────────


def page_of(job: Job, bea) -> str:
    bring_to(job, "checked", bea)
    return f"/bars/{labels.print_label(job, by=bea, at=LATER).code}/"


def test_whoever_holds_the_bar_sees_it_as_it_was_made(job, bea) -> None:
    photo = as_made.keep(job, taken(), by=bea, at=LATER)
    page = page_of(job, bea)

    assert f'src="{page}photo.jpg"' in Client().get(page).content.decode()
    answer = Client().get(f"{page}photo.jpg")
    assert (answer.content, answer.headers["X-Robots-Tag"]) == (as_made.read(photo), "noindex, nofollow")


def test_a_bar_with_a_customers_photo_is_shown_to_the_customer_alone(bea) -> None:
    order = paid_order((with_photo_print(design("Ada", "dark_60")), 1))
    job = only_job(order)
    bring_to(job, "topped", bea)
    as_made.keep(job, taken(), by=bea, at=LATER)
    page = page_of(job, bea)

    assert "photo.jpg" not in Client().get(page).content.decode()
    assert Client().get(f"{page}photo.jpg").status_code == 404
    assert Client().get(f"/orders/{order.token}/bars/{job.code}/photo.jpg").status_code == 200


def test_whoever_ordered_sees_each_bar_on_the_page_of_the_order(job, bea) -> None:
    order = job.order_line.order
    page = f"/orders/{order.token}/"
    assert "photo.jpg" not in Client().get(page).content.decode()
    photo = as_made.keep(job, taken(), by=bea, at=LATER)

    address = f"/orders/{order.token}/bars/{job.code}/photo.jpg"
    assert address in Client().get(page).content.decode()
    assert Client().get(address).content == as_made.read(photo)
    stranger = paid_order((design("Grace"), 1))
    assert Client().get(f"/orders/{stranger.token}/bars/{job.code}/photo.jpg").status_code == 404


def test_a_forgotten_order_has_no_photos(job, bea) -> None:
    photo = as_made.keep(job, taken(), by=bea, at=LATER)
    as_made.forget_files(job.order_line.order)
    assert not default_storage.exists(photo.file)
    assert (BarPhoto.objects.get().file, as_made.last_of([job])) == ("", {})


# ── In the mail that the parcel has left ─────────────────────────────────────────────────────────


def sent_mail(bar: Design, bea, locale: str = "en"):
    order = paid_order((bar, 1), locale=locale)
    job = only_job(order)
    bring_to(job, "topped", bea)
    as_made.keep(job, as_file(snapped(drawn("hazelnuts"), 1)), by=bea, at=LATER)
    bring_to(job, "shipped", bea, at=LATER)
    return order, job, emails.shipped(order.shipments.get())


@pytest.mark.parametrize(
    ("locale", "made", "words"),
    [
        ("en", "As it was made", "The photo of your bar, as it was made:"),
        ("de", "Wie sie gemacht wurde", "Das Foto deiner Tafel, wie sie gemacht wurde:"),
    ],
)
def test_the_mail_shows_the_photo_beside_the_design(catalogue, client, locale, made, words):
    order, job, mail = sent_mail(design(), operator(), locale)
    html = str(mail.alternatives[0][0])
    address = f"/orders/{order.token}/bars/{job.code}/photo.jpg?small"

    assert made in html
    assert f'{address}"' in html
    assert f"{words}\nhttp" in str(mail.body)
    assert f"/orders/{order.token}/#made-title" in str(mail.body)
    with Image.open(BytesIO(client.get(address).content)) as small:
        assert max(small.size) == as_made.SMALL


def test_the_mail_only_leads_to_what_has_a_customers_own_photo_on_it(catalogue):
    order, _job, mail = sent_mail(with_photo_print(design()), operator())
    html = str(mail.alternatives[0][0])

    assert "photo.jpg" not in html
    assert f"/orders/{order.token}/#made-title" in html


def test_a_mail_about_bars_that_nobody_photographed_says_nothing_of_photos(catalogue):
    order = paid_order()
    bring_to(only_job(order), "shipped", operator(), at=LATER)
    assert "made-title" not in str(emails.shipped(order.shipments.get()).body)
