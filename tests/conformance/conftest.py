"""The conformance tests play on the site of the API's own tests."""

from tests.tmf621.conftest import controller, funco, make_client, service, site, speak

__all__ = ["controller", "funco", "make_client", "service", "site", "speak"]
