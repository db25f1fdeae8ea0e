from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from configurator.models import Design


class ReadyBar(models.Model):
    """A named design that we sell as it is, and that opens in the studio as a start."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=30)
    story_en = models.TextField()
    story_de = models.TextField()
    tags = models.JSONField(default=list, blank=True, help_text=_("Keys such as vegan, fruity, crunchy."))
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    published = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "slug")
        verbose_name = _("ready bar")
        verbose_name_plural = _("ready bars")

    def __str__(self) -> str:
        return self.name

    def story(self, locale: str) -> str:
        return self.story_de if locale == "de" else self.story_en
