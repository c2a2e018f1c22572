"""Who may do what: the one table that every permission is derived from."""

from enum import StrEnum


class Role(StrEnum):
    OWNER = "owner"
    ASSISTANT = "assistant"
    EDITOR = "editor"
    CLIENT = "client"


STAFF = frozenset({Role.OWNER, Role.ASSISTANT, Role.EDITOR})


class Area(StrEnum):
    """The parts of the workspace that are granted as a whole."""

    DASHBOARD = "dashboard"
    SCHEDULE = "schedule"
    SERVICES = "services"
    CONTENT = "content"
    LEADS = "leads"
    ANALYTICS = "analytics"
    PAYMENTS = "payments"
    PRIVATE_TEXTS = "private_texts"
    CONSENTS = "consents"
    AUDIT = "audit"
    SETTINGS = "settings"


class Verb(StrEnum):
    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    EXPORT = "export"
    IMPORT = "import"


class Access(StrEnum):
    """FULL grants every verb; READ looks; PART looks at a part that the page itself cuts out (the main
    figures, one's own actions, what one is assigned to)."""

    FULL = "full"
    READ = "read"
    PART = "part"
    NONE = "none"


ROLES: dict[Role, dict[Area, Access]] = {
    Role.OWNER: dict.fromkeys(Area, Access.FULL),
    Role.ASSISTANT: {
        Area.DASHBOARD: Access.PART,
        Area.SCHEDULE: Access.FULL,
        Area.SERVICES: Access.READ,
        Area.CONTENT: Access.READ,
        Area.LEADS: Access.FULL,
        Area.ANALYTICS: Access.PART,
        Area.PAYMENTS: Access.READ,
        Area.PRIVATE_TEXTS: Access.PART,
        Area.CONSENTS: Access.READ,
        Area.AUDIT: Access.PART,
        Area.SETTINGS: Access.NONE,
    },
    Role.EDITOR: {
        **dict.fromkeys(Area, Access.NONE),
        Area.CONTENT: Access.FULL,
    },
    Role.CLIENT: dict.fromkeys(Area, Access.NONE),
}

_VERBS: dict[Access, frozenset[Verb]] = {
    Access.FULL: frozenset(Verb),
    Access.READ: frozenset({Verb.VIEW}),
    Access.PART: frozenset({Verb.VIEW}),
    Access.NONE: frozenset(),
}


def access(role: str, area: str) -> Access:
    """How far ``role`` gets into ``area``; NONE for roles and areas that nobody knows."""
    try:
        return ROLES[Role(role)][Area(area)]
    except ValueError:
        return Access.NONE


def may(role: str, area: str, verb: str) -> bool:
    """Whether ``role`` may do ``verb`` somewhere in ``area``; unknown names are refused."""
    return verb in _VERBS[access(role, area)]
