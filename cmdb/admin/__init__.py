"""Admin pages of the CMDB."""

from cmdb.admin import classes, install_base, items

__all__ = ["classes", "install_base", "items"]
