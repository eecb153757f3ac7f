"""The invented workspace: who is there, which channels there are, and the app's ids. Nobody here exists."""

from __future__ import annotations

from sandbox.slack.state import State
from sandbox.slack.things import Channel, User, UserGroup

TEAM, TEAM_NAME, DOMAIN = "T0SANDBOX", "Sandbox Optics", "sandbox-optics"
OTHER_TEAM, OTHER_NAME, OTHER_DOMAIN = "T9OTHER", "Another Workspace", "another-workspace"
APP, BOT_USER, BOT = "A0ONESPOT", "U0BOT", "B0ONESPOT"
ANA, BEN, CLEO, DAN, EVE = "U0ANA", "U0BEN", "U0CLEO", "U0DAN", "U9EVE"
LEADS = "S0LEADS"
ONBOARDING, HEALTH = "C0ONBOARD", "C0HEALTH"


def fill(state: State, app_name: str) -> State:
    """Put everybody and everything in.

    The bot was invited to #onboarding only: it may write to #onespot-health by `chat:write.public`, and may not show
    files or ephemeral messages there.
    """
    state.team = {"id": TEAM, "name": TEAM_NAME, "domain": DOMAIN}
    people = [
        User(ANA, "ana", "Ana Reyes", "2b6cb0", TEAM),
        User(BEN, "ben", "Ben Okafor", "2f855a", TEAM),
        User(CLEO, "cleo", "Cleo Marsh", "b7791f", TEAM),
        User(DAN, "dan", "Dan Weiss", "718096", TEAM, deleted=True),
        User(EVE, "eve", "Eve Stone", "9b2c2c", OTHER_TEAM),
        User(BOT_USER, app_name.lower(), app_name, "1f3a5f", TEAM, is_bot=True),
    ]
    state.users = {user.id: user for user in people}
    state.usergroups = {LEADS: UserGroup(LEADS, "onboarding-leads", [BEN])}
    everybody = {ANA, BEN, CLEO, EVE}
    state.channels = {
        ONBOARDING: Channel(ONBOARDING, "onboarding", "New practices", members={*everybody, BOT_USER}),
        HEALTH: Channel(HEALTH, "onespot-health", "Do the OneSpot accounts work?", members=set(everybody)),
    }
    return state
