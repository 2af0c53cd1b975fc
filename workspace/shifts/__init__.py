"""Shift hand-over: a note drafted from what happened, pinned on home, with receipts (ux N11)."""
