"""OAuth 2.0 client credentials for machines (RFC 6749 §4.4), on oauthlib."""
