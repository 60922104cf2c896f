"""An audit to work on, for the tests that need one."""

from tests.audit.conftest import audit, own_library, template

__all__ = ["audit", "own_library", "template"]
