"""The closed placeholder language."""

from escalation.placeholders import fill, unknown_names


def test_known_names_are_filled_in() -> None:
    assert fill("Look at {{ ci.name }}.", {"ci.name": "vEdge_21"}) == "Look at vEdge_21."


def test_an_empty_value_stays_visible() -> None:
    assert fill("Look at {{ ci.name }}.", {"ci.name": ""}) == "Look at [ci.name?]."


def test_values_are_not_filled_again() -> None:
    text = fill("{{ ci.name }}", {"ci.name": "{{ incident.number }}", "incident.number": "X"})
    assert text == "{{ incident.number }}"


def test_nothing_that_looks_like_code_is_a_placeholder() -> None:
    text = "{{ 7*7 }} {{ ci.name|upper }} {% now %} ${ci.name} {{ ci.__class__ }}"
    assert fill(text, {}) == text.replace("{{ ci.__class__ }}", "[ci.__class__?]")


def test_unknown_names_are_reported() -> None:
    assert unknown_names("{{ ci.name }} {{ ci.password }}") == ["ci.password"]
