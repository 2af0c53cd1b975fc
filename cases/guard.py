"""Find what must not reach a customer in an outgoing text (R20, privacy). Pure."""

import ipaddress
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

ADDRESS, HOST, ACCOUNT, EMPTY = "address", "host", "account", "empty"

_V4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)")
_V6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_NAME = re.compile(r"[\w][\w.\-]{2,78}[\w]")
# Endings only machines inside a house carry.
_INSIDE = (".local", ".lan", ".internal", ".intranet", ".corp", ".localdomain", ".home.arpa")
_SHARED = ipaddress.ip_network("100.64.0.0/10")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader should look at before the text leaves; `what` is the very words."""

    kind: str
    what: str

    @property
    def sentence(self) -> str:
        """Return what is wrong, in words."""
        return {
            ADDRESS: f"“{self.what}” is an internal address.",
            HOST: f"“{self.what}” is the name of a machine of ours.",
            ACCOUNT: f"“{self.what}” is another customer.",
            EMPTY: f"“{self.what}” has no value.",
        }[self.kind]


def findings_in(
    text: str, *, hosts: Collection[str] = (), accounts: Collection[str] = ()
) -> list[Finding]:
    """Return what gives away too much, each once, in the order of its kinds.

    In: the text, names of machines, names of customers it must not mention.
    """
    found = [Finding(ADDRESS, each) for each in _internal_addresses(text)]
    found += [Finding(HOST, each) for each in _machines(text, hosts)]
    found += [Finding(ACCOUNT, each) for each in accounts if says(text, each)]
    return list(dict.fromkeys(found))


def says(text: str, name: str) -> bool:
    """Tell whether the text holds the name as words of its own, in any case."""
    name = " ".join(name.split())
    if len(name) < 3:
        return False
    words = r"\s+".join(re.escape(word) for word in name.split(" "))
    return re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE) is not None


def possible_machines(text: str) -> set[str]:
    """Return the words that may name a machine: no plain words of a language."""
    words = {word.rstrip(".-") for word in _NAME.findall(text)}
    return {word for word in words if re.search(r"[\d_.\-]", word) and re.search(r"[^\W\d]", word)}


def _internal_addresses(text: str) -> Iterable[str]:
    for each in [*_V4.findall(text), *_V6.findall(text)]:
        try:
            address = ipaddress.ip_address(each)
        except ValueError:
            continue
        if not address.is_unspecified and (address.is_private or address in _SHARED):
            yield each


def _machines(text: str, hosts: Collection[str]) -> Iterable[str]:
    known = {host.casefold() for host in hosts}
    for word in sorted(possible_machines(text)):
        name = word.casefold()
        if name in known or name.partition(".")[0] in known or name.endswith(_INSIDE):
            yield word
