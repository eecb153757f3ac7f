"""How the program's queries grow: with 100, 1,000 and 10,000 practices, on SQLite and on PostgreSQL."""
