"""A tree of checks, read by its words: open a folder, tick a leaf, say everything that is ticked.

A folder's own box is never pressed: it would tick everything below. Nothing here knows which tree it is.
"""

from automation.trees.nodes import Node, folder, leaf, may_be_closed, ticked
from automation.trees.opening import drawn, open_all, read, reveal, tick
from automation.trees.seen import closed_arrow

__all__ = [
    "Node",
    "closed_arrow",
    "drawn",
    "folder",
    "leaf",
    "may_be_closed",
    "open_all",
    "read",
    "reveal",
    "tick",
    "ticked",
]
