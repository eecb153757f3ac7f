"""Stand-ins for the two systems that the product talks to: RevolutionEHR (`sandbox.ehr`) and Slack (`sandbox.slack`).

They are servers over real HTTP with their state on the server, for the demo, for training people and for the tests.
They are not mocks: nothing of the product is replaced, only the other side. What misbehaves is a fault that is switched
on by name, at the start or while the stand-in runs. Everything in here is invented: practices, people, patients.
"""
