"""Store: tables without rules, the unit of work of the desk, what pages read, keys, event chains, migrations.

It knows SQL and the records, and no rule of the matter: those stand in `casework`.
"""
