"""Admin pages of the kernel."""

from django.contrib import admin

from core.admin import events, jobs, people, settings, tokens, usage

__all__ = ["events", "jobs", "people", "settings", "tokens", "usage"]

admin.site.site_header = "psew administration"
admin.site.site_title = "psew administration"
admin.site.index_title = "Everything a site sets up"
