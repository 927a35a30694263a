"""The command line: parse, open, call, print. The only importer of typer."""

from stance.cli.app import main

__all__ = ["main"]
