"""The catalogue is loaded from files, checked row by row, and its versions are kept."""

import csv
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from configurator import designs, models
from configurator.catalogue.cells import CatalogueMistaken
from configurator.catalogue.families import FamilyUnknown, current_families, current_family, family_under
from configurator.catalogue.files import CATEGORIES, FOLDER, modules
from configurator.catalogue.loading import from_files, load
from configurator.catalogue.publishing import publish
from configurator.domain.design import Design

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def changed_file(folder: Path, key: str, column: str, cell: str) -> Path:
    with (FOLDER / "modules.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    next(row for row in rows if row["key"] == key)[column] = cell
    path = folder / "modules.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_all_132_modules_stand_in_the_file_with_category_and_tastes() -> None:
    rows = modules()
    assert len(rows) == 132
    assert {row.module["category"] for row in rows} == set(CATEGORIES)
    assert all(row.module["tastes"] for row in rows)


@pytest.mark.parametrize(
    ("key", "column", "cell", "words"),
    [
        ("almond_whole", "fat", "12", "modules.csv, row 15 (almond_whole), column energy_kj_per_100g: "),
        ("almond_whole", "fat", "lots", "row 15 (almond_whole), column fat: “lots” is not a number."),
        ("almond_whole", "salt", "-1", "column salt: “-1” must be 0 or more."),
        ("almond_whole", "eu_allergens", "", "column eu_allergens: “almonds” is emphasised"),
        ("almond_whole", "eu_allergens", "NUT-ALM;MLK", "column ingredient_text_en: MLK is not emphasised"),
        ("almond_whole", "eu_allergens", "NUTS", "column eu_allergens: “NUTS” is not an allergen"),
        ("almond_whole", "ingredient_text_de", "Mandeln", "column ingredient_text_de: emphasise with **"),
        ("almond_whole", "ingredient_text_en", "**almonds", "column ingredient_text_en: a ** is not closed."),
        ("almond_whole", "piece_g", "11", "column piece_g: 11 g does not fit 22x12x8 mm."),
        ("almond_whole", "piece_g", "", "column piece_g: size and weight of a piece must be given together."),
        ("almond_whole", "piece_mm_LxWxH", "22 by 12", "column piece_mm_LxWxH: “22 by 12” must look like"),
        ("almond_whole", "max_dosage_g", "3", "column max_dosage_g: must be at least the usual dose"),
        ("almond_whole", "sugars", "90", "column sugars: more than carbohydrate."),
        ("almond_whole", "kind", "snack", "column kind: “snack” must be one of: base, mix-in,"),
        ("almond_whole", "colour_hex", "brown", "column colour_hex: “brown” must look like #3B2117."),
        ("almond_whole", "surcharge_eur", "0.705", "column surcharge_eur: “0.705” has too many decimals."),
        ("almond_whole", "english_name", "", "column english_name: must not be empty."),
        ("milk_37", "vegan", "y", "column vegan: says y, but the allergens name an animal product."),
        (
            "violet_candied",
            "ingredient_text_en",
            "violets (E 122)",
            "“E 122” is a colour that we do not use.",
        ),
        ("dark_60", "cocoa_butter_pct", "17.9", "chocolate needs cocoa_butter_pct of 18 % at least."),
        ("milk_37", "milk_fat_pct", "3.4", "milk chocolate needs milk_fat_pct of 3.5 % at least."),
        ("dark_60", "dry_nonfat_cocoa_pct", "15.9", "semisweet chocolate needs dry_nonfat_cocoa_pct of 35 %"),
        ("vegan_white", "legal_name_eu_en", "White chocolate", "the recipe meets no reserved name."),
        ("vegan_white", "legal_name_eu_de", "Vegane Tafel", "“Vegane” names a diet, which a label may not"),
        ("cornflakes_gf", "ingredient_text_en", "gluten-free maize flakes", "sounds free from an allergen"),
        ("tonka", "market_block", "USA", "column market_block: “USA” must look like US or US?legal-name."),
        ("almond_whole", "key", "dark_60", "row 15 (dark_60), column key: stands twice."),
        ("almond_whole", "key", "almond_new", "row 15 (almond_new), column key: has no line in browsing"),
    ],
)
def test_a_mistake_is_named_by_row_and_column(
    tmp_path: Path, key: str, column: str, cell: str, words: str
) -> None:
    with pytest.raises(CatalogueMistaken) as mistake:
        modules(changed_file(tmp_path, key, column, cell))
    assert words in str(mistake.value)


@pytest.mark.django_db
def test_a_mistaken_file_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"row 15 \(almond_whole\), column fat"):
        call_command("load_catalogue", modules=changed_file(tmp_path, "almond_whole", "fat", "x"))
    assert models.Module.objects.count() == 0


