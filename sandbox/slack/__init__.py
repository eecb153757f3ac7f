"""A stand-in Slack: one workspace over real HTTP and a real WebSocket, strict where Slack is strict.

It is written from Slack's documentation (docs.slack.dev) only, and is no substitute for a try in a real workspace.
"""

from sandbox.slack.form import Form
from sandbox.slack.person import Person
from sandbox.slack.seen import NotSeen, Seen
from sandbox.slack.server import SandboxSlack

__all__ = ["Form", "NotSeen", "Person", "SandboxSlack", "Seen"]
