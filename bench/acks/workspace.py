"""The stand-in Slack as a process of its own, without rate limits: it is there to be called, not to be measured.

`python -m bench.acks.workspace` says its address and its secrets, which are made up anew each time, and ends when
stdin does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.slack import SandboxSlack

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


def main() -> None:
    """Serve until stdin ends."""
    with SandboxSlack(MANIFEST) as slack:
        slack.limits = False
        port = urlsplit(slack.origin).port
        told = {
            "port": port,
            "api_url": slack.api_url,
            "bot_token": slack.bot_token,
            "signing_secret": slack.signing_secret,
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
