"""The permission tree of the stand-in: module folders, folders in them, permissions, and many near-names on purpose.

Known names are from ehr-facts.md section 5; the neighbours are invented so that whoever matches by a part of a name, or
forgets which folder a name stands in, ticks the wrong thing ("General" exists four times, "View Invoices" twice).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

_TREE = """
Accounting Module
  View Accounting
  Edit Accounting
  View Invoices
  View Invoices Summary
  Edit Invoices
  Void Invoices
  View Claims
  View Claims History
  Edit Claims
  Submit Claims
  View Payments
  Edit Payments
  View Deposits
  General Ledger
  Payment Processing/
    Void Credit Card Payment via Payment Processor
    Refund Credit Card via Payment Processor
    Void Credit Card Refund via Payment Processor
Administration Module
  View Administration
  Edit Administration
  View Administration Reports
  General
  Edit General
  Employee/Roles
  Employee/Roles Audit
  Vendors/Partners
  Vendors/Partners Contracts
  View RevConnect Registration
  RevolutionEHR Solutions
  Preferences/
    General
    View Practice Preferences
    Edit Practice Preferences
Inventory Module
  View Inventory
  Edit Inventory
  Copy Products
  View Invoices
  Receive Inventory
Messaging Module
  View Messages
  Send Messages
  Erase Messages
Orders Module
  View Orders
  Edit Orders
  View Order History
  Cancel Orders
Patients Module
  View Patients
  Edit Patients
  Merge Patients
  Patient Record/
    General
    View Encounters
    Edit Encounters
    Sign Encounters
    View Claims History
Pulse Module
  View Pulse
  View Pulse Dashboard
  Edit Pulse Dashboard
RevConnect Module
  View RevConnect
  Send RevConnect Invitations
Reports Module
  View Reports
  General
  Export Reports
  Access Log
Schedule Module
  View Schedule
  Edit Schedule
  Edit Schedule Templates
Tasks Module
  View Tasks
  Edit Tasks
"""

GENERAL = "administration-module.general"
_GENERAL_CHILDREN = ("Basic Information", "Locations", "Contacts", "Practice Preferences")


@dataclass(frozen=True)
class Node:
    """A line of the tree: a folder (grants nothing itself), a permission, or both."""

    id: str
    name: str
    parent: str | None
    permission: bool


@dataclass
class PermissionTree:
    """All nodes by id, in the order in which the screen shows them."""

    nodes: dict[str, Node] = field(default_factory=dict)

    def children(self, parent: str | None) -> list[Node]:
        """The nodes directly below a node; the modules for None."""
        return [node for node in self.nodes.values() if node.parent == parent]

    def has_children(self, node_id: str) -> bool:
        return any(node.parent == node_id for node in self.nodes.values())

    def under(self, parent: str | None) -> Iterator[Node]:
        """Every permission below a node, at any depth. Folders that grant nothing are left out."""
        for node in self.children(parent):
            if node.permission:
                yield node
            yield from self.under(node.id)

    def path(self, node_id: str) -> str:
        """`Accounting Module > View Invoices`."""
        node = self.nodes[node_id]
        return f"{self.path(node.parent)} > {node.name}" if node.parent else node.name

    def everything(self) -> set[str]:
        return {node.id for node in self.under(None)}

    def make_general_a_folder(self) -> None:
        """Administration's "General" gets children and stays a permission (ehr-facts.md section 5: unknown)."""
        for name in _GENERAL_CHILDREN:
            self._add(name, GENERAL, permission=True)

    def _add(self, name: str, parent: str | None, *, permission: bool) -> str:
        slug = name.lower().replace("/", "-").replace(" ", "-")
        node_id = f"{parent}.{slug}" if parent else slug
        self.nodes[node_id] = Node(node_id, name, parent, permission)
        return node_id


def permission_tree() -> PermissionTree:
    """A fresh tree."""
    tree = PermissionTree()
    ancestors: list[str] = []
    for line in _TREE.strip().splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name = line.strip()
        is_folder = depth == 0 or name.endswith("/")
        parent = ancestors[depth - 1] if depth else None
        node_id = tree._add(name.rstrip("/") if is_folder else name, parent, permission=not is_folder)
        ancestors[depth:] = [node_id]
    return tree


ONESPOT_PERMISSIONS = frozenset(
    {
        "accounting-module.view-invoices",
        "accounting-module.view-claims",
        "administration-module.view-administration",
        "administration-module.general",
        "administration-module.employee-roles",
        "administration-module.vendors-partners",
    }
)
"""The six of the guide's steps 5 and 6."""
