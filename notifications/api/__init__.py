"""The edges of topics, events and hubs: parse, make one call, present."""
