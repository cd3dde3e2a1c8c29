"""Routing: what a complaint is about, which plan serves its place, and which agency must act under which clause."""
