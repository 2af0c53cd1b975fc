"""What a key to the trouble ticket API may be limited to."""

from core.api_scopes import declare

READ_TICKETS = declare("tickets:read", "Read trouble tickets")
WRITE_TICKETS = declare("tickets:write", "Create and change trouble tickets")
DELETE_TICKETS = declare("tickets:delete", "Delete trouble tickets")
WRITE_SPECIFICATIONS = declare("specifications:write", "Maintain ticket specifications")
