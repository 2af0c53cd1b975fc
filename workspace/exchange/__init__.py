"""Move a configuration between sites as text that people can review and keep in git."""
