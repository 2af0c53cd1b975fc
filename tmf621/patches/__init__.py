"""Apply the patch formats of TMF630 to a document and see what changes; pure (tmf.md §3.7)."""

from tmf621.patches.applying import JSON_PATCH, JSON_PATCH_QUERY, MERGE, apply, changes, merge, same

__all__ = ["JSON_PATCH", "JSON_PATCH_QUERY", "MERGE", "apply", "changes", "merge", "same"]
