"""The faults of the stand-in EHR, one after the other, and how the command comes out of each: `make scorecard`.

`cases` says which fault is met where and what would be right, `stage` sets the scene, `play` lets the real command at
it, `judge` compares what it claims with what the EHR knows, `table` writes it down. Measures no speed.
"""
