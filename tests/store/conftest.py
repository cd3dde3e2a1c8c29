"""Fixtures of the store's tests."""

from __future__ import annotations

import pytest

from tests.store.store_world import World


@pytest.fixture
def world(engine, keyring):
    return World(engine, keyring)
