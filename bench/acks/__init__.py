"""How quickly Slack is answered in HTTP mode: our bot beside a Bolt app that only acks, on the same server."""
