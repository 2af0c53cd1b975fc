"""Which domains the running code may see; queries refuse to run without an answer (R178).

An edge (request, token, task, command) states the scope once with `use_scope` or `everything`;
every manager of a `DomainModel` filters by it and raises `NoScope` when nobody stated one.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


class NoScope(RuntimeError):
    """A query on tenant data ran where nobody said whose data may be seen."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The domains in view; `domain_ids` is None where all of them are."""

    domain_ids: frozenset[int] | None


EVERYTHING = Scope(domain_ids=None)
_scope: ContextVar[Scope | None] = ContextVar("psew_scope", default=None)


def current_scope() -> Scope:
    """Return the active scope; raises `NoScope` where none is active."""
    scope = _scope.get()
    if scope is None:
        raise NoScope("State the scope first: core.scope.use_scope(...) or everything().")
    return scope


@contextmanager
def use_scope(scope: Scope | None) -> Iterator[None]:
    """Run the block with this scope (None closes the view altogether)."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def everything() -> AbstractContextManager[None]:
    """Run the block with all domains in view: workers, commands and instance administrators."""
    return use_scope(EVERYTHING)


def enter_scope(scope: Scope | None) -> None:
    """Set the scope for the rest of the request; the middleware around it restores the former."""
    _scope.set(scope)
