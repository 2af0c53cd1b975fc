"""The cast and the small network most tests play on."""

from dataclasses import dataclass
from types import SimpleNamespace

from accounts.models import Account, Contact
from cmdb.models import CIClass, CIRelation, ConfigurationItem, InstallBaseItem, RelationType
from core.models import AssignmentGroup, Role, User


@dataclass(frozen=True)
class People:
    """Nadia coordinates, Luis, Mei and Ivar are L1 to L3, Kim manages major issues."""

    nadia: User
    luis: User
    mei: User
    ivar: User
    kim: User
    ada: User


def make_people() -> People:
    """Create the cast with the groups base data gives roles to."""
    return People(
        nadia=_member("nadia", "Network Coordinators"),
        luis=_member("luis", "L1 Network Engineering"),
        mei=_member("mei", "L2 Network Engineering"),
        ivar=_member("ivar", "L3 Network Engineering"),
        kim=_member("kim", "Major Issue Management"),
        ada=User.objects.create_superuser("ada", "ada@psew.example", "not-used"),
    )


def _member(name: str, group: str) -> User:
    user = User.objects.create_user(name, f"{name}@psew.example")
    AssignmentGroup.objects.get(name=group).members.add(user)
    return user


def make_otto() -> User:
    """Create the outside system."""
    otto = User.objects.create_user("otto", is_api_client=True)
    otto.groups.add(Role.objects.get(name="sn_ind_tsm_sdwan.ticket_integrator"))
    return otto


def make_topology() -> SimpleNamespace:
    """Create controller → edge → six services, five accounts with contacts, and two bystanders."""
    managed = RelationType.objects.get(name="Managed by::Manages")
    depends = RelationType.objects.get(name="Depends on::Used by")
    controller = _item("vManage_10001", "cmdb_ci_sdwan_controller", external_id="b1a7c0de-0001")
    edge = _item("vEdge_21", "cmdb_ci_sdwan_edge")
    CIRelation.objects.create(parent=edge, child=controller, type=managed)
    services = [_item(f"Service {n}", "cmdb_ci_service") for n in range(1, 7)]
    for service in services:
        CIRelation.objects.create(parent=service, child=edge, type=depends)
    accounts = [_account(n) for n in range(1, 6)]
    for n, account in enumerate(accounts):
        InstallBaseItem.objects.create(
            number=f"IB{n}", name=f"Line {n}", account=account, ci=services[n]
        )
    return SimpleNamespace(
        controller=controller,
        edge=edge,
        services=services,
        accounts=accounts,
        other_account=_account(9),
        lonely_item=_item("vEdge_99", "cmdb_ci_sdwan_edge"),
    )


def _item(name: str, class_name: str, **values: str) -> ConfigurationItem:
    ci_class = CIClass.objects.get(name=class_name)
    return ConfigurationItem.objects.create(name=name, ci_class=ci_class, **values)


def _account(n: int) -> Account:
    account = Account.objects.create(number=f"ACC{n}", name=f"Account {n}", tier="gold")
    Contact.objects.create(
        name=f"Contact {n}", account=account, email=f"c{n}@a{n}.example", is_primary=True
    )
    return account
