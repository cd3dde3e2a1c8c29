"""The demonstration: two offices, an account per role, and complaints at every stage, made by the real use cases."""
