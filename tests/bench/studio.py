"""Where tests.bench.ingest looks for the Studio that it measures."""

from tests.running_studio import ROOT, RunningStudio

__all__ = ["ROOT", "RunningStudio"]
