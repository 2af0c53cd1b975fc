"""The form of an item, built from its class's own and inherited attributes."""

from typing import Any

from django import forms

from cmdb.attributes import Attribute, BadAttribute
from cmdb.classes import attributes_of
from cmdb.models import CIClass, ConfigurationItem

PREFIX = "attribute_"


class ItemForm(forms.ModelForm[ConfigurationItem]):
    """Fields every item has; `form_for` adds those of one class."""

    ci_class: CIClass | None = None
    declared_attributes: tuple[Attribute, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for attribute in self.declared_attributes:
            value = (self.instance.attributes or {}).get(attribute.name)
            self.initial[PREFIX + attribute.name] = _shown(value)
        if self.ci_class is not None and self.instance.ci_class_id is None:
            self.instance.ci_class = self.ci_class

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        # What another class left behind stays; only declared attributes are on the form.
        values = dict(self.instance.attributes or {})
        for attribute in self.declared_attributes:
            self._take(attribute, data.get(PREFIX + attribute.name), values)
        self.instance.attributes = values
        return data

    def _take(self, attribute: Attribute, text: Any, values: dict[str, Any]) -> None:
        try:
            value = attribute.read(text)
        except BadAttribute as error:
            self.add_error(PREFIX + attribute.name, str(error))
            return
        values.pop(attribute.name, None)
        if value is not None:
            values[attribute.name] = value


def form_for(ci_class: CIClass) -> type[ItemForm]:
    """Return the form for items of this class."""
    attributes = tuple(attributes_of(ci_class))
    fields: dict[str, Any] = {PREFIX + each.name: _field(each) for each in attributes}
    facts = {"ci_class": ci_class, "declared_attributes": attributes}
    metaclass: Any = type(ItemForm)
    form: type[ItemForm] = metaclass("ItemOfClassForm", (ItemForm,), {**fields, **facts})
    return form


def _field(attribute: Attribute) -> forms.Field:
    about: dict[str, Any] = {
        "label": attribute.label,
        "help_text": attribute.help,
        "required": False,
    }
    if attribute.kind == "choice":
        return forms.ChoiceField(choices=_options(attribute.choices), **about)
    if attribute.kind == "bool":
        return forms.ChoiceField(choices=_options(("true", "false")), **about)
    if attribute.kind == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **about)
    if attribute.kind == "int":
        return forms.IntegerField(**about)
    return forms.CharField(**about)


def _options(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("", "---------"), *((word, word) for word in words)]


def _shown(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
