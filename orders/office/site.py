"""The office as a whole: who comes in has said twice who they are, what is done is written down, and nobody
overwrites what they have not seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator import staff
from orders import changes
from orders.models.office import OfficeChange
from orders.office import import_desk, open_doors
from shop import second_factors

SEEN: Final = "_seen"
SAVING: Final = ("show_save", "show_save_and_continue", "show_save_and_add_another")
CHANGES_A_PAGE: Final = 50


class ToldToTheSecond(admin.ModelAdmin[Any]):
    """Whoever saves a record that somebody else has changed meanwhile is told what, and saves once more."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  # Django's hook
        form = super().get_form(request, obj, change=change, **kwargs)
        seen = request.POST.get(SEEN, "")
        if obj is None or not seen or seen.partition(".")[0] == self._state(request, obj, lock=True):
            return form
        return type(form.__name__, (_Outdated, form), {"meanwhile": _meanwhile(obj, seen)})

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002  # Django's hook
        change: bool = False,  # noqa: FBT001, FBT002
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if _has_nothing_to_save(context):
            context |= dict.fromkeys(SAVING, False)
        if change and obj is not None and self.has_change_permission(request, obj):
            last = changes.of(obj).values_list("pk", flat=True).first() or 0
            context["seen"] = f"{self._state(request, obj)}.{last}"
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, **{"form": _Row} | kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        titled = {"title": capfirst(str(self.opts.verbose_name_plural)), **(extra_context or {})}
        if request.method != "POST" or not self.list_editable:
            return super().changelist_view(request, titled)
        with transaction.atomic():
            return super().changelist_view(request, titled)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What colleagues did to it, as the office itself has written it down."""
        done = changes.of_key(self.model, unquote(object_id)).select_related("by")
        page = Paginator(done, CHANGES_A_PAGE).get_page(request.GET.get("p"))
        return super().history_view(request, object_id, {"done": page, **(extra_context or {})})

    def _state(self, request: HttpRequest, obj: Model, *, lock: bool = False) -> str:
        if lock:
            # The second waits for the first, and then sees what came of it.
            type(obj)._base_manager.select_for_update().filter(pk=obj.pk).first()
        return changes.state(obj, self._parts(request, obj))

    def _parts(self, request: HttpRequest, obj: Model) -> list[QuerySet[Any]]:
        """The rows that are edited on the same page."""
        return [
            inline.model._base_manager.filter(
                **{_get_foreign_key(type(obj), inline.model, inline.fk_name).name: obj.pk}
            )
            for inline in self.get_inline_instances(request, obj)
            if inline.has_change_permission(request, obj)
        ]


def _has_nothing_to_save(context: dict[str, Any]) -> bool:
    """Every field is only shown, and no row beside it is edited either."""
    return not context["adminform"].form.fields and not any(
        rows.has_add_permission or rows.has_change_permission for rows in context["inline_admin_formsets"]
    )


class _Outdated(forms.BaseModelForm):  # type: ignore[type-arg]  # stands before a form of any model
    meanwhile: str

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.add_error(None, ValidationError(self.meanwhile))
        return cleaned


class _Row(forms.ModelForm):  # type: ignore[type-arg]  # a row of any model, edited in its list
    """Carries what was shown beside what is typed. A row that only others have changed is not saved at all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._edited:
            self.fields[name].show_hidden_initial = True

    @property
    def _edited(self) -> list[str]:
        return [name for name in self.fields if name != self._meta.model._meta.pk.name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        row = self._meta.model._base_manager.select_for_update().filter(pk=self.instance.pk).first()
        if row is None or not self.has_changed():
            return cleaned
        meanwhile = [told for name in self._edited if (told := self._changed_by_others(name, row))]
        if meanwhile:
            words = _(
                "This row was changed while you had the list open (%(told)s). What you typed stands below and is "
                "not saved yet: save again if it should hold."
            )
            self.add_error(None, ValidationError(words % {"told": "; ".join(meanwhile)}))
        return cleaned

    def _changed_by_others(self, name: str, row: Model) -> str:
        """In words; from now on it is compared with what is."""
        bound, field = self[name], self.fields[name]
        shown = self.data.get(bound.html_initial_name)
        now = field.prepare_value(row.serializable_value(name))
        if shown is None or not field.has_changed(field.to_python(shown), now):
            return ""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed[bound.html_initial_name] = str(now)
        return f"{field.label}: {shown} → {now}"


def _meanwhile(obj: Model, seen: str) -> str:
    last = seen.partition(".")[2]
    since = changes.of(obj).filter(pk__gt=int(last) if last.isdigit() else 0).select_related("by")
    told = " ".join(map(_told, reversed(since))) or _("The shop itself changed it.")
    return _(
        "This was changed while you had it open. %(told)s What you typed stands below and is not saved yet: "
        "save again if it should hold."
    ) % {"told": told}


def _told(change: OfficeChange) -> str:
    fields = "; ".join(f"{name}: {before or '-'} → {after or '-'}" for name, before, after in change.fields)
    return _("%(who)s, %(time)s: %(what)s.") % {
        "who": change.by,
        "time": date_format(timezone.localtime(change.at), "H:i"),
        "what": fields or change.words or change.get_act_display(),
    }


class OfficeSite(admin.AdminSite):
    index_title = gettext_lazy("The office")

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        title = apps.get_app_config(app_label).verbose_name if app_label in apps.app_configs else app_label
        return super().app_index(request, app_label, {"title": title, **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        table = path("bring-in/<slug:kind>/", self.admin_view(self.bring_in), name="bring_in")
        return [table, *super().get_urls()]

    def bring_in(self, request: HttpRequest, kind: str) -> HttpResponse:
        return import_desk.bring_in(self, request, kind)

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[admin.ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        plain = admin_class or admin.ModelAdmin
        told = type(plain.__name__, (ToldToTheSecond, plain), {"__module__": plain.__module__})
        super().register(model_or_iterable, told, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002  # Django's hook
        def watched(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if staff.lacks_factor(request) and view != self.logout:
                return second_factors.asked_for(request)
            if request.method != "POST" or not isinstance(request.user, User):
                answer = view(request, *args, **kwargs)
            else:
                with changes.watched(request.user):
                    answer = view(request, *args, **kwargs)
            open_doors.shown(answer, request, self)
            return answer

        watched.__name__ = getattr(view, "__name__", "view")
        for name in ("csrf_exempt", "login_url"):
            if hasattr(view, name):
                setattr(watched, name, getattr(view, name))
        return super().admin_view(watched, cacheable)
