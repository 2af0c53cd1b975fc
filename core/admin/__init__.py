"""Admin pages of the kernel."""
