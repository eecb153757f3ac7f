"""What Alembic runs; it works in the connection and the transaction that `database.upgrade` hands over."""

from alembic import context
from sqlmodel import SQLModel

import storage.models  # noqa: F401  (makes the tables known)

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.run_migrations()
