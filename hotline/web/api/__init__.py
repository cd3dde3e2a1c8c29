"""The API of the channels: a complaint comes in by POST, and its channel may ask how it stands."""

from hotline.web.api import complaints, document
from hotline.web.api.room import blueprint

__all__ = ["blueprint", "complaints", "document"]
