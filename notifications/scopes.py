"""What a key to topics, events and subscriptions may be limited to."""

from core.api_scopes import declare

READ_TOPICS = declare("topics:read", "Read topics and their events")
WRITE_TOPICS = declare("topics:write", "Create and delete topics, and publish events to them")
WRITE_HUBS = declare("hub:write", "Subscribe to events and unsubscribe")
READ_METRICS = declare("metrics:read", "Read the metrics of outbound events")
