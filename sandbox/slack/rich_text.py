"""Rich text, as far as the stand-in looks at it: the kinds of parts and their required fields, not every style.

docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from __future__ import annotations

from sandbox.slack.elements import identifier
from sandbox.slack.shapes import anything, either, flag, kind, some, text, url, words

_styled = {"style": anything}

_run = either(
    {
        "text": kind("text", {"text": text(12_000)}, _styled),
        "link": kind("link", {"url": url}, {**_styled, "text": text(12_000), "unsafe": flag}),
        "user": kind("user", {"user_id": text(20)}, _styled),
        "usergroup": kind("usergroup", {"usergroup_id": text(20)}, _styled),
        "channel": kind("channel", {"channel_id": text(20)}, _styled),
        "emoji": kind("emoji", {"name": text(100)}, {**_styled, "unicode": text(100), "skin_tone": anything}),
        "broadcast": kind("broadcast", {"range": words("here", "channel", "everyone")}, _styled),
        "date": kind("date", {"timestamp": anything, "format": text(200)}, {"url": url, "fallback": text(200)}),
        "color": kind("color", {"value": text(20)}),
    }
)
_runs = some(_run, 1000, 0)
_section = kind("rich_text_section", {"elements": _runs})
_border = {"border": anything}
rich_text = kind(
    "rich_text",
    {
        "elements": some(
            either(
                {
                    "rich_text_section": _section,
                    "rich_text_preformatted": kind("rich_text_preformatted", {"elements": _runs}, _border),
                    "rich_text_quote": kind("rich_text_quote", {"elements": _runs}, _border),
                    "rich_text_list": kind(
                        "rich_text_list",
                        {"style": words("bullet", "ordered"), "elements": some(_section, 1000)},
                        {**_border, "indent": anything, "offset": anything},
                    ),
                }
            ),
            1000,
        )
    },
    {"block_id": identifier},
)
