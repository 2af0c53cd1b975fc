"""System properties and business rules: what each does, its values, who changed them (R178)."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.actor import actor_of
from core.configuring import clear_property, set_property, switch_rule
from workspace.access import page, user_of
from workspace.rules import settings as shown
from workspace.rules.scope import acts_for_all, own_domains, require_reach
from workspace.views.dialogs import GET_POST, REFUSALS, done, explain

ALL = "workspace/rules/settings/"


class ValueForm(forms.Form):
    """A value for all, or for one domain."""

    domain = forms.TypedChoiceField(label="Holds for", required=False, coerce=int, empty_value=None)
    value = forms.CharField(required=False, max_length=4_000, help_text="Empty: the default.")

    def __init__(self, *args: Any, declared: shown.Declared, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = [("", "Every domain")] if acts_for_all() else []
        own = [(str(domain.pk), str(domain)) for domain in own_domains()]
        self.fields["domain"].choices = [*everybody, *own]  # type: ignore[attr-defined]
        self.fields["domain"].required = not everybody
        legal = ("true", "false") if declared.kind == "boolean" else declared.choices
        if legal:
            choices = [("", "(the default)"), *((each, each) for each in legal)]
            self.fields["value"] = forms.ChoiceField(choices=choices, required=False)


@page(shown.SEE)
@require_GET
def properties(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()
    sees_rules = user_of(request).has_perm(shown.SEE_RULES)
    context = {
        "here": "properties",
        "rows": shown.property_rows(words),
        "rules": shown.rule_rows(words) if sees_rules else [],
        "words": words,
    }
    return render(request, ALL + "list.html", context)


@page(shown.SEE)
@GET_POST
def one_property(request: HttpRequest, name: str) -> HttpResponse:
    """Show a property with its history; with POST, give it a value."""
    declared, user = shown.property_or_404(name), user_of(request)
    row = shown.property_rows(declared.name)
    value = next((r.value for r in row if r.declared is declared), declared.default_text())
    initial = {"value": value if acts_for_all() else ""}
    form = ValueForm(request.POST or None, declared=declared, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _set(request, declared, form) or _property_page(request, declared, value, form)
    may_write = user.has_perm(shown.WRITE)
    return _property_page(request, declared, value, form if may_write else None)


def _set(request: HttpRequest, declared: shown.Declared, form: ValueForm) -> HttpResponse | None:
    _require(request, shown.WRITE)
    domain_id = form.cleaned_data["domain"]
    require_reach(domain_id)
    try:
        set_property(
            name=declared.name,
            domain_id=domain_id,
            text=form.cleaned_data["value"],
            by=actor_of(user_of(request)),
            now=timezone.now(),
        )
    except REFUSALS as error:
        explain(form, error)
        return None
    return done(request, _url(declared), f"{declared.name} is set.")


def _property_page(
    request: HttpRequest, declared: shown.Declared, value: str, form: ValueForm | None
) -> HttpResponse:
    context = {
        "here": "properties",
        "declared": declared,
        "default": declared.default_text(),
        "value": value,
        "reader": shown.reader_of(declared),
        "own": shown.own_values(declared.name),
        "changes": shown.history("property", declared.name),
        "form": form,
        "now": timezone.now(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, ALL + "property.html", context, status=status)


@page(shown.WRITE)
@require_POST
def clear(request: HttpRequest, name: str) -> HttpResponse:
    """Take a domain's own value away."""
    declared, asked = shown.property_or_404(name), request.POST.get("domain", "")
    domain_id = int(asked) if asked.isascii() and asked.isdigit() else 0
    require_reach(domain_id)
    by, now = actor_of(user_of(request)), timezone.now()
    clear_property(name=declared.name, domain_id=domain_id, by=by, now=now)
    return done(request, _url(declared), "The domain has what holds for all again.")


@page(shown.SEE_RULES)
@require_GET
def rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Show what a business rule does and for whom it is on."""
    found, user = shown.rule_or_404(rule_id), user_of(request)
    may_switch = user.has_perm(shown.SWITCH)
    context = {
        "here": "properties",
        "rule": found,
        "overrides": shown.overrides_of(found),
        "changes": shown.history("rule", found.name),
        "domains": own_domains() if may_switch else [],
        "may_switch": may_switch,
        "may_switch_all": may_switch and acts_for_all(),
        "now": timezone.now(),
    }
    return render(request, ALL + "rule.html", context)


@page(shown.SWITCH)
@require_POST
def switch(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Switch a rule for all or for a domain; "as for all" takes a domain's own switch away."""
    found, asked = shown.rule_or_404(rule_id), request.POST.get("domain", "")
    domain_id = int(asked) if asked.isascii() and asked.isdigit() else None
    require_reach(domain_id)
    wanted = {"on": True, "off": False, "default": None}.get(request.POST.get("active", ""))
    by, now = actor_of(user_of(request)), timezone.now()
    switch_rule(rule_id=found.pk, active=wanted, by=by, now=now, domain_id=domain_id)
    url = reverse("workspace:rules_business_rule", args=[found.pk])
    return done(request, url, f"{found} is switched.")


def _require(request: HttpRequest, permission: str) -> None:
    if not user_of(request).has_perm(permission):
        raise PermissionDenied(f"This needs the permission {permission}.")


def _url(declared: shown.Declared) -> str:
    return reverse("workspace:rules_property", args=[declared.name])
