"""Load the drains, so that every worker knows them."""

from notifications import mailing, outbox, send, topic_sync

__all__ = ["mailing", "outbox", "send", "topic_sync"]
