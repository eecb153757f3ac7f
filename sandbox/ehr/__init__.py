"""A stand-in RevolutionEHR: one practice, its administrator, its awkward screens, in two front ends.

`server.SandboxEhr` starts it, `state` holds the truth, `faults` names what can go wrong. `legacy/` is an AngularJS
front end true to what is publicly known of the real one (ehr-facts.md), `modern/` another one over the same HTTP API.
"""

from sandbox.ehr.faults import FAULTS
from sandbox.ehr.server import ADMIN_PASSWORD, ADMIN_USERNAME, SandboxEhr

__all__ = ["ADMIN_PASSWORD", "ADMIN_USERNAME", "FAULTS", "SandboxEhr"]
