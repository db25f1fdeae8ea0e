"""A customer's photo: taken in whatever it is, kept privately, measured for print."""

from __future__ import annotations

import random
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path
from struct import pack
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageCms, ImageDraw

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.catalogue.starts import start
from configurator.domain.design import Design, Inscription, Photo, Wrapper
from configurator.domain.family import Family
from configurator.models import Photo as PhotoRow
from configurator.pictures import darkroom, photos
from configurator.pictures.darkroom import Refused, develop
from configurator.views import photo as photo_views
from tests import loaded
from tests.configurator.page_forms import sent_by

pytestmark = pytest.mark.django_db

PLACE_OF_ORIGIN = b"52.5200 north"


@pytest.fixture
def catalogue(db: None) -> Family:
    loaded.catalogue()
    return current_family("bar-100")


def portrait(size: tuple[int, int] = (1800, 1400)) -> Image.Image:
    """Red on the left, blue on the right, with a light spot above."""
    picture = Image.new("RGB", size, (40, 60, 160))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, size[0] // 2, size[1]), (190, 30, 30))
    pen.ellipse((size[0] // 3, 0, size[0] // 2, size[1] // 4), (240, 230, 200))
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg))


def mean(picture: Image.Image, box: tuple[int, int, int, int]) -> Any:
    return picture.crop(box).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))


# ── Developing ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_formats_are_taken(kind: str) -> None:
    made = develop(saved(portrait((400, 300)), kind))
    assert (made.width, made.height, opened(made.jpeg).format) == (400, 300, "JPEG")


def test_a_picture_held_upright_stays_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the picture's right side is up
    made = develop(saved(portrait((400, 300)), exif=exif))
    assert (made.width, made.height) == (300, 400)
    red, _green, blue = mean(opened(made.jpeg), (20, 20, 280, 100))
    assert red > blue


def test_nothing_that_the_camera_noted_is_kept() -> None:
    exif = Image.Exif()
    exif[0x9286] = PLACE_OF_ORIGIN
    exif[0x010F] = "A camera"
    made = develop(saved(portrait((400, 300)), exif=exif, comment=b"taken at home"))
    kept = opened(made.jpeg)
    assert dict(kept.getexif()) == {}
    assert "comment" not in kept.info
    assert "icc_profile" not in kept.info
    assert PLACE_OF_ORIGIN not in made.jpeg


def swapped_profile() -> bytes:
    """A profile of a device whose red is our blue."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"@XYZ").replace(b"bXYZ", b"rXYZ").replace(b"@XYZ", b"bXYZ")


def test_colours_of_another_profile_become_the_screens_colours() -> None:
    made = develop(saved(portrait((200, 200)), "PNG", icc_profile=swapped_profile()))
    red, _green, blue = mean(opened(made.jpeg), (10, 100, 80, 190))
    assert blue > 150 > red


def test_a_profile_that_is_nonsense_is_left_aside() -> None:
    made = develop(saved(portrait((200, 200)), "PNG", icc_profile=b"not a profile at all"))
    assert (made.width, made.height) == (200, 200)


def test_what_is_see_through_shows_the_paper() -> None:
    made = develop(saved(Image.new("RGBA", (200, 200), (200, 0, 0, 0)), "PNG"))
    assert mean(opened(made.jpeg), (0, 0, 200, 200)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_every_kind_of_pixel_becomes_plain_colour(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(develop(saved(portrait((200, 200)).convert("L").convert(mode), kind)).jpeg).mode == "RGB"


def test_a_larger_picture_than_any_print_needs_is_kept_smaller() -> None:
    made = develop(saved(Image.new("RGB", (6000, 3000), "tan"), quality=30))
    assert (made.width, made.height) == (4800, 2400)


# ── Refusing ─────────────────────────────────────────────────────────────────────────────────────


def png_of(width: int, height: int) -> bytes:
    """A bomb: a few bytes that say they are a huge picture."""
    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(100_000))

    def chunk(name: bytes, content: bytes) -> bytes:
        return pack(">I", len(content)) + name + content + pack(">I", zlib.crc32(name + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "format"),
        (b"%PDF-1.7 a document", "format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
        (b"GIF89a" + bytes(200), "format"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "heic"),
        (png_of(100_000, 100_000), "pixels"),
        (png_of(6000, 6000), "broken"),
        (saved(portrait())[:9000], "broken"),
        (saved(portrait((90, 90))), "small"),
    ],
    ids=["empty", "pdf", "svg", "gif", "heic", "bomb", "hollow", "half", "tiny"],
)
def test_what_cannot_be_printed_is_refused_by_name(raw: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        develop(raw)
    assert refusal.value.reason == reason


def test_a_picture_that_is_also_something_else_comes_out_as_a_picture_only() -> None:
    script = b"<script>alert(1)</script>PK\x03\x04"
    made = develop(saved(portrait((300, 300))) + script)
    assert script not in made.jpeg


FUZZ = """
import random, resource, sys
sys.path.insert(0, sys.argv[1])
from io import BytesIO
from PIL import Image, ImageDraw
import darkroom

