"""One training, while the service knows it."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field

from modelservice.common import request_ids
from modelservice.service.lifecycle import TrainingState
from modelservice.service.processes import Child


@dataclass
class Training:
    training_id: str
    assistant_id: str
    client_id: str
    model_name: str
    runtime: str
    status: TrainingState
    log_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    error: str | None = None
    # What the archive of the model calls itself.
    model_id: str | None = None
    # See `common.model_format`; None for a model of Rasa's.
    model_format: int | None = None
    began_at: float = field(default_factory=time.time)
    deploy: bool = False
    prepared: bool = False
    child: Child | None = None
    ending: asyncio.Task[None] | None = None
    # Of the request that asked for it; forgotten at a restart.
    request_id: str = field(default_factory=request_ids.current)

    @property
    def progress(self) -> int:
        return 100 if self.status in {TrainingState.DONE, TrainingState.ERROR} else 0

    @property
    def ended(self) -> bool:
        return self.status not in {TrainingState.QUEUED, TrainingState.RUNNING}
