"""The invented practice that the stand-in starts with: people, places, roles, and a home screen full of patient names.

More than ten employees and roles, so that the lists have a second page, and names near ours on purpose.
"""

from __future__ import annotations

from typing import Any

from sandbox.ehr.permissions import ONESPOT_PERMISSIONS
from sandbox.ehr.records import Employee, Location, Role, Secret
from sandbox.ehr.state import SYSTEM_ADMINISTRATOR, State

ADMIN_USERNAME = "mhalloran"
ADMIN_PASSWORD = "Harbor-Street-410"  # noqa: S105 - the invented administrator's, printed by `onespot sandbox`
STAFF_PASSWORD = "Staff-Room-2026!"  # noqa: S105 - every other invented employee's

_LOCATIONS = (
    Location("4471", "Fairhaven Main", "Fairhaven", phone="(555) 201-4400", npi="1679844302"),
    Location("4488", "Fairhaven North", "Fairhaven", phone="(555) 201-4460", npi="1679844310"),
    Location("4602", "Lakeside Optical", "Lakeside", phone="(555) 201-4510", npi="1679844328"),
    Location("4290", "Old Mill Road (closed)", "Fairhaven", active=False, phone="(555) 201-4300", npi="1679844294"),
)

_MORE_LOCATIONS = (
    "Alder Creek",
    "Birchwood",
    "Cedar Hills",
    "Eastgate Mall",
    "Granite Falls",
    "Juniper Square",
    "Maple Valley",
    "Northpoint",
    "Orchard Park",
    "Pine Street",
    "Westbrook",
)

_ROLES = {
    "Billing Specialist": ("accounting-module",),
    "Front Desk": ("schedule-module", "messaging-module", "tasks-module"),
    "Inventory Clerk": ("inventory-module", "orders-module"),
    "Office Manager": ("accounting-module", "schedule-module", "reports-module", "tasks-module", "messaging-module"),
    "OneSpotter Training": ("messaging-module",),
    "Optician": ("orders-module", "inventory-module", "patients-module"),
    "Optometrist": ("patients-module", "schedule-module", "messaging-module", "orders-module"),
    "Pulse Reviewer": ("pulse-module", "reports-module"),
    "Referring Doctor": ("patients-module",),
    "Scribe": ("patients-module",),
    "Student Extern": ("patients-module", "schedule-module"),
    "Technician": ("patients-module", "schedule-module", "tasks-module"),
}

_STAFF = (
    ("Abigail", "Ferreira", "aferreira", "Optometrist"),
    ("Benedict", "Achterberg", "bachterberg", "Optometrist"),
    ("Camille", "Dubrow", "cdubrow", "Front Desk"),
    ("Desmond", "Kirkaldy", "dkirkaldy", "Billing Specialist"),
    ("Esther", "Lindqvist", "elindqvist", "Optician"),
    ("Farrukh", "Begmatov", "fbegmatov", "Technician"),
    ("Gwendolyn", "Marsh", "gmarsh", "Office Manager"),
    ("Hideo", "Inoue", "hinoue", "Optometrist"),
    ("Imogen", "Castellane", "icastellane", "Front Desk"),
    ("Joaquin", "Espada", "jespada", "Inventory Clerk"),
    ("Lettice", "Munro", "lmunro", "Scribe"),
    ("Onesta", "Spotswood", "onestaspotswood", "Front Desk"),
    ("Perpetua", "Quill", "pquill", "Technician"),
    ("Sylvie", "Onespotto", "sonespotto", "Student Extern"),
    ("Tobias", "Wren", "twren", "Optician"),
)

_FORMER_STAFF = (
    ("Ulrika", "Vance", "uvance", "Front Desk"),
    ("Wendell", "Oakes", "woakes", "Technician"),
    ("Yolanda", "Prewitt", "yprewitt", "Billing Specialist"),
)

HOME: dict[str, list[Any]] = {
    "schedule": [
        {"time": "8:00 AM", "patient": "Hollis Braithwaite", "reason": "Comprehensive exam"},
        {"time": "8:30 AM", "patient": "Marguerite Okonjo", "reason": "Contact lens fitting"},
        {"time": "9:15 AM", "patient": "Anselm Pettigrew", "reason": "Glaucoma follow-up"},
        {"time": "10:00 AM", "patient": "Rosalind Takahara", "reason": "Diabetic eye exam"},
        {"time": "10:45 AM", "patient": "Ephraim Castellanos", "reason": "Visual field"},
        {"time": "1:00 PM", "patient": "Philippa Nakamura", "reason": "Post-op day 1"},
        {"time": "1:45 PM", "patient": "Thaddeus Wolanski", "reason": "Red eye"},
    ],
    "messages": [
        {"from": "Camille Dubrow", "subject": "Marguerite Okonjo called about her trial lenses", "at": "7:52 AM"},
        {"from": "Dr. Inoue", "subject": "Please fax Anselm Pettigrew's OCT", "at": "Yesterday"},
        {"from": "Desmond Kirkaldy", "subject": "Claim for Hollis Braithwaite denied again", "at": "Yesterday"},
    ],
    "tasks": [
        {"due": "Today", "task": "Recall Ephraim Castellanos", "owner": "Front Desk"},
        {"due": "Today", "task": "Order frames for Rosalind Takahara", "owner": "Optician"},
        {"due": "Fri", "task": "Month-end deposit", "owner": "Gwendolyn Marsh"},
    ],
}

