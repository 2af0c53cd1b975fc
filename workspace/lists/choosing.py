"""Which records a bulk act is about: ids in one field, or a signed address for all matching."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from django.core import signing

from core.models import User
from workspace.lists.address import kept, read_address
from workspace.lists.definition import ListPage, Rows
from workspace.lists.paging import matching

SALT = "workspace.list.matching"
MOST = 10_000


class NothingChosen(ValueError):
    """No record was chosen, or the choice cannot be read."""


def signed(page: ListPage, params: Mapping[str, str], user: User) -> str:
    """Return the signed text that stands for every record the address shows this user."""
    return signing.dumps([page.name, user.pk, urlencode(kept(page, params))], salt=SALT)


def chosen_ids(page: ListPage, data: Mapping[str, str], user: User) -> list[int]:
    """Return the ids of the chosen records the user may see, in the list's order by id.

    In: `ids` joined by commas, or `matching` as `signed` wrote it. `NothingChosen` says what is
    wrong with them.
    """
    if data.get("matching"):
        rows = _all_matching(page, data["matching"], user)
    else:
        ids = [int(part) for part in data.get("ids", "").split(",") if part.isdecimal()]
        rows = page.model._default_manager.filter(pk__in=[i for i in ids if i < 2**63][:MOST])
    found = list(rows.order_by("pk").values_list("pk", flat=True).distinct()[: MOST + 1])
    if not found:
        raise NothingChosen(f"Choose at least one {page.noun}.")
    if len(found) > MOST:
        raise NothingChosen(f"These are more than {MOST} {page.noun}s. Narrow the list first.")
    return found


def _all_matching(page: ListPage, token: str, user: User) -> Rows:
    try:
        name, owner, query = signing.loads(token, salt=SALT, max_age=24 * 3600)
    except (signing.BadSignature, ValueError) as error:
        raise NothingChosen("The list was opened too long ago. Open it again.") from error
    if (name, owner) != (page.name, user.pk):
        raise NothingChosen("This choice was made in another list.")
    rows, _ = matching(page, read_address(page, dict(parse_qsl(query))), user)
    return rows
