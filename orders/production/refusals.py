"""Why the floor may not do what somebody wants: words for whoever stands there, and what to do instead."""

from __future__ import annotations


class StepRefused(Exception):
    """``words`` tell the person on the floor why, and what to do."""

    @property
    def words(self) -> str:
        return str(self)


class StepOutOfTurn(StepRefused):
    pass


class StepTaken(StepRefused):
    """Another operator was quicker."""


class StepNotTakenBack(StepRefused):
    pass


class PackedBeforeAllWrapped(StepRefused):
    pass


class ShippedBeforeAllPacked(StepRefused):
    pass


class OrderIsClosed(StepRefused):
    """Cancelled or refunded: nothing more is made or sent."""


class OnHold(StepRefused):
    """An ingredient is missing: nothing is done with the bar until it goes on."""


class NotWeighed(StepRefused):
    """What came in lots goes into no bar without saying which."""


class ScrappedTooLate(StepRefused):
    pass


class ScrappedTooEarly(StepRefused):
    pass


class ScrappedWithoutReason(StepRefused):
    pass


class NoSuchPlace(StepRefused):
    """No piece of equipment fits, or several do and none was named."""


class LabelDoesNotCover(StepRefused):
    """The equipment has met an allergen of which the label of this bar says nothing."""


class NoRunForIt(StepRefused):
    """The chocolate of this bar is not running on the temperer."""


class Unweighed(StepRefused):
    pass


class TooLight(StepRefused):
    pass


class RunRefused(StepRefused):
    """A run cannot enter this state now."""


class NotCleaned(StepRefused):
    """A cleaning cannot be recorded or looked at like this."""


class LabelPrintedTooEarly(StepRefused):
    """Its lots and its day are not known yet."""


class NoLabelYet(StepRefused):
    pass


class LabelChanged(StepRefused):
    """The bar is not what its label says any more."""


class OldLabelLeft(StepRefused):
    """A label that does not count any more could be stuck on a bar."""


class NotItsLabel(StepRefused):
    """The label on this bar belongs to another, or is an old one."""


class NoLabelScanned(StepRefused):
    """What was scanned is no label."""


class ShippedBeforeAllScanned(StepRefused):
    """A bar of the parcel has no label that was scanned on it."""


class DoseRefused(StepRefused):
    """At the scale, or at the temperer."""


class LotUnknown(DoseRefused):
    pass


class WrongModule(DoseRefused):
    pass


class LotBlocked(DoseRefused):
    pass


class LotExpired(DoseRefused):
    pass


class LotUnnamed(DoseRefused):
    """It may contain what the label of this bar does not name."""


class OutOfTolerance(DoseRefused):
    pass


class NotAtTheScale(DoseRefused):
    """The bar waits, is further on, or is not made."""
