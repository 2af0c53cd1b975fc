"""The edges of the trouble ticket API: parse, make one call, present."""