@pytest.mark.django_db
def test_loading_twice_publishes_once() -> None:
    said = StringIO()
    call_command("load_catalogue", stdout=said)
    call_command("load_catalogue", stdout=said)
    once = "132 modules, 0 retired; bar-100 version 1, mini-40 version 1, heart-80 version 1, slab-250 version 1, sample-box version 1\n"
    assert said.getvalue() == once * 2
    assert models.FamilyVersion.objects.count() == 5
    assert [family.key for family in current_families()] == ["bar-100", "mini-40", "heart-80", "slab-250"]


@pytest.mark.django_db
def test_what_is_published_is_what_the_files_say() -> None:
    load(at=NOON)
    assert current_family("bar-100") == from_files("bar-100")
    assert current_family("mini-40") == from_files("mini-40")


@pytest.mark.django_db
def test_a_dearer_almond_makes_a_new_version_and_leaves_the_old_one_as_it_was(tmp_path: Path) -> None:
    load(at=NOON)
    old = current_family("bar-100")
    load(at=NOON, modules_file=changed_file(tmp_path, "almond_whole", "surcharge_eur", "0.90"))
    new = current_family("bar-100")
    assert [v.number for v in models.FamilyVersion.objects.filter(family__key="bar-100")] == [2, 1]
    assert new.modules["almond_whole"].surcharge_cents == 90
    family_under.cache_clear()
    assert family_under(old.version) == old


@pytest.mark.django_db
def test_going_back_to_an_old_catalogue_is_its_old_version(tmp_path: Path) -> None:
    load(at=NOON)
    old = current_family("bar-100").version
    load(at=NOON, modules_file=changed_file(tmp_path, "almond_whole", "surcharge_eur", "0.90"))
    load(at=NOON)
    assert current_family("bar-100").version == old


@pytest.mark.django_db
def test_a_module_that_leaves_the_file_is_retired_not_deleted(tmp_path: Path) -> None:
    load(at=NOON)
    file = tmp_path / "modules.csv"
    lines = (FOLDER / "modules.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("cardamom")), encoding="utf-8")
    loaded = load(at=NOON, modules_file=file)
    assert (loaded.modules, loaded.retired) == (131, 1)
    assert current_family("bar-100").modules["cardamom"].retired is True


@pytest.mark.django_db
def test_a_rule_about_an_unknown_module_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "families.toml"
    rules = (FOLDER / "families.toml").read_text(encoding="utf-8")
    file.write_text(rules.replace('"choc_plaque"', '"choc_plack"'), encoding="utf-8")
    with pytest.raises(CatalogueMistaken, match="constraint one-message: “choc_plack” is not a module"):
        load(at=NOON, families_file=file)


@pytest.mark.django_db
def test_a_family_or_version_nobody_published_is_unknown() -> None:
    with pytest.raises(FamilyUnknown):
        current_family("heart-80")
    with pytest.raises(FamilyUnknown):
        family_under("f" * 64)


@pytest.mark.django_db
def test_a_design_is_kept_once_and_found_by_digest_and_code(ada: Design) -> None:
    load(at=NOON)
    kept = designs.save(ada)
    assert designs.save(ada) == kept
    assert designs.find(ada.digest).value == ada
    assert designs.find_by_code(ada.code).value == ada
    with pytest.raises(designs.DesignUnknown):
        designs.find("0" * 64)


@pytest.mark.django_db
def test_a_long_name_is_kept_whole_in_the_design(ada: Design) -> None:
    load(at=NOON)
    long = ada.named("n" * 300)
    assert designs.save(long).value == long


@pytest.mark.django_db
def test_no_allergen_is_let_into_zone_f() -> None:
    """Every other bar that is made there would carry it unsaid."""
    load(at=NOON)
    models.Module.objects.filter(key="almond_whole").update(free_zone=True)
    with pytest.raises(
        CatalogueMistaken, match="almond_whole contains NUT-ALM and cannot be let into zone F"
    ):
        publish("bar-100", at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"allergens": ["NUT"]}, "Ingredient almond_whole, allergens: “NUT” is unknown."),
        ({"allergens": "NUT-ALM"}, "Ingredient almond_whole, allergens: write a list"),
        ({"text_de": "Mandeln"}, "Ingredient almond_whole, text de: emphasise its allergens"),
        ({"text_en": "**almonds"}, "Ingredient almond_whole, text en: a ** is not closed."),
        ({"allergens": ["NUT-ALM", "MLK"]}, "Ingredient almond_whole, text en: MLK is not emphasised"),
        ({"text_en": "vegan **almonds**"}, "Ingredient almond_whole, text en: “vegan” names a diet, which"),
    ],
)
def test_what_staff_mistyped_is_not_published(fields: dict[str, object], words: str) -> None:
    load(at=NOON)
    before = current_family("bar-100").version
    models.Ingredient.objects.filter(key="almond_whole").update(**fields)
    with pytest.raises(CatalogueMistaken) as mistake:
        publish("bar-100", at=NOON)
    assert words in str(mistake.value)
    assert current_family("bar-100").version == before
