"""The patch formats of TMF630, on plain documents."""

import json
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from tmf621.patches import JSON_PATCH, JSON_PATCH_QUERY, MERGE, apply, changes, merge, same
from tmf621.refusals import BadDocument, BadMember, FailedTest, Refusal

EXAMPLES = Path(settings.BASE_DIR) / "tests/conformance/tmf621/examples"
NAMES = st.sampled_from(["a", "b", "note", "id", "a/b", "m~n", "", "0", "-"])
LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | st.sampled_from("xyz")
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=4)
SEGMENTS = st.sampled_from(
    ["a", "b", "note", "0", "1", "-", "", "01", "~0", "~1", "~2", "9" * 30, "9" * 5000]
    + ["note?id=1", "a?b=x", "a?b=", "a?", "a?b.a=x&b=1", "a?%=x", "?a=x"]
)
PATHS = st.lists(SEGMENTS, max_size=4).map(lambda parts: "".join(f"/{part}" for part in parts))
OPERATIONS = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["add", "replace", "remove", "test", "move", "copy", "run"]),
        "path": PATHS | st.just("a"),
    },
    optional={"value": VALUES, "from": PATHS | st.integers()},
)
TICKET: dict[str, Any] = {
    "status": "acknowledged",
    "severity": "Critical",
    "note": [{"id": "n-1", "text": "one"}, {"id": 2, "text": "two"}, {"id": 2, "text": "three"}],
    "relatedEntity": [{"role": "affectedCI", "entity": {"id": "e 1/2"}}],
    "troubleTicketCharacteristic": [
        {"name": "category", "valueType": "string", "value": "SD-WAN"},
        {"name": "subCategory", "valueType": "string", "value": "Protocol Failure"},
    ],
}


def published(name: str) -> Any:
    return json.loads((EXAMPLES / f"v5-ticket-patch.{name}.request.json").read_text())


def one(op: str, path: str, *value: Any, kind: str = JSON_PATCH_QUERY, **more: Any) -> Any:
    """Apply one operation to the ticket."""
    operation = {"op": op, "path": path, **more}
    return apply(kind, TICKET, [operation | ({"value": value[0]} if value else {})])


def depth_of(value: Any) -> int:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth_of, parts), default=0)


# RFC 7396, appendix A
@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_does_what_the_standard_shows(target: Any, patch: Any, result: Any) -> None:
    assert merge(target, patch) == result


@given(DOCUMENTS, DOCUMENTS)
def test_merging_twice_is_merging_once(document: Any, patch: Any) -> None:
    before = deepcopy((document, patch))
    merged = apply(MERGE, document, patch)
    assert same(apply(MERGE, merged, patch), merged)
    assert same(list(before), [document, patch])


@given(DOCUMENTS, DOCUMENTS)
@example({"a": 1}, {"a": True})
@example({"a": {"b": 1}}, {"a": {}})
def test_changes_lead_from_one_document_to_the_other(before: Any, after: Any) -> None:
    found = changes(before, after)
    told = {name: value for name, value in {**before, **found}.items() if name in after}
    assert same(told, after)
    assert all(found[name] is None for name in before.keys() - after.keys())
    assert changes(after, after) == {}


@given(DOCUMENTS, st.lists(OPERATIONS | VALUES, max_size=5) | VALUES, st.booleans())
@example({"a": []}, [{"op": "copy", "from": "", "path": "/a/-"}] * 60, False)
def test_any_patch_gives_a_document_or_a_refusal(document: Any, patch: Any, query: bool) -> None:
    before = deepcopy((document, patch))
    with suppress(Refusal):
        patched = apply(JSON_PATCH_QUERY if query else JSON_PATCH, document, patch)
        assert isinstance(patched, dict)
        assert depth_of(patched) <= 32
    assert same(list(before), [document, patch])


def test_the_published_json_patch_is_understood() -> None:
    patched = apply(JSON_PATCH, TICKET, published("json-patch"))
    assert patched["severity"] == "Major"
    assert [note["text"] for note in patched["note"]][3:] == ["alarm severity lowered"]


def test_the_published_query_patch_keeps_what_it_does_not_name() -> None:
    patched = apply(JSON_PATCH_QUERY, TICKET, published("json-patch-query"))
    assert changes(TICKET, patched) == {
        "troubleTicketCharacteristic": [
            {"name": "category", "valueType": "string", "value": "SD-WAN"},
            {"name": "subCategory", "valueType": "string", "value": "Device Failure"},
        ]
    }


def test_the_published_merge_patch_is_understood() -> None:
    assert apply(MERGE, TICKET, published("merge"))["status"] == "inProgress"


@pytest.mark.parametrize("kind", [JSON_PATCH, JSON_PATCH_QUERY])
def test_adding_an_object_to_an_array_appends_it(kind: str) -> None:
    assert one("add", "/note", {"text": "four"}, kind=kind)["note"][3] == {"text": "four"}
    assert one("add", "/note", [{"text": "only"}], kind=kind)["note"] == [{"text": "only"}]


