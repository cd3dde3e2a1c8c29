"""Intake: whatever arrives becomes one clean complaint, and nothing is lost.

`normalise` is the one function for form, API and import; `readers` opens files; `submission` makes drafts and
complaints of them; `judge` says what an import would do. No Flask, no SQL, no clock, no environment.
"""