resource.setrlimit(resource.RLIMIT_AS, (darkroom.MEMORY_BYTES, darkroom.MEMORY_BYTES))
dice = random.Random(20261122)
picture = Image.linear_gradient("L").resize((160, 140)).convert("RGB")
seeds = []
for kind, options in (
    ("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("WEBP", {"lossless": True}),
    ("PNG", {"icc_profile": b"profile" * 40}), ("GIF", {}), ("TIFF", {}), ("BMP", {}),
):
    file = BytesIO()
    picture.save(file, kind, **options)
    seeds.append(file.getvalue())
exif = Image.Exif()
exif[0x0112] = 8
file = BytesIO()
picture.convert("P").save(file, "PNG", exif=exif)
seeds.append(file.getvalue())

taken = refused = 0
for round_ in range(2000):
    raw = bytearray(dice.choice(seeds))
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        kind, place = dice.randrange(5), dice.randrange(len(raw) or 1)
        if kind == 0 and raw:
            raw[place] = dice.randrange(256)
        elif kind == 1:
            del raw[place:place + dice.randrange(1, 60)]
        elif kind == 2:
            raw[place:place] = dice.randbytes(dice.randrange(1, 40))
        elif kind == 3:
            raw[place:place + 4] = dice.choice((b"\\xff\\xff\\xff\\xff", b"\\0\\0\\0\\0", b"\\x7f\\xff\\xff\\xff"))
        else:
            raw = raw[:place] + bytearray(dice.choice(seeds)[place:])
    try:
        darkroom.develop(bytes(raw))
        taken += 1
    except darkroom.Refused:
        refused += 1
# Of this program alone: what getrusage tells includes the process that started it.
peak = next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
assert peak < darkroom.MEMORY_BYTES, peak
print(taken, refused)
"""


def test_two_thousand_mutilated_files_are_all_taken_or_refused_within_the_limits() -> None:
    folder = str(Path(darkroom.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", FUZZ, folder], capture_output=True, text=True, timeout=280, check=False
    )
    assert done.stderr == ""
    taken, refused = map(int, done.stdout.split())
    assert taken + refused == 2000
    assert min(taken, refused) > 100


# ── Uploading ────────────────────────────────────────────────────────────────────────────────────


def design_form(client: Client, family: Family) -> dict[str, Any]:
    """All that the studio's form says without scripts."""
    page = client.get(f"/studio/{family.key}/", follow=True)
    return sent_by(page.content.decode(), "design")


def upload(client: Client, family: Family, raw: bytes, **fields: object):
    file = SimpleUploadedFile("me.jpg", raw, content_type="image/jpeg")
    form = design_form(client, family) | {"photo-for": "wrapper", "wrapper-upload": file} | fields
    return client.post("/photos/", form, follow=True)


def uploaded_design(answer) -> Design:
    return designs.find(answer.redirect_chain[-1][0].split("?")[0].strip("/").split("/")[-1]).value


def test_a_photo_goes_up_with_a_plain_form_and_stands_on_the_wrapper(
    client: Client, catalogue: Family
) -> None:
    answer = upload(client, catalogue, saved(portrait()), name="Ada & Ben")
    design = uploaded_design(answer)
    row = PhotoRow.objects.get()
    assert design.name == "Ada & Ben"
    assert design.wrapper.photo is not None
    assert design.wrapper.photo.digest == row.digest
    assert (row.width, row.height) == (1800, 1400)
    assert f"/photos/{row.digest}/" in answer.content.decode()
    # The largest part of its place's shape: 72.16 by 84 mm.
    assert (design.wrapper.photo.left, design.wrapper.photo.top) == (299, 0)
    assert (design.wrapper.photo.width, design.wrapper.photo.height) == (1203, 1400)


def test_the_same_picture_is_kept_once(client: Client, catalogue: Family) -> None:
    upload(client, catalogue, saved(portrait()))
    upload(client, catalogue, saved(portrait()))
    assert PhotoRow.objects.count() == 1


def test_a_wrong_extension_makes_no_difference(client: Client, catalogue: Family) -> None:
    upload(client, catalogue, saved(portrait(), "PNG"))
    assert PhotoRow.objects.count() == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"%PDF-1.7", "no JPEG, PNG or WebP picture"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(99), "HEIC pictures cannot be printed here"),
        (saved(portrait())[:9000], "damaged or only half there"),
        (saved(portrait((90, 100))), "only 90 × 100 pixels"),
        (png_of(100_000, 100_000), "more than 40 million pixels"),
    ],
    ids=["pdf", "heic", "half", "tiny", "bomb"],
)
def test_a_refused_upload_says_why_and_keeps_the_rest(
    client: Client, catalogue: Family, raw: bytes, words: str
) -> None:
    answer = upload(client, catalogue, raw, name="Ada")
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert uploaded_design(answer).name == "Ada"
    assert not PhotoRow.objects.exists()


