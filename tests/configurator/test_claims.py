"""Words that nobody may put on a bar for others to read before somebody of the shop has looked."""

from __future__ import annotations

import pytest

from configurator.domain.claims import Claim, Subject, claims


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        *(("allergen", text) for text in (
            "nut-free", "Nut free", "NUTFREE", "No nuts!", "0% milk", "without dairy", "nussfrei", "Nuss frei",
            "ohne Nüsse", "glutenfrei", "Gluten – frei", "Mandel (frei)", "sans noix", "senza glutine",
            "sin leche", "sem leite", "melkvrij", "bez orzechów", "utan nötter", "fındıksız", "sütsüz",
        )),
        *(("diet", text) for text in (
            "vegan", "VÉGAN", "végétalien", "wegańska", "vegaan", "vejetaryen", "veganskt", "halal", "koscher",
            "low carb", "Keto-Riegel", "diabetic", "веган",
        )),
        *(("health", text) for text in (
            "healthy", "gesund", "santé", "salud", "saúde", "zdrowa", "hälsosam", "sağlıklı", "gezond", "sano",
            "sugar-free", "zuckerfrei", "sin azúcar", "low fat", "superfood", "Heilt alles", "protein bar",
        )),
        *(("organic", text) for text in (
            "organic", "Bio", "bio-mandel", "Öko", "ekologisk", "biologique", "biológico", "organik", "ekologiczna",
        )),
    ],
)  # fmt: skip
def test_a_claim_is_found_in_ten_languages(subject: Subject, text: str) -> None:
    assert [claim.subject for claim in claims(text)] == [subject]


@pytest.mark.parametrize(
    "text",
    [
        "v e g a n", "V.E.G.A.N.", "ve-gan", "ve gan", "veg an", "v_e_g_a_n", "vеgаn", "νegan", "v3gan", "ｖｅｇａｎ",
        "veeeegan", "vegan♥", "v·e·g·a·n", "V E G A N bar",
    ],
)  # fmt: skip
def test_spacing_and_lookalikes_hide_nothing(text: str) -> None:
    assert [claim.subject for claim in claims(text)] == ["diet"]


@pytest.mark.parametrize("text", ["b1o", "B i o", "bi o", "b.i.o", "0rganic", "BIO!"])
def test_a_short_word_is_found_where_it_stands_alone(text: str) -> None:
    assert [claim.subject for claim in claims(text)] == ["organic"]


@pytest.mark.parametrize(
    "text",
    [
        "", "Adas Traum", "Fabio", "Biography", "Nutcracker", "Hazelnut dream", "Mandel-Traum", "Love Gandalf",
        "Free spirit", "Bless you", "Priceless", "Eiszeit", "Kein Tag ohne dich", "No. 7 with love", "Nein!",
        "For M & O", "I am me", "A B C", "1 000 €", "To be or not to be", "Le petit prince", "Habibi", "Zoë",
        "Alles Gute zum 40.", "Sea salt & caramel", "Symbiose", "O'Neill", "Frei wie der Wind", "Milky way",
    ],
)  # fmt: skip
def test_a_name_like_any_other_is_nobody_s_business(text: str) -> None:
    assert claims(text) == ()


def test_every_text_of_a_bar_is_read_and_each_claim_is_said_once() -> None:
    assert claims("Ada", "vegan & bio", "", "vegan") == (Claim("vegan", "diet"), Claim("bio", "organic"))


def test_the_customer_reads_the_own_word_and_what_is_wrong_with_it() -> None:
    (claim,) = claims("My Bio bar")
    assert claim.reason("en") == "“Bio” names a kind of farming"
    assert claim.reason("de") == "„Bio“ nennt eine Art der Landwirtschaft"