INVOICES = [
    {"number": "118204", "date": "11/16/2026", "payee": "Hollis Braithwaite", "total": "$184.00", "due": "$0.00"},
    {"number": "118211", "date": "11/17/2026", "payee": "Philippa Nakamura", "total": "$62.50", "due": "$62.50"},
    {"number": "118219", "date": "11/18/2026", "payee": "Thaddeus Wolanski", "total": "$310.00", "due": "$110.00"},
    {"number": "118226", "date": "11/19/2026", "payee": "Rosalind Takahara", "total": "$95.00", "due": "$95.00"},
]
CLAIMS = [
    {"number": "77120", "date": "11/12/2026", "payer": "Northern Vision Mutual", "status": "Submitted"},
    {"number": "77126", "date": "11/13/2026", "payer": "Harbor Health", "status": "Denied"},
    {"number": "77131", "date": "11/17/2026", "payer": "Evergreen Eyecare Plan", "status": "Paid"},
]
VENDORS = [
    {"name": "Cascade Lens Lab", "kind": "Vendor", "phone": "(555) 330-1200"},
    {"name": "Evergreen Eyecare Plan", "kind": "Insurance", "phone": "(555) 330-1841"},
    {"name": "Harbor Health", "kind": "Insurance", "phone": "(555) 330-1907"},
    {"name": "Northern Vision Mutual", "kind": "Insurance", "phone": "(555) 330-2214"},
    {"name": "Tidewater Frames", "kind": "Vendor", "phone": "(555) 330-2655"},
]


def fill(state: State) -> State:
    """Gives a state its practice; returns it."""
    state.locations = {place.id: Location(**vars(place)) for place in _LOCATIONS}
    state.roles[SYSTEM_ADMINISTRATOR] = Role(SYSTEM_ADMINISTRATOR, "System Administrator", state.tree.everything())
    for number, (name, modules) in enumerate(_ROLES.items()):
        role_id = str(10014 + 7 * number)
        state.roles[role_id] = Role(role_id, name, {node.id for one in modules for node in state.tree.under(one)})
    _hire(state, "Maureen", "Halloran", ADMIN_USERNAME, "System Administrator", ADMIN_PASSWORD)
    for first, last, username, role in _STAFF:
        _hire(state, first, last, username, role)
    for first, last, username, role in _FORMER_STAFF:
        _hire(state, first, last, username, role).active = False
    return state


def one_location(state: State) -> None:
    """Only the first location is left."""
    state.locations = {place.id: place for place in list(state.locations.values())[:1]}


def many_locations(state: State) -> None:
    """Fourteen active locations."""
    for number, name in enumerate(_MORE_LOCATIONS):
        place_id = str(4700 + 13 * number)
        state.locations[place_id] = Location(place_id, name, name, phone=f"(555) 202-{1000 + number}")


def onespot_role(state: State, name: str = "OneSpot", *, different: bool = False, shared: bool = False) -> Role:
    """A role like ours that somebody made before us; `different` grants editing too, `shared` has another holder."""
    extra = {"accounting-module.edit-invoices"} if different else set()
    role = Role(state.next_id(), name, set(ONESPOT_PERMISSIONS) | extra)
    state.roles[role.id] = role
    if shared:
        next(who for who in state.employees.values() if who.username == "gmarsh").role_ids.append(role.id)
    return role


def onespot_employee(state: State, first: str, last: str, *, role: str = "Front Desk", active: bool = True) -> Employee:
    """Somebody who has the user name that the guide gives to OneSpot."""
    who = _hire(state, first, last, f"OneSpot{state.practice.id}", role)
    who.active = active
    return who


def _hire(state: State, first: str, last: str, username: str, role: str, password: str = STAFF_PASSWORD) -> Employee:
    role_id = next(one.id for one in state.roles.values() if one.name == role)
    employee_id = str(58200 + 17 * len(state.employees))
    places = [place.id for place in state.locations.values() if place.active]
    who = Employee(
        employee_id,
        first,
        last,
        username,
        Secret.of(password),
        [role_id],
        places[0],
        places if role == "System Administrator" else places[:1],
        other={"phone": f"(555) 201-44{len(state.employees):02}", "email": f"{username}@lumen-eye.example"},
    )
    state.employees[employee_id] = who
    return who
