"""How much more is done when more workers walk the runs, each a process, with PostgreSQL between them."""