def test_a_question_mark_is_a_character_in_plain_json_patch() -> None:
    assert one("add", "/note?id=2", 1, kind=JSON_PATCH)["note?id=2"] == 1


@pytest.mark.parametrize("path", ["/note?id=2", "/note?note.id=2", "/note?id=%32"])
def test_a_query_picks_every_element_that_fits(path: str) -> None:
    assert one("remove", path)["note"] == TICKET["note"][:1]
    assert [n["text"] for n in one("replace", f"{path}/text", "x")["note"]] == ["one", "x", "x"]
    assert one("add", path, {"author": "Nora"})["note"][2] == {
        "id": 2,
        "text": "three",
        "author": "Nora",
    }


def test_conditions_are_joined_and_may_look_deeper() -> None:
    assert one("remove", "/note?id=2&text=three")["note"] == TICKET["note"][:2]
    path = "/relatedEntity?entity.id=e%201%2F2/entity/name"
    assert one("add", path, "vEdge")["relatedEntity"][0]["entity"]["name"] == "vEdge"
    assert one("move", "/status", **{"from": "/note?id=n-1/text"})["status"] == "one"


@pytest.mark.parametrize(
    ("op", "path", "value", "kind", "sentence"),
    [
        ("remove", "/note?id=9", [], BadMember, "nothing matches 'note?id=9'."),
        ("remove", "/status?id=9", [], BadMember, "/status is no array"),
        ("remove", "/note?id", [], BadDocument, "'id' is no condition; write name=value."),
        ("replace", "/sererity", ["Minor"], BadMember, "there is nothing at this path."),
        ("replace", "/nope/deep", [1], BadMember, "there is nothing at this path."),
        ("replace", "/note/7", [{}], BadMember, "there is nothing at this path."),
        ("add", "/note/7", [{}], BadMember, "can't insert outside of list."),
        ("replace", "", [[]], BadDocument, "the document must stay an object."),
        ("add", "/name", [], BadDocument, "the member 'value' is required."),
        ("copy", "/name", [], BadDocument, "the member 'from' is required."),
        ("add", "/a" * 9, [1], BadDocument, "a path has at most 8 segments."),
        ("test", "/status", ["held"], FailedTest, "the document holds something else there."),
        ("test", "/bogus", [1], FailedTest, "the document holds something else there."),
    ],
)
def test_a_refusal_names_operation_and_path(
    op: str, path: str, value: list[Any], kind: type[Refusal], sentence: str
) -> None:
    with pytest.raises(kind) as caught:
        one(op, path, *value)
    assert caught.value.message.startswith(f"Operation 0 ({op} {path}): {sentence}")


def test_moving_by_a_query_needs_exactly_one_match() -> None:
    with pytest.raises(BadMember, match=r"must match exactly one element; it matches 2\."):
        one("copy", "/name", **{"from": "/note?id=2"})


def test_nothing_of_a_patch_is_done_when_a_test_fails() -> None:
    before = deepcopy(TICKET)
    patch = [
        {"op": "remove", "path": "/note/0"},
        {"op": "test", "path": "/status", "value": "resolved"},
    ]
    with pytest.raises(FailedTest, match=r"\AOperation 1 \(test /status\)"):
        apply(JSON_PATCH, TICKET, patch)
    assert before == TICKET


@pytest.mark.parametrize(
    ("operations", "sentence"),
    [
        ([{"op": "copy", "from": "", "path": "/x"}] * 100, "nested deeper than 32 levels"),
        (
            [{"op": "copy", "from": "", "path": f"/x{n}"} for n in range(100)],
            r"Operation 8 .*more than 10000 values",
        ),
        ([{"op": "test", "path": "/status", "value": "acknowledged"}] * 101, "at most 100 oper"),
        ([{"op": "add", "path": "/x", "value": ["y" * 1_000_001]}], "1000000 characters"),
        ([{"op": "add", "path": "/note", "value": [{}] * 1_001}], "more than 1000 members"),
        ("remove", "must be an array of operations"),
        ([7], "Operation 0: this must be an object"),
        ([{"op": "add", "path": 7, "value": 1}], r"Operation 0 \(add\): path must be a text"),
        ([{"op": ["add"], "path": "/a"}], "Operation 0: op must be one of add"),
    ],
)
def test_a_patch_is_bounded_and_well_formed(operations: Any, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        apply(JSON_PATCH, TICKET, operations)


def test_a_merge_patch_is_bounded_too() -> None:
    with pytest.raises(BadDocument, match="1000000 characters"):
        apply(MERGE, {"a": "x" * 600_000}, {"b": "y" * 600_000})
    with pytest.raises(BadDocument, match="must be a JSON object"):
        apply(MERGE, TICKET, [])


def test_a_document_beyond_the_limits_can_still_be_made_smaller() -> None:
    large = {"note": [{}] * 1_200, "status": "held"}
    assert len(apply(JSON_PATCH, large, [{"op": "remove", "path": "/note/0"}])["note"]) == 1_199
