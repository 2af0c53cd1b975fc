"""System properties of everything that machines use."""

from core import properties

REQUESTS_PER_MINUTE = properties.integer(
    "psew.api.requests_per_minute",
    default=1200,
    help="How many requests one API client may send per minute; 0: as many as it likes.",
)
TOKEN_LIFETIME = properties.integer(
    "psew.oauth.token_lifetime",
    default=3600,
    help="How many seconds a token granted to an OAuth client lasts; at least 60.",
)
