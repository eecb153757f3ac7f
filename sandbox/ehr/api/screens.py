"""The screens that are only looked at: home, Basic Information, locations, invoices, claims, vendors."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.ehr import seed
from sandbox.ehr.api.desk import Desk, found, page
from sandbox.ehr.api.rights import MENUS, PODS, VENDORS_PARTNERS, pods_of
from sandbox.ehr.permissions import GENERAL


class ScreensApi:
    """The routes that change nothing."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def get_home(self, request: Request) -> Response:
        """The pods of the home screen; a pod without a right to it is empty."""
        session = self.desk.session(request)
        shown = [] if "empty-home" in self.desk.faults else pods_of(session)
        return JSONResponse({pod: seed.HOME[pod] if pod in shown else [] for pod in PODS})

    async def get_practice(self, request: Request) -> Response:
        self.desk.session(request, needs=GENERAL)
        if "id-empty-while-loading" in self.desk.faults:
            await self.desk.pause(self.desk.slow_id_seconds)
        practice = self.desk.state.practice
        shown = practice.id
        if "id-with-thousands-separator" in self.desk.faults:
            shown = f"{int(shown):,}"
        if "id-with-spaces" in self.desk.faults:
            shown = f"  {shown[:1]} {shown[1:]} "
        if "id-never-loads" in self.desk.faults:
            shown = ""
        return JSONResponse(
            {
                "id": shown,
                "name": practice.name,
                "taxId": practice.tax_id,
                "npi": practice.npi,
                "phone": practice.phone,
                "fax": practice.fax,
                "website": practice.website,
                "address": practice.address,
                "timeZone": practice.time_zone,
            }
        )

    async def put_practice(self, request: Request) -> Response:
        """Changes nothing, but leaves a mutation: nobody should have pressed Save there."""
        session = self.desk.session(request, needs=GENERAL)
        self.desk.state.note(session.username, "practice saved", self.desk.state.practice.id)
        return await self.get_practice(request)

    async def get_locations(self, request: Request) -> Response:
        """`active=true` leaves out inactive ones, but for inactive-locations-listed."""
        self.desk.session(request, needs=GENERAL)
        everything = request.query_params.get("active") != "true" or "inactive-locations-listed" in self.desk.faults
        with self.desk.state.lock:
            places = [place for place in self.desk.state.locations.values() if place.active or everything]
            places.sort(key=lambda place: place.name)
            return JSONResponse(
                [{"id": p.id, "name": p.name, "active": p.active, "city": p.city} for p in places],
            )

    async def get_location(self, request: Request) -> Response:
        self.desk.session(request, needs=GENERAL)
        return JSONResponse(vars(found(self.desk.state.locations, request)))

    async def get_invoices(self, request: Request) -> Response:
        self.desk.session(request, needs=MENUS["accounting"]["invoices"])
        return page(request, seed.INVOICES, lambda row: " ".join(row.values()))

    async def get_claims(self, request: Request) -> Response:
        self.desk.session(request, needs=MENUS["accounting"]["claims"])
        return page(request, seed.CLAIMS, lambda row: " ".join(row.values()))

    async def get_vendors(self, request: Request) -> Response:
        self.desk.session(request, needs=VENDORS_PARTNERS)
        return page(request, seed.VENDORS, lambda row: " ".join(row.values()))
