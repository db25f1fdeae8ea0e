"""The lint of the rules as staff keep them now, before anything is published."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from django.utils.translation import get_language

from configurator import models
from configurator.catalogue.families import assembled
from configurator.domain.family import Family
from configurator.domain.linting import lint
from configurator.domain.rule_findings import Finding


def findings() -> tuple[Finding, ...]:
    """Of all families, each said once; errors first."""
    return _of_all(_families(models.Constraint.objects.all()))


def findings_with(rule: models.Constraint) -> tuple[Finding, ...]:
    """What would be new if the rule were kept like this, be it a new one or a changed one."""
    others = list(models.Constraint.objects.exclude(key=rule.key))
    before = _of_all(_families(others))
    after = _of_all(_families(sorted([*others, rule], key=lambda kept: kept.key)))
    return tuple(finding for finding in after if finding not in before)


def spoken() -> str:
    return "de" if (get_language() or "").startswith("de") else "en"


def _families(rules: Iterable[models.Constraint]) -> list[Family]:
    slots = list(models.Slot.objects.all())
    modules = list(models.Module.objects.select_related("ingredient"))
    kept = list(rules)
    # Rules are about what meets in a bar; a box of samples keeps none of them.
    bars = models.Family.objects.filter(form=models.Family.Form.BAR)
    return [assembled(family, slots, modules, kept) for family in bars]


def _of_all(families: list[Family]) -> tuple[Finding, ...]:
    """A rule that changes nothing for one family may well matter for another, heavier one."""
    found = [lint(family, spoken()) for family in families]
    everywhere = reduce(frozenset.intersection, map(frozenset, found)) if found else frozenset()
    said = dict.fromkeys(finding for of_family in found for finding in of_family)
    kept = [finding for finding in said if not finding.is_pointless or finding in everywhere]
    return tuple(sorted(kept, key=lambda finding: not finding.is_error))
