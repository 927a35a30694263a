"""Errors that a caller is expected to handle; every message says what is wrong, where, and what to do."""

from __future__ import annotations


class StanceError(Exception):
    """Something given to stance cannot be used; the message is one sentence for the user."""


class ReadingError(StanceError):
    """An input file cannot be read as text, or lacks what was asked of it."""


class LabelError(StanceError):
    """A labelled file breaks a rule; the message names file and line."""


class ModelError(StanceError):
    """A model folder is missing, damaged, or of a later format."""


class CodebookError(StanceError):
    """A `codebook.toml` is missing, malformed, or of another version."""


class MissingExtraError(StanceError):
    """An optional dependency is needed for what was asked."""
