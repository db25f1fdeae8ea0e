"""The rules compiled: the same answers, and never those of other sources."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from configurator import compiled_rules
from configurator.checks import compiled_rules as check
from devserver.installation import ROOT

ANSWERS = """
import django

django.setup()

from hashlib import sha256
from random import Random

from bench.rules import enlarged, walk
from configurator.catalogue.loading import from_files
from configurator.domain import domains
from configurator.domain.completing import finished
from configurator.domain.rulebook import rulebook

dice, digest, real = Random(7), sha256(), from_files("bar-100")
for family in (real, enlarged(real, 150, 300), enlarged(real, 250, 500, minimum=1, seed=2)):
    bases = [None, *[module.key for module in family.seats[family.base_slot.key]]]
    for place in range(12):
        design = [*walk(family, dice, place % 9, dice.choice(bases))][-1]
        for locale in ("en", "de"):
            digest.update(repr(domains.domains(design, family, locale)).encode())
        digest.update(repr(finished(design, rulebook(family))).encode())
print(digest.hexdigest(), domains.__file__.rpartition(".")[2])
"""


def answers(*, compiled_in: str) -> tuple[str, str]:
    """The digest of many answers, and the kind of file that gave them."""
    said = subprocess.run(
        [sys.executable, "-c", ANSWERS],
        cwd=ROOT,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "config.settings", "COMPILED_RULES": compiled_in, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    digest, kind = said.stdout.split()
    return digest, kind


@pytest.mark.slow
@pytest.mark.timeout(900)  # compiling takes half a minute, on a busy machine several
def test_compiled_rules_answer_as_the_written_ones_do() -> None:
    written, kind = answers(compiled_in="")
    assert kind == "py"
    folder = str(ROOT / "var" / "compiled")
    if shutil.which("cc"):
        call_command("compile_rules", into=folder)
        assert answers(compiled_in=folder) == (written, "so")
    else:
        with pytest.raises(CommandError, match="run as they are written"):
            call_command("compile_rules", into=folder)
        assert answers(compiled_in=folder) == (written, "py")


def test_what_was_compiled_from_other_sources_is_left_alone(tmp_path, monkeypatch) -> None:
    sources = shutil.copytree(compiled_rules.SOURCES, tmp_path / "sources")
    monkeypatch.setattr(compiled_rules, "SOURCES", sources)
    home = compiled_rules.home_in(tmp_path)
    home.mkdir()
    (sources / "rules.py").write_text((sources / "rules.py").read_text() + "\nMOST = 3\n")
    assert not compiled_rules.home_in(tmp_path).is_dir()
    assert not compiled_rules.take(tmp_path)


def test_nothing_is_exchanged_for_modules_that_are_imported_already(tmp_path) -> None:
    compiled_rules.home_in(tmp_path).mkdir()
    before = list(sys.path)
    assert not compiled_rules.take(tmp_path)
    assert sys.path == before


def test_the_operator_is_told_of_rules_that_should_be_compiled(settings) -> None:
    settings.COMPILED_RULES, settings.RULES_ARE_COMPILED = "/srv/compiled", False
    assert [message.id for message in check()] == ["configurator.W001"]
    settings.RULES_ARE_COMPILED = True
    assert check() == []
    settings.COMPILED_RULES, settings.RULES_ARE_COMPILED = "", False
    assert check() == []


def test_the_folder_must_be_named(settings) -> None:
    settings.COMPILED_RULES = ""
    with pytest.raises(CommandError, match="COMPILED_RULES"):
        call_command("compile_rules")


@pytest.mark.parametrize("module", compiled_rules.MODULES)
def test_compiled_modules_cache_no_property(module) -> None:
    """Compiled, it would be worked out again at each look."""
    assert "cached_property" not in (compiled_rules.SOURCES / f"{module}.py").read_text()
