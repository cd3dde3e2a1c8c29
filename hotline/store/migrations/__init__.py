"""Alembic: environment, template and revisions of the schema."""
