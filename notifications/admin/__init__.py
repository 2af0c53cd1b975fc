"""Admin pages for what leaves the house."""

from notifications.admin import deliveries, people, subscribers, topics

__all__ = ["deliveries", "people", "subscribers", "topics"]
