"""Layered graphs as SVG: plain values in, text out; no database, no framework (ux C.3, D.5)."""
