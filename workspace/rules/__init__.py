"""Pages on which administrators change rules: tables, subflows, messages, properties."""
