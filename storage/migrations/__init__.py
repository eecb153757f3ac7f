"""The schema's history, for Alembic; `database.upgrade` runs it, without an alembic.ini.

To change the schema, change the rows in models.py and add `versions/NNNN_what_it_does.py` with the next number, whose
revision id is that number. A test says what is missing when the rows and the migrations differ. Triggers and the
conditions of partial indexes are not compared: they have tests of their own.
"""
