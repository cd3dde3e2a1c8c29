"""Casework: the life of a case, its clocks, and the use cases of the desk. No Flask, no SQL, no wall clock."""
