"""Counters that `/metrics` shows beside what is looked up when it is asked."""

from prometheus_client import Counter, Histogram

TRAININGS = Counter(
    "modelservice_trainings_ended", "Trainings by how they ended", ["status", "runtime"]
)
TRAINING_SECONDS = Histogram(
    "modelservice_training_seconds",
    "From the start of a training to its end",
    ["runtime"],
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200),
)
BOTS = Counter("modelservice_bots_ended", "Bots that have stopped", ["runtime"])
BOT_START_SECONDS = Histogram(
    "modelservice_bot_start_seconds",
    "From the request for a bot to its first answer",
    ["runtime"],
    buckets=(0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120),
)
REFUSED = Counter("modelservice_requests_refused", "Requests refused for want of room", ["status"])
for _status in (429, 507):
    REFUSED.labels(_status)  # from 0 on: Prometheus sees no rise in what was not there before
