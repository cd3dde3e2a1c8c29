"""Where personal data could have come out: every value of a database, every file, looked through for plain values."""

from __future__ import annotations

import sqlite3

from sqlalchemy import inspect, text


def held_bytes(engine):
    """Everything the database holds, as bytes: on SQLite the file itself, free pages and search index included."""
    if engine.dialect.name == "sqlite":
        path = engine.url.database
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            dump = "\n".join(connection.iterdump()).encode()
        connection.close()
        with open(path, "rb") as file:  # noqa: PTH123 - the URL gives a name.
            return file.read() + dump
    parts = []
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - the database's own names.
                parts += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\n".join(parts)


def forms(value):
    """A value as it could stand somewhere: in UTF-8, UTF-16, GB18030, hex, JSON escapes, grouped digits."""
    made = {value.encode(), value.encode("utf-16-le"), value.encode("gb18030"), value.encode().hex().encode()}
    made.add(value.encode("ascii", "backslashreplace"))
    if value.isdigit() and len(value) == 11:
        made |= {f"{value[:3]}{sign}{value[3:7]}{sign}{value[7:]}".encode() for sign in ("-", " ")}
    return {form for form in made if len(form) > 3}


def leaks(content, secrets):
    """Which of the secrets (by what they are) stand in the content; the values themselves are not told."""
    return sorted({what for value, what in secrets.items() if any(form in content for form in forms(value))})
