"""The operators' desk: registering while the caller speaks, triage, dispatch, follow-up, search, import, quarantine.

One view of each module is named here: importing it hangs all its views on the blueprint.
"""

from hotline.web.operators.deskwork import call_back
from hotline.web.operators.entry import create
from hotline.web.operators.importing import upload
from hotline.web.operators.quarantine import dismiss
from hotline.web.operators.room import blueprint
from hotline.web.operators.searching import search
from hotline.web.operators.triage import confirm

__all__ = ["blueprint", "call_back", "confirm", "create", "dismiss", "search", "upload"]
