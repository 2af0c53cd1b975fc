"""Addresses of system properties and business rules."""

from django.urls import path

from workspace.rules import settings_views as views

PROPERTY = "rules/properties/<str:name>/"
RULE = "rules/business-rules/<int:rule_id>/"
urlpatterns = [
    path("rules/properties/", views.properties, name="rules_properties"),
    path(PROPERTY, views.one_property, name="rules_property"),
    path(PROPERTY + "clear", views.clear, name="rules_property_clear"),
    path(RULE, views.rule, name="rules_business_rule"),
    path(RULE + "switch", views.switch, name="rules_business_rule_switch"),
]
