"""A design is a value with one name on every machine."""

import string
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from configurator.domain.codes import ALPHABET, CodeMistyped
from configurator.domain.design import (
    Choice,
    Design,
    from_canonical,
    pack_code,
    plain_name,
    read_code,
)

names = st.text(max_size=40)
choices = st.builds(
    Choice,
    slot=st.sampled_from(["ingredients", "toppings"]),
    module=st.sampled_from(["almond_whole", "cocoa_nibs", "raspberry_fd"]),
    mg=st.integers(1, 40_000),
)
designs = st.builds(
    Design,
    family=st.just("bar-100"),
    version=st.just("0" * 64),
    base=st.sampled_from([None, "dark_60"]),
    choices=st.lists(choices, max_size=5).map(tuple),
    name=names,
    seed=st.integers(0, 2**31 - 1),
)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(designs)
def test_the_canonical_form_holds_the_whole_design(design: Design) -> None:
    assert from_canonical(design.canonical) == design


@given(designs, st.randoms(use_true_random=False))
def test_the_order_of_choosing_does_not_matter(design: Design, chance: object) -> None:
    shuffled = list(design.choices)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands us a Random
    assert replace(design, choices=tuple(shuffled)).digest == design.digest


def test_the_digest_is_the_same_on_every_machine(ada: Design) -> None:
    fixed = replace(ada, version="0" * 64)
    assert fixed.canonical == (
        '{"base":"dark_60","family":"bar-100","modules":[["toppings","almond_whole",12000],'
        '["toppings","raspberry_fd",2500]],"name":"Ada","seed":1,"v":1,"version":"' + "0" * 64 + '"}'
    )
    assert fixed.digest == "c6ac1c56395a20615916dc1d3c3186409885d5dce92d0d6bab2ec271a475c37e"


@pytest.mark.parametrize(
    "changed",
    [
        lambda design: design.on_base("milk_37"),
        lambda design: design.named("Eda"),
        lambda design: design.scattered(2),
        lambda design: design.removing("raspberry_fd", "toppings"),
        lambda design: design.adding("raspberry_fd", "toppings", 2_400),
        lambda design: replace(design, version="1" * 64),
    ],
)
def test_any_other_choice_is_another_design(ada: Design, changed: object) -> None:
    assert changed(ada).digest != ada.digest  # type: ignore[operator]


def test_a_module_chosen_again_changes_its_dose(ada: Design) -> None:
    assert ada.adding("almond_whole", "toppings", 6_000).choices[0] == Choice(
        "toppings", "almond_whole", 6_000
    )


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Für   Zoë \n", "Für Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("a\u200bb\u202ec", "abc"),
        ("tab\tand\x00null", "tab and null"),
        ("a\u00ad\u0301da", "áda"),
        ("\u200d \u200b", ""),
    ],
)
def test_a_name_is_one_clean_line(written: str, kept: str) -> None:
    assert plain_name(written) == kept


@given(names)
@example("a\u00ad\u0301da")
def test_cleaning_a_name_twice_changes_nothing(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)


@given(digests)
def test_a_code_is_read_back_however_it_is_typed(digest: str) -> None:
    code = pack_code(digest)
    assert read_code(code.lower().replace("-", " ")) == code
    assert len(code) == 13


@given(digests, st.integers(0, 10), st.sampled_from(ALPHABET))
def test_one_misread_sign_is_noticed(digest: str, place: int, sign: str) -> None:
    code = pack_code(digest).replace("-", "")
    wrong = code[:place] + sign + code[place + 1 :]
    if wrong == code:
        assert read_code(wrong).replace("-", "") == code
    else:
        with pytest.raises(CodeMistyped):
            read_code(wrong)


@given(digests, st.integers(0, 8))
def test_two_swapped_signs_are_noticed(digest: str, place: int) -> None:
    code = pack_code(digest).replace("-", "")
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        with pytest.raises(CodeMistyped):
            read_code(swapped)


@given(st.text(string.printable, max_size=20))
def test_nonsense_is_never_a_code_by_accident_of_length(typed: str) -> None:
    signs = [sign for sign in typed.upper() if sign.isalnum()]
    if len(signs) != 11:
        with pytest.raises(CodeMistyped):
            read_code(typed)
