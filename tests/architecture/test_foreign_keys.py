"""The order of the apps holds for foreign keys and signals too."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, Model

ROOT = Path(__file__).resolve().parents[2]
# From the lowest to the highest.
ORDER = (
    "core",
    "accounts",
    "cmdb",
    "changes",
    "incidents",
    "escalation",
    "cases",
    "tmf621",
    "notifications",
    "workspace",
)
MODELS = [m for m in apps.get_models() if m._meta.app_label in ORDER]
SIGNALS = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init"}


def relations(model: type[Model]) -> list["Field[object, object]"]:
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return [f for f in fields if f.is_relation and f.related_model._meta.app_label in ORDER]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_foreign_keys_point_down_or_stay(model: type[Model]) -> None:
    here = ORDER.index(model._meta.app_label)
    upward = [
        f.name for f in relations(model) if ORDER.index(f.related_model._meta.app_label) > here
    ]
    assert upward == []


@pytest.mark.parametrize("app", ORDER)
def test_no_app_listens_to_signals_of_models(app: str) -> None:
    listening = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and {a.name for a in node.names} & SIGNALS
    ]
    assert listening == []
