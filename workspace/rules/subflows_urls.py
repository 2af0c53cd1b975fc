"""Addresses of subflows."""

from django.urls import path

from workspace.rules import subflows_drafts, subflows_runs, subflows_steps, subflows_views

ONE = "rules/subflows/<int:subflow_id>/"
STEP = ONE + "steps/<int:at>/"
urlpatterns = [
    path("rules/subflows/", subflows_views.subflows, name="rules_subflows"),
    path("rules/subflows/new", subflows_views.new, name="rules_subflow_new"),
    path("rules/subflows/runs/", subflows_runs.runs, name="rules_runs"),
    path("rules/subflows/runs/<int:run_id>/retry", subflows_runs.retry, name="rules_run_retry"),
    path(ONE, subflows_views.subflow, name="rules_subflow"),
    path(ONE + "switch", subflows_views.switch, name="rules_subflow_switch"),
    path(ONE + "try/", subflows_views.try_out, name="rules_subflow_try"),
    path(ONE + "versions/<int:number>/", subflows_views.version, name="rules_subflow_version"),
    path(ONE + "draft", subflows_drafts.start, name="rules_subflow_draft"),
    path(ONE + "settings", subflows_drafts.settings, name="rules_subflow_settings"),
    path(ONE + "publish", subflows_drafts.publish, name="rules_subflow_publish"),
    path(ONE + "discard", subflows_drafts.discard, name="rules_subflow_discard"),
    path(ONE + "steps/new", subflows_steps.add, name="rules_step_new"),
    path(ONE + "steps/words", subflows_steps.words, name="rules_step_words"),
    path(STEP, subflows_steps.edit, name="rules_step"),
    path(STEP + "<str:verb>", subflows_steps.steer, name="rules_step_steer"),
]
