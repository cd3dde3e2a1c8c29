"""Named errors of the domain: each message is Chinese, says what is wrong and what to do next, and names nobody."""

from __future__ import annotations


class HotlineError(Exception):
    """Something a person can put right; `code` goes to programs, the message to people."""

    code = "error"

    def __init__(self, message: str, **fields: str) -> None:
        """Keep the Chinese message and, per field, what is wrong with it."""
        super().__init__(message)
        self.message = message
        self.fields = dict(fields)


class InvalidInputError(HotlineError):
    """A value that cannot be used; `fields` names each one."""

    code = "invalid_input"


class UnusableFileError(HotlineError):
    """A whole file that cannot be used: empty, binary, no column that holds the complaint."""

    code = "unusable_file"


class NotFoundError(HotlineError):
    """No such record, or none that this account may see: the two are answered alike."""

    code = "not_found"


class ForbiddenError(HotlineError):
    """The account's role may not do this."""

    code = "forbidden"


class TransitionError(HotlineError):
    """The case's state does not allow the action."""

    code = "forbidden_transition"


class ConflictError(HotlineError):
    """Somebody else acted first: the caller's view of the case is stale."""

    code = "conflict"


class IdempotencyError(HotlineError):
    """The same (channel, external id) came before with other content."""

    code = "idempotency_conflict"


class PlanError(HotlineError):
    """A plan file that may not be used; the message holds file, line and reason."""

    code = "plan_error"


class UnknownPlanError(PlanError):
    """No plan with this id."""

    code = "unknown_plan"


class ModelError(HotlineError):
    """The model file is missing, altered, or does not fit the taxonomy."""

    code = "model_error"


class CalendarError(HotlineError):
    """A year without a State Council notice was asked for, or a calendar file is unusable."""

    code = "calendar_error"


class PolicyError(HotlineError):
    """A clock policy that may not be used."""

    code = "policy_error"


class KeyringError(HotlineError):
    """Keys are missing or do not fit the database."""

    code = "key_error"


class SchemaError(HotlineError):
    """The database's schema is not the one this program can serve."""

    code = "schema_error"


class ThrottledError(HotlineError):
    """Too many attempts; try again later."""

    code = "throttled"
