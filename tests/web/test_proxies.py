"""Behind a proxy each person has an address of their own, and nobody may write it for themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import request

from hotline.web import create_app


@pytest.mark.parametrize(
    ("layers", "heard", "address"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "127.0.0.1"),
    ],
)
def test_whom_a_request_is_taken_to_come_from(app_services, layers, heard, address):
    app = create_app(replace(app_services, settings=replace(app_services.settings, proxies=layers)))
    seen = []
    app.before_request(lambda: seen.append(request.remote_addr))
    app.test_client().get("/login", headers={"X-Forwarded-For": heard})
    assert seen == [address]
