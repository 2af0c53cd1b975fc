"""Run schemathesis inside the process, and say where psew departs from the published files.

Schemathesis's checks assume that a server takes exactly what its file allows. psew is stricter in
some places and more lenient in others, each on purpose and each listed here with its reason; the
checks below replace those and let nothing else pass.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, Phase, settings

from tests.conformance.faces import V5, Face

# The same requests in every run, so that a failure is one everybody sees.
BOUNDED = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = schemathesis.checks
# The v5 file's alternatives overlap, so that it fails its own examples; the schema derived from
# it does not, and holds answers instead. Sub-classes keep the @type their client gave them.
REPLACED = [
    CHECKS.positive_data_acceptance,
    CHECKS.negative_data_rejection,
    CHECKS.response_schema_conformance,
    # It guesses passwords until the door is shut, and takes that 429 for being let in.
    CHECKS.ignored_auth,
]
# Statuses no file knows: a patch in no format of the API is refused as HTTP has it (§3.7).
UNDOCUMENTED = (415,)
# Messages of refusals that the published files would not ask for.
STRICTER = [
    r"this must be a whole number from 0 on",  # they type offset and limit as any integer
    r"offset: at most \d+",  # deep pages cost the database more the deeper they are
    r"U\+0000|a lone surrogate",  # no database text holds them
    r"a number is too large",  # nor these, without loss
    r"nested deeper|at most \d+ (members|values|items)|at most \d+ characters",
    r"RFC 3339 date-time with an offset, from 1970 to 2199",  # year 7 is no moment of a fault
    r"\.?(id|text|name): this field is required",  # present, but empty: it names nothing
    r"this is set by the system and cannot be changed",  # tmf.md §3.2 forbids what v4 declares
    r"null is no value here",
    r"@type: this must be a text",  # the derived v5 schema types it for the kinds it knows only
    r"ticketType: .* cannot become another",  # an incident never becomes a case
    r"this cannot be removed",
    r"(entity|partyOrPartyRole): this field is required",  # a relation to nothing
    r"^before, after: |^filter, position |^sort: one may sort by",  # they are any text in the file
    r"name a value|compared with RFC 3339|this must be Case, Incident or",
    r"is no status of a trouble ticket|^If-Match, If-None-Match: ",  # any text as well
    r"^Operation \d+ \(",  # RFC 6902 asks more of a patch than its schema
]
# What the published schema calls wrong and psew takes (paths as jsonschema writes them).
LENIENT = [
    r"\['status'\]: .* is not one of",  # an unknown status starts as acknowledged (§3.3)
    r"\['(severity|status)'\]: \d+ is not of type 'string'",  # digits mean what they say (C.13)
    r"'(role|@referredType)' is a required property",  # real clients leave them out
    r"\['channel'\]: 'id' is a required property",  # a channel's name says as much
    r"None is not of type",  # null is absence, as in a merge patch
    r"'@type' is a required property",  # real v5 clients patch without it
    r"is not a 'uri'|is not of type 'uri'",  # addresses are kept, never followed
]


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a WSGI request within the test's transaction, which a real handler would close."""
    response = ClientHandler(enforce_csrf_checks=False)(environ)
    status = f"{response.status_code} {response.reason_phrase}"
    start_response(status, list(response.items()))
    return [response.content]


def load(raw: dict[str, Any], *, thorough: bool = True) -> Any:
    """Return the ticket operations of a description, answered in this process.

    `thorough` adds schemathesis's systematic cases to the random ones. Left out are /hub
    (subscriptions are a capability of their own) and /listener (a client's side, which psew calls
    and does not serve).
    """
    schema = schemathesis.openapi.from_dict(raw)
    schema.app = application
    schema.config.phases.coverage.enabled = thorough
    return schema.include(path_regex=r"^/troubleTicket(/\{id\})?$")


def call(case: Any, face: Face, ticket_id: str, authorization: str) -> None:
    """Send a generated request about a ticket that exists and hold the answer."""
    if "id" in (case.path_parameters or {}):
        case.path_parameters["id"] = ticket_id
    headers = {"Authorization": authorization}
    response = case.call(headers=headers)
    excluded = [*REPLACED]
    if response.status_code in UNDOCUMENTED:
        excluded.append(CHECKS.status_code_conformance)
    if response.status_code == 204:
        # Both files give this answer without a body a media type.
        excluded.append(CHECKS.content_type_conformance)
    own = [_refused_for_a_reason, _taken_by_choice(face), _told_by_the_schema(face)]
    case.validate_response(
        response, headers=headers, excluded_checks=excluded, additional_checks=own
    )


def _refused_for_a_reason(ctx: Any, response: Any, case: Any) -> None:
    """Fail where a request the file allows is refused for none of the listed reasons."""
    if case.meta and case.meta.generation.mode.is_positive and response.status_code == 400:
        message = response.json()["message"]
        assert any(re.search(reason, message) for reason in STRICTER), message


def _taken_by_choice(face: Face) -> Any:
    """Return a check that fails where a body the schema forbids is taken, but for the list."""
    definitions = {"POST": face.create, "PATCH": face.update}

    def taken_by_choice(ctx: Any, response: Any, case: Any) -> None:
        definition = definitions.get(case.method)
        if response.status_code >= 300 or definition is None:
            return
        body = json.loads(response.request.body)
        # Only v5 describes patches that are lists; they are the same on every face.
        of_list = V5.faults("JsonPatchOperations", body) if isinstance(body, list) else None
        faults = face.faults(definition, body) if of_list is None else of_list
        assert [f for f in faults if not any(re.search(r, f) for r in LENIENT)] == []

    return taken_by_choice


def _told_by_the_schema(face: Face) -> Any:
    """Return a check that fails where an answer is not what the derived schema describes."""

    def told_by_the_schema(ctx: Any, response: Any, case: Any) -> None:
        if not response.content:
            return
        told = response.json()
        definition = "TroubleTicket" if response.status_code < 400 else "Error"
        for item in told if isinstance(told, list) else [told]:
            assert face.faults(definition, item) == []

    return told_by_the_schema
