"""The tree of CI classes: what a class inherits, and the tree as one draws it."""

from dataclasses import dataclass

from cmdb.attributes import Attribute, declared, inherited
from cmdb.models import CIClass


@dataclass(frozen=True, slots=True)
class Branch:
    """A class at its depth in the tree."""

    ci_class: CIClass
    depth: int

    @property
    def indent(self) -> str:
        """Return the dashes that show the depth where there is only text."""
        return "– " * self.depth


def attributes_of(ci_class: CIClass) -> list[Attribute]:
    """Return own and inherited attributes of the class, inherited ones first."""
    return inherited(declared(each.attributes or []) for each in lineage(ci_class))


def lineage(ci_class: CIClass) -> list[CIClass]:
    """Return the class and its ancestors, the root first; a loop ends where it closes."""
    by_id = CIClass.objects.in_bulk()
    line: list[CIClass] = []
    each: CIClass | None = ci_class
    while each is not None and each not in line:
        line.append(each)
        each = by_id.get(each.parent_id) if each.parent_id else None
    return line[::-1]


def class_tree() -> list[Branch]:
    """Return all classes, children under their parent, by label."""
    children: dict[int | None, list[CIClass]] = {}
    for each in CIClass.objects.order_by("label"):
        children.setdefault(each.parent_id, []).append(each)
    branches: list[Branch] = []
    todo = [Branch(root, 0) for root in reversed(children.get(None, []))]
    while todo:
        branch = todo.pop()
        branches.append(branch)
        below = children.get(branch.ci_class.pk, [])
        todo.extend(Branch(child, branch.depth + 1) for child in reversed(below))
    return branches
