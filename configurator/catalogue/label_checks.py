"""What a program cannot decide: to be confirmed by a food lawyer or a laboratory before a real sale.

The rules themselves, their sources and where they stand in the code: docs/labels.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Check:
    rules: str
    """As docs/labels.md numbers them."""
    question: str | Promise
    by: str | Promise


LAWYER: Final = _("food lawyer")
LABORATORY: Final = _("laboratory")
SUPPLIER: Final = _("supplier's specification")

CHECKS: Final = (
    Check("EU-09", _("Which precautionary wording is allowed, and which reference doses hold."), LAWYER),
    Check(
        "EU-09", _("That zone F is free: swabs and products tested for milk, nuts, gluten, soya."), LABORATORY
    ),
    Check("EU-06", _("Listing a base without a reserved name flat, and before what was chosen."), LAWYER),
    Check(
        "EU-10", _("Which seasonings need no percentage, and the wording beside inner percentages."), LAWYER
    ),
    Check(
        "EU-11, EU-12, US-04", _("The nutrition of each ingredient: 29 of 132 rows are estimates."), SUPPLIER
    ),
    Check(
        "EU-14", _("That finished bars lie within the tolerances of their declared nutrition."), LABORATORY
    ),
    Check("EU-08", _("Sulphur dioxide of dried fruit and coconut, lot by lot."), LABORATORY),
    Check(
        "EU-16", _("The shelf life of each module in chocolate; water activity of moist ones."), LABORATORY
    ),
    Check(
        "EU-21",
        _("Glycyrrhizinic acid of the liquorice; the share is estimated on the safe side."),
        LABORATORY,
    ),
    Check(
        "EU-23",
        _("Every voluntary claim: vegan, gluten-free, halal are facts of recipes, not certificates."),
        LAWYER,
    ),
    Check(
        "EU-02, US-06", _("Whether a sales name must name the nuts or the biscuit that were chosen."), LAWYER
    ),
    Check("US-04", _("The nutrition in a line instead of a panel on the label of the 40 g bar."), LAWYER),
    Check("EU-24", _("Whether an address in one country asks for the origin of the cocoa."), LAWYER),
    Check(
        "2000/36/EC",
        _("The sales names of ruby, of vegan bars and of filled bars; the cocoa statements."),
        LAWYER,
    ),
    Check("2000/36/EC", _("Composition of each base: cocoa, cocoa butter, milk solids, milk fat."), SUPPLIER),
    Check(
        "US-06, US-07",
        _("The names ruby and sweetened with maltitol, and that no US standard is missed."),
        LAWYER,
    ),
    Check(
        "US-08", _("Colours, gold, silver, tonka and alcohol: all blocked until they are cleared."), LAWYER
    ),
    Check(
        "US-09, US-11",
        _("Importer, prior notice and the firm's address on a label for the United States."),
        LAWYER,
    ),
)
