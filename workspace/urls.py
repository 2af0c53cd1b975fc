"""Addresses of the workspace."""

from django.urls import path

from workspace.views import (
    case_dialogs,
    console,
    events,
    home,
    incident_dialogs,
    incidents,
    lists,
    preferences,
    records,
    search,
    session,
)

app_name = "workspace"

INCIDENT = "incidents/<str:number>/"
EVENT = "events/<uuid:event_id>/"
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", session.sign_in, name="sign_in"),
    path("sign-in/demo", session.demo_sign_in, name="demo_sign_in"),
    path("sign-out", session.sign_out, name="sign_out"),
    path("preferences", preferences.quick, name="quick_preferences"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("search", search.search, name="search"),
    path("search/suggest", search.suggest, name="search_suggest"),
    path("events/", events.events, name="events"),
    path("events/mails/", events.mails, name="mails"),
    path(
        "events/subscribers/<uuid:uid>/<str:verb>",
        events.steer_subscriber,
        name="subscriber_steer",
    ),
    path(EVENT, events.event, name="event"),
    path(EVENT + "<int:delivery_id>/", events.tries, name="delivery"),
    path(EVENT + "<int:delivery_id>/<str:verb>", events.steer_delivery, name="delivery_steer"),
    path("console/", console.console, name="console"),
    path("console/<str:ticket_id>/", console.outcome, name="console_outcome"),
    path("api-docs/", console.api_docs, name="api_docs"),
    path("api-docs/<str:name>/", console.api_reference, name="api_reference"),
    path("lists/<str:name>/", lists.records, name="list"),
    path("incidents/new", incidents.new, name="incident_new"),
    path(INCIDENT, incidents.overview, name="incident"),
    path(INCIDENT + "details/", incidents.details, name="incident_details"),
    path(INCIDENT + "related/", incidents.related, name="incident_related"),
    path(INCIDENT + "cause/", incidents.cause, name="incident_cause"),
    path(INCIDENT + "note", incidents.note, name="incident_note"),
    path(INCIDENT + "refresh", incidents.refresh, name="incident_refresh"),
    path(INCIDENT + "assign-to-me", incidents.assign_me, name="incident_assign_me"),
    path(
        INCIDENT + "link-cause/<int:change_id>",
        incidents.link_cause,
        name="incident_link_cause",
    ),
    path(INCIDENT + "escalate", incident_dialogs.escalate, name="incident_escalate"),
    path(INCIDENT + "resolve", incident_dialogs.resolve, name="incident_resolve"),
    path(INCIDENT + "hold", incident_dialogs.hold, name="incident_hold"),
    path(INCIDENT + "generate", case_dialogs.generate, name="incident_generate"),
    path(INCIDENT + "notify", case_dialogs.notify, name="incident_notify"),
    path(INCIDENT + "cases/new", case_dialogs.new_case, name="incident_new_case"),
    path(INCIDENT + "accounts/add", incident_dialogs.add_account, name="incident_add_account"),
    path(INCIDENT + "cis/add", incident_dialogs.add_ci, name="incident_add_ci"),
    path("tasks/<str:number>/", records.task, name="task"),
    path("changes/<str:number>/", records.change, name="change"),
    path("accounts/<str:number>/", records.account, name="account"),
    path("cases/<str:number>/", records.case, name="case"),
    path("cases/<str:number>/note", records.case_note, name="case_note"),
    path("cases/<str:number>/resolve", records.case_resolve, name="case_resolve"),
]
