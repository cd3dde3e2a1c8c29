"""Open311 GeoReport v2: the public standard's face, off unless HOTLINE_OPEN311 is 1.

Only disputes that a supervisor released are listed, with category, district, state and dates: never a 举报, a text, a
caller, a respondent or an agency. Posting takes a channel's token as the api_key and goes through the one use case.
"""

from hotline.web.open311 import posting, reading
from hotline.web.open311.room import blueprint

__all__ = ["blueprint", "posting", "reading"]