def test_a_mistake_beside_a_photo_is_told_and_leaves_the_bar_as_it_was_shown(
    client: Client, catalogue: Family
) -> None:
    shown = designs.save(start(catalogue, "en").named("For Grandma")).value
    answer = upload(client, catalogue, saved(portrait()), shown=shown.digest, name="W" * 201)
    design = uploaded_design(answer)
    assert "at most 200 characters" in answer.content.decode()
    assert (design.name, design.choices) == ("For Grandma", shown.choices)
    assert design.wrapper.photo is not None


def test_a_file_that_is_too_large_is_refused_and_not_kept_on_the_way(
    client: Client, catalogue: Family
) -> None:
    answer = upload(client, catalogue, saved(portrait()) + bytes(14 * 2**20))
    assert "more than 12 MB" in answer.content.decode()
    assert not PhotoRow.objects.exists()


def test_no_file_at_all_is_said_too(client: Client, catalogue: Family) -> None:
    form = design_form(client, catalogue) | {"photo-for": "wrapper"}
    assert "Choose a picture first" in client.post("/photos/", form, follow=True).content.decode()


def test_a_few_mutilated_files_over_http_are_never_an_error(client: Client, catalogue: Family) -> None:
    dice, seed = random.Random(7), saved(portrait((300, 300)))
    for _ in range(4):
        raw = bytearray(seed)
        for _ in range(6):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        assert upload(client, catalogue, bytes(raw)).status_code == 200


