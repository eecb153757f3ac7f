"""User roles and the permission tree."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.ehr.api.desk import SERVER_ERROR, Desk, found, page
from sandbox.ehr.api.rights import EMPLOYEE_ROLES
from sandbox.ehr.records import Role
from sandbox.ehr.state import Refused


class RolesApi:
    """The routes of Employee/Roles > User Roles."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def get_permissions(self, request: Request) -> Response:
        """One level of the tree: below `parent`, or the modules."""
        self.desk.session(request, needs=EMPLOYEE_ROLES)
        parent = request.query_params.get("parent")
        if parent and "tree-slow" in self.desk.faults:
            await self.desk.pause(self.desk.slow_tree_seconds)
        tree = self.desk.state.tree
        return JSONResponse(
            [
                {"id": n.id, "name": n.name, "hasChildren": tree.has_children(n.id), "permission": n.permission}
                for n in tree.children(parent or None)
            ]
        )

    async def get_permissions_under(self, request: Request) -> Response:
        """The ids of all permissions below `parent`, at any depth, without folders that grant nothing."""
        self.desk.session(request, needs=EMPLOYEE_ROLES)
        return JSONResponse(
            [node.id for node in self.desk.state.tree.under(request.query_params.get("parent") or None)]
        )

    async def get_roles(self, request: Request) -> Response:
        self.desk.session(request, needs=EMPLOYEE_ROLES)
        with self.desk.state.lock:
            rows = [
                {"id": role.id, "name": role.name, "employees": self.desk.state.employees_with(role.id)}
                for role in sorted(self.desk.state.roles.values(), key=lambda role: role.name.casefold())
            ]
        return page(request, rows, lambda row: str(row["name"]))

    async def get_role(self, request: Request) -> Response:
        self.desk.session(request, needs=EMPLOYEE_ROLES)
        return JSONResponse(self._role(found(self.desk.state.roles, request)))

    async def save_role(self, request: Request) -> Response:
        """POST makes a role, PUT changes one."""
        body = await request.json()
        session = await self.desk.saving(request)
        role_id = request.path_params.get("id")
        if role_id is None and "save-role-500-not-saved" in self.desk.faults:
            raise Refused(SERVER_ERROR, status=500)
        with self.desk.state.lock:
            if role_id is not None:
                found(self.desk.state.roles, request)
            role = self.desk.state.save_role(
                session.username,
                role_id,
                str(body.get("name", "")),
                [one for one in body.get("permissions", []) if self._is_permission(one)],
                duplicates="duplicate-role-names-allowed" in self.desk.faults
                or "save-twice-makes-two" in self.desk.faults,
            )
        if role_id is None and "save-role-500-but-saved" in self.desk.faults:
            raise Refused(SERVER_ERROR, status=500)
        return JSONResponse(self._role(role), status_code=201 if role_id is None else 200)

    def _is_permission(self, node_id: object) -> bool:
        """False for a folder that grants nothing; an unknown id passes, so that it is refused by name."""
        node = self.desk.state.tree.nodes.get(str(node_id))
        return node is None or node.permission

    def _role(self, role: Role) -> dict[str, Any]:
        return {"id": role.id, "name": role.name, "permissions": sorted(role.permissions)}
