"""What changed while somebody looks: hints, fragments of cells, and who else is here (ux C.8)."""
