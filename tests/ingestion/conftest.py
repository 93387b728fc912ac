"""The example assistant of the backend's tests."""

from tests.studio.conftest import assistant, import_project

__all__ = ["assistant", "import_project"]
