"""Measurements people run by hand: python3 -m benchmarks.NAME."""
