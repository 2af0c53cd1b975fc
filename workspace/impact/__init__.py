"""Whom a fault hits and why, and whether they were told: two tabs of an incident (ux C.3)."""
