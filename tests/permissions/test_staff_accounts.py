"""Who of the staff gives rights to whom."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client

from orders.office.staff_groups import RIGHTS, rights

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups() -> None:
    call_command("ensure_groups")


def colleague(name: str, group: str) -> tuple[User, Client]:
    user = User.objects.create_user(name, password="a-password-of-the-staff", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return user, client


def test_five_groups_have_exactly_the_rights_that_are_written_down(groups: None) -> None:
    for name in RIGHTS:
        user, _client = colleague(name, name)
        assert user.get_all_permissions() == set(rights(name))


def test_rights_that_somebody_added_to_a_group_of_the_house_are_gone_after_a_deployment(groups: None) -> None:
    group = Group.objects.get(name="accountant")
    group.permissions.add(*Group.objects.get(name="owner").permissions.all())

    call_command("ensure_groups")

    assert group.permissions.count() == len(rights("accountant"))


def test_a_group_of_another_name_is_left_alone(groups: None) -> None:
    own = Group.objects.create(name="weekend shift")
    own.permissions.set(Group.objects.get(name="production").permissions.all())

    call_command("ensure_groups")

    assert own.permissions.count() == len(rights("production"))


def test_an_owner_takes_somebody_into_a_group(groups: None) -> None:
    _olga, client = colleague("olga", "owner")
    bea = User.objects.create_user("bea", password="a-password-of-the-staff")
    production = Group.objects.get(name="production")

    client.post(
        f"/admin/auth/user/{bea.pk}/change/",
        {"username": "bea", "is_active": "on", "is_staff": "on", "groups": [production.pk]},
    )

    bea.refresh_from_db()
    assert bea.is_staff
    assert bea.has_perm("orders.change_job")


def test_an_owner_makes_nobody_a_superuser_and_touches_none(groups: None) -> None:
    olga, client = colleague("olga", "owner")
    root = User.objects.create_superuser("root", password="a-password-of-the-house")

    client.post(
        f"/admin/auth/user/{olga.pk}/change/",
        {"username": "olga", "is_active": "on", "is_staff": "on", "is_superuser": "on"},
    )
    answers = [
        client.post(f"/admin/auth/user/{root.pk}/{page}/", {"username": "mine"}).status_code
        for page in ("change", "password")
    ]

    olga.refresh_from_db()
    root.refresh_from_db()
    assert not olga.is_superuser
    assert (answers, root.username) == ([403, 403], "root")


def test_a_group_of_the_house_is_changed_by_nobody_here(groups: None, admin_client: Client) -> None:
    owner = Group.objects.get(name="owner")

    assert admin_client.post(f"/admin/auth/group/{owner.pk}/change/", {"name": "x"}).status_code == 403
    assert admin_client.post(f"/admin/auth/group/{owner.pk}/delete/", {"post": "yes"}).status_code == 403
