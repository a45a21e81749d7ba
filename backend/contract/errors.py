"""Root of the error tree.

LocoError
├── SettingsError   a setting is missing, unknown or out of range
└── WireError       bytes or JSON from another process do not fit the contract
    └── VersionError   the other side speaks another version of the contract

Each package derives its own base from :class:`LocoError`; its text is a sentence for a person.
"""


class LocoError(Exception):
    """Base of every error that this project raises on purpose."""


class SettingsError(LocoError):
    """A setting is missing, unknown or out of range; the text says what to write instead."""


class WireError(LocoError):
    """A message from another process does not fit the contract."""


class VersionError(WireError):
    """The other side speaks a version of the contract that this one does not know."""
