"""Addresses of messages."""

from django.urls import path

from workspace.rules import messages_views as views

ONE = "rules/messages/<int:message_id>/"
urlpatterns = [
    path("rules/messages/", views.messages, name="rules_messages"),
    path("rules/messages/new", views.new, name="rules_message_new"),
    path("rules/messages/preview", views.preview, name="rules_message_preview"),
    path(ONE, views.message, name="rules_message"),
    path(ONE + "reset", views.reset, name="rules_message_reset"),
    path(ONE + "versions/<int:number>/", views.version, name="rules_message_version"),
    path(ONE + "versions/<int:number>/restore", views.restore, name="rules_message_restore"),
]