def test_whoever_comes_while_the_darkroom_is_full_is_asked_to_come_again(
    client: Client, catalogue: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "LONGEST_QUEUE", 0.01)
    with photos._darkrooms, photos._darkrooms:
        answer = upload(client, catalogue, saved(portrait()), name="Ada")
    assert "We are developing many pictures just now. Try again in a minute." in answer.content.decode()
    assert uploaded_design(answer).name == "Ada"
    assert upload(client, catalogue, saved(portrait())).status_code == 200
    assert PhotoRow.objects.count() == 1


def test_somebody_who_uploads_without_end_is_asked_to_wait(
    client: Client, catalogue: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_views, "PHOTOS_IN_TEN_MINUTES", 2)
    answers = [client.post("/photos/", {"family": "bar-100"}).status_code for _ in range(3)]
    assert answers == [302, 302, 429]


# ── Who may see it ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def kept(client: Client, catalogue: Family) -> PhotoRow:
    upload(client, catalogue, saved(portrait()))
    return PhotoRow.objects.get()


def test_only_the_uploader_and_staff_with_the_permission_see_it(client: Client, kept: PhotoRow) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    stranger, plain, allowed = Client(), Client(), Client()
    plain.force_login(clerk)
    office = User.objects.create_user("office", is_staff=True)
    office.user_permissions.add(Permission.objects.get(codename="view_photo"))
    allowed.force_login(office)
    address = f"/photos/{kept.digest}/"
    assert [who.get(address).status_code for who in (client, stranger, plain, allowed)] == [
        200,
        404,
        404,
        200,
    ]


def test_its_thumbnail_is_kept_by_no_shared_cache(client: Client, kept: PhotoRow) -> None:
    answer = client.get(f"/photos/{kept.digest}/")
    assert answer["Cache-Control"] == "private, max-age=600"
    assert answer["Content-Type"] == "image/jpeg"
    assert max(opened(answer.content).size) == photos.THUMBNAIL


def test_a_photo_that_was_deleted_is_simply_not_there(client: Client, kept: PhotoRow) -> None:
    default_storage.delete(photos.name_of(kept.digest))
    assert client.get(f"/photos/{kept.digest}/").status_code == 404


def test_nobody_prints_the_photo_of_somebody_else(client: Client, catalogue: Family, kept: PhotoRow) -> None:
    form = design_form(Client(), catalogue) | {"wrapper-photo": f"{kept.digest}:0:0:0:0"}
    stranger = Client()
    answer = stranger.post(f"/studio/{catalogue.key}/", form, follow=True)
    assert uploaded_design(answer).wrapper.photo is None


def test_whoever_orders_a_shared_bar_gets_its_pattern_instead_of_the_photo(
    client: Client, catalogue: Family
) -> None:
    shared = uploaded_design(upload(client, catalogue, saved(portrait())))
    bought = {"design": shared.digest, "quantity": "1"}
    strangers = Client().post("/cart/lines/", bought, follow=True).content.decode()
    own = client.post("/cart/lines/", bought, follow=True).content.decode()
    assert "stays with them" in strangers
    assert "stays with them" not in own
    assert (shared.digest in strangers, shared.digest in own) == (False, True)


# ── Opening ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("crop", "shown", "printed"),
    [
        ((0, 0, 0, 0), (1200, 1200), (4800, 4800)),
        ((2400, 0, 2400, 2400), (1200, 1200), (2400, 2400)),
        ((2401, 7, 900, 1000), (900, 1000), (900, 1000)),
    ],
)
def test_a_screen_gets_the_same_part_in_fewer_pixels_than_the_press(
    crop: tuple[int, int, int, int], shown: tuple[int, int], printed: tuple[int, int]
) -> None:
    digest = "ab" * 32
    default_storage.save(photos.name_of(digest), ContentFile(saved(portrait((4800, 4800)))))
    parts = photos.shown(Photo(digest, *crop)), photos.printed(Photo(digest, *crop))
    sizes = [part.size for part in parts if part]
    assert sizes == [shown, printed]
    first, second = (mean(part, (0, 0, *part.size)) for part in parts if part)
    assert max(abs(one - other) for one, other in zip(first, second, strict=True)) < 3


