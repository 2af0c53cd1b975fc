"""What must not reach a customer is found in an outgoing text; what is harmless is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.guard import ACCOUNT, ADDRESS, HOST, Finding, findings_in, possible_machines

HOSTS = ("vEdge_21", "core-rtr-7", "PE1.ber", "vManage_10001")
ACCOUNTS = ("Contoso", "Fabrikam Retail", "Ä & Ö GmbH")

# Each with what must be found in it, and nothing else.
CORPUS = [
    ("The line at your site is back.", []),
    ("Reach us at +49 30 1234567 or 24/7 at https://status.example.net/.", []),
    ("Version 10.4 of 2026-11-24, 12:30:45, at 99.95 %.", []),
    ("Our name server 8.8.8.8 answers again.", []),
    ("The follow-up is planned; a plug-and-play box is on its way.", []),
    ("We rebooted 10.20.30.40.", [(ADDRESS, "10.20.30.40")]),
    ("From 192.168.1.1 to 172.16.0.9.", [(ADDRESS, "192.168.1.1"), (ADDRESS, "172.16.0.9")]),
    ("The carrier-grade 100.64.3.2 dropped.", [(ADDRESS, "100.64.3.2")]),
    (
        "Neighbour fe80::1 went away, fd00:12::9 too.",
        [(ADDRESS, "fe80::1"), (ADDRESS, "fd00:12::9")],
    ),
    ("Resolver 2001:4860:4860::8888 is public.", []),
    ("999.1.1.1 and 10.0.0 are no addresses, 1.10.0.0.1 neither.", []),
    ("We restarted vEdge_21.", [(HOST, "vEdge_21")]),
    ("We restarted VEDGE_21, then CORE-RTR-7.", [(HOST, "CORE-RTR-7"), (HOST, "VEDGE_21")]),
    ("core-rtr-7.noc.example.net is back.", [(HOST, "core-rtr-7.noc.example.net")]),
    ("Log in to jump1.corp first.", [(HOST, "jump1.corp")]),
    ("PE1.ber.", [(HOST, "PE1.ber")]),
    ("vEdge_211 is not ours.", []),
    ("Like Contoso you are affected.", [(ACCOUNT, "Contoso")]),
    ("CONTOSO's line and Fabrikam  Retail.", [(ACCOUNT, "Contoso"), (ACCOUNT, "Fabrikam Retail")]),
    ("Contosoville is a town.", []),
    ("Auch Ä & Ö GmbH.", [(ACCOUNT, "Ä & Ö GmbH")]),
]


@pytest.mark.parametrize(("text", "expected"), CORPUS)
def test_the_corpus(text: str, expected: list[tuple[str, str]]) -> None:
    found = findings_in(text, hosts=HOSTS, accounts=ACCOUNTS)
    assert [(each.kind, each.what) for each in found] == expected
    assert all(each.what in each.sentence and each.sentence.endswith(".") for each in found)


def test_each_thing_is_told_once() -> None:
    assert findings_in("10.0.0.1, 10.0.0.1") == [Finding(ADDRESS, "10.0.0.1")]


@given(st.text(max_size=400))
def test_any_text_is_read_and_its_machines_are_words_of_it(text: str) -> None:
    assert all(word in text for word in possible_machines(text))
    findings_in(text, hosts=HOSTS, accounts=ACCOUNTS)


@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 255), st.integers(0, 255))
def test_an_internal_address_is_found_between_any_words(a: str, b: str, x: int, y: int) -> None:
    address = f"10.{x}.{y}.7"
    assert Finding(ADDRESS, address) in findings_in(f"{a} {address} {b}")
