import pytest

from learningcities.publishing.version import content_version


@pytest.fixture
def at(monkeypatch):
    """Go to a moment: for publication and for nobody else."""
    # What a test leaves waiting must not wait in the next one as well.
    monkeypatch.setattr(content_version, "_not_before", 0.0, raising=False)

    def go(moment):
        for module in ("version.content_version", "workflow.change"):
            monkeypatch.setattr(f"learningcities.publishing.{module}.moment", lambda: moment)

    return go
