"""Accounts of the staff: who belongs to which group. Nobody gives away more than they have."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from orders.office.staff_groups import RIGHTS

SUPERUSERS_ONLY = ("is_superuser", "user_permissions")

admin.site.unregister([User, Group])


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    """Whoever is no superuser puts people into groups, and leaves superusers alone."""

    list_display = ("username", "email", "first_name", "last_name", "is_staff", "is_active")
    list_per_page = 50

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        kept = ("last_login", "date_joined")
        return kept if request.user.is_superuser else (*kept, *SUPERUSERS_ONLY)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        beyond = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not beyond

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What somebody did stays theirs; who leaves is made inactive."""
        return False


@admin.register(Group)
class StaffGroupAdmin(GroupAdmin):
    """The five groups of the house are what docs/operations.md says of them; others may be made beside them."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.name not in RIGHTS)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.name not in RIGHTS)
