"""Reports: read-only figures over the store, each of which knows the cases it counts, and the files made of them."""
