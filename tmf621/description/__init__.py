"""The OpenAPI description of each face of the ticket API, built from one table of operations."""

from typing import Any

from tmf621.description.answers import HEADERS, error_answers
from tmf621.description.definitions import components
from tmf621.description.operations import paths
from tmf621.description.subjects import SUBJECTS, Subject

SCOPES = {
    "tickets:read": "Read tickets and specifications.",
    "tickets:write": "Create and change tickets.",
    "tickets:delete": "Delete tickets.",
    "specifications:write": "Create, change and delete specifications.",
}


def describe(face: str, base_url: str) -> dict[str, Any]:
    """Return a face's description (OpenAPI 3.1); `KeyError` for an unknown face.

    `base_url` is the site's address without a trailing slash.
    """
    subject = SUBJECTS[face]
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": subject.title,
            "version": subject.version,
            "description": subject.summary,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url + subject.base}],
        "tags": [{"name": r.noun, "description": f"Every {r.words}."} for r in subject.resources],
        "paths": paths(subject),
        "components": _components(subject, base_url),
    }


def _scopes(subject: Subject) -> dict[str, str]:
    used = set[str]()
    for offered in subject.resources:
        used |= {offered.scopes.read, offered.scopes.write}
        used |= {offered.scopes.delete} if offered.deletion else set()
    return {scope: words for scope, words in SCOPES.items() if scope in used}


def _components(subject: Subject, base_url: str) -> dict[str, Any]:
    return {
        "schemas": components(subject.name),
        "responses": error_answers(),
        "headers": HEADERS,
        "securitySchemes": {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "A token of the API client, or one that `/oauth/token` has given.",
            },
            "basic": {"type": "http", "scheme": "basic", "description": "Name and password."},
            "oauth": {
                "type": "oauth2",
                "flows": {
                    "clientCredentials": {
                        "tokenUrl": f"{base_url}/oauth/token",
                        "scopes": _scopes(subject),
                    }
                },
            },
        },
    }
