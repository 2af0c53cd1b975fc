"""The guides are tried out on the site of the API's own tests."""

from tests.tmf621.conftest import controller, make_client, otto, site, ticket_admin

__all__ = ["controller", "make_client", "otto", "site", "ticket_admin"]