def test_no_photo_is_opened_for_a_bar_without_a_print(catalogue: Family) -> None:
    digest = "ab" * 32
    default_storage.save(photos.name_of(digest), ContentFile(saved(portrait((400, 400)))))
    design = start(catalogue, "en").inscribed(Inscription(photo=Photo(digest)))
    printed = design.adding("transfer_print", "decorations", 780)
    assert photos.on_print(design) is None
    assert photos.on_print(printed) is not None


# ── Its part and its sharpness ───────────────────────────────────────────────────────────────────


def test_another_part_is_chosen_by_numbers_alone(client: Client, catalogue: Family) -> None:
    page = upload(client, catalogue, saved(portrait()))
    form = sent_by(page.content.decode(), "design") | {
        "wrapper-left": "50",
        "wrapper-top": "10",
        "wrapper-share": "40",
        "crop": "wrapper",
    }
    photo = uploaded_design(client.post("/studio/bar-100/", form, follow=True)).wrapper.photo
    assert photo is not None
    assert (photo.left, photo.top, photo.width, photo.height) == (900, 140, 720, 838)


def test_a_photo_can_be_taken_off_again(client: Client, catalogue: Family) -> None:
    page = upload(client, catalogue, saved(portrait()))
    form = sent_by(page.content.decode(), "design") | {"unphoto": "wrapper"}
    assert uploaded_design(client.post("/studio/bar-100/", form, follow=True)).wrapper.photo is None


def with_photo(
    family: Family, width: int, height: int, crop: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> Design:
    row = PhotoRow.objects.create(digest=f"{width:032x}{height:032x}", width=width, height=height)
    return start(family, "en").wrapped(Wrapper(photo=Photo(row.digest, *crop)))


def rules(design: Design, family: Family) -> set[str]:
    return {problem.rule for problem in designs.problems(design, family, "en")}


@pytest.mark.parametrize(
    ("size", "dpi"), [((1003, 1168), 353), ((853, 993), 300), ((427, 497), 150), ((424, 494), 149)]
)
def test_sharpness_is_what_is_left_of_the_pixels_in_print(
    catalogue: Family, size: tuple[int, int], dpi: int
) -> None:
    design = with_photo(catalogue, *size)
    assert design.wrapper.photo is not None
    assert photos.dots_per_inch(design.wrapper.photo, "wrapper", design, catalogue) == dpi


def test_below_150_dots_to_the_inch_a_photo_is_refused_with_the_number_and_the_way_out(
    catalogue: Family,
) -> None:
    design = with_photo(catalogue, 424, 494)
    found = [p.message for p in designs.problems(design, catalogue, "en") if p.rule == "photo-resolution"]
    assert found == [
        "The photo would be printed with 149 dots to the inch; below 150 it is only blots. "
        "Its place needs 426 × 496 pixels. Choose a larger picture."
    ]


def test_showing_less_of_a_picture_makes_it_coarser(catalogue: Family) -> None:
    assert "photo-resolution" not in rules(with_photo(catalogue, 1600, 1800), catalogue)
    assert "photo-resolution" in rules(with_photo(catalogue, 1601, 1800, (0, 0, 400, 460)), catalogue)


def test_between_150_and_300_it_may_be_ordered_with_a_word_of_warning(catalogue: Family) -> None:
    soft, sharp = with_photo(catalogue, 700, 900), with_photo(catalogue, 1003, 1168)
    assert [len(list(photos.notes(design, catalogue))) for design in (soft, sharp)] == [1, 0]
    assert "photo-resolution" not in rules(soft, catalogue)


def test_a_photo_that_is_gone_is_a_problem_in_words(catalogue: Family) -> None:
    design = start(catalogue, "en").wrapped(Wrapper(photo=Photo("ab" * 32)))
    assert "photo" in rules(design, catalogue)
