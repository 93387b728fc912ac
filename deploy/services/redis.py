"""Redis, Debian's: the channel layer of several backends."""

from deploy.services.install import debian
from deploy.services.service import HOST, Service


class Redis(Service):
    name = "redis"

    @property
    def variables(self) -> dict[str, str]:
        return {"REDIS_URL": f"redis://{self.address}/0"}

    def prepare(self) -> None:
        debian("redis-server", "redis-server")

    def command(self) -> list[str]:
        return [
            *(debian("redis-server", "redis-server"), "--bind", HOST, "--port", str(self.port)),
            *("--save", "", "--appendonly", "no", "--dir", str(self.directory)),
        ]
