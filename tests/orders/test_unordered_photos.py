"""Photos of bars that were never ordered are forgotten; those of ordered bars stay."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from configurator.domain.design import Photo, Wrapper
from configurator.models import Photo as PhotoRow
from configurator.pictures.photos import name_of
from orders.account import unordered_photos
from orders.periodic import forget_photos
from tests.orders.paid import design, paid_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def kept_photo(digit: str) -> str:
    digest = digit * 64
    PhotoRow.objects.create(digest=digest, width=1200, height=900)
    default_storage.save(name_of(digest), ContentFile(b"a picture"))
    return digest


def test_only_the_photo_of_an_ordered_bar_outlives_its_month():
    lent, ordered = kept_photo("a"), kept_photo("b")
    bar = replace(design("Ada"), wrapper=Wrapper(photo=Photo(ordered)))
    paid_order((bar, 1))

    assert unordered_photos.forget(timezone.now() + timedelta(days=29)) == 0
    assert unordered_photos.forget(timezone.now() + timedelta(days=31)) == 1

    assert [photo.digest for photo in PhotoRow.objects.all()] == [ordered]
    assert not default_storage.exists(name_of(lent))
    assert default_storage.exists(name_of(ordered))


def test_beat_forgets_nothing_that_is_young():
    kept_photo("c")
    assert forget_photos() == 0
