"""The examples in the docstrings."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

import stance

MODULES = sorted(m.name for m in walk_packages(stance.__path__, "stance.") if not m.name.endswith("__main__"))


@pytest.mark.parametrize("name", ["stance", *MODULES])
def test_examples(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0
