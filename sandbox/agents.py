"""The desk of the people 人工客服: a citizen waits there, talks with a person, and leaves.
From accept to close the citizen's messages go to the person and not to the server."""

from collections.abc import Callable

from sandbox import actions
from sandbox.actions import Act
from sandbox.citizens import Citizen, Service
from sandbox.world import World
from sandbox.xml import Element

IDLE_S = 30 * 60

TellServer = Callable[[Citizen, Act], None]


class DeskError(RuntimeError):
    """A step at the desk that does not fit where the citizen stands."""


class Desk:
    def __init__(self, world: World, tell_server: TellServer) -> None:
        self._world = world
        self._tell_server = tell_server

    def queue(self, citizen: Citizen) -> None:
        """The server's reply was transfer_customer_service."""
        if citizen.service is Service.NONE:
            citizen.service = Service.WAITING
            self._notice(citizen, "正在为您转接人工客服，请稍候")

    def takes(self, citizen: Citizen) -> bool:
        """Whether a message of the citizen goes to the person at the desk."""
        if citizen.service is not Service.OPEN:
            return False
        citizen.service_touched_at = self._world.clock.now()
        return True

    def accept(self, openid: str) -> None:
        with self._world.news:
            citizen = self._at(openid, Service.WAITING, "does not wait for a person")
            citizen.service = Service.OPEN
            citizen.service_touched_at = self._world.clock.now()
            self._notice(citizen, "人工客服为您服务")
        self._tell_server(citizen, self._event("kf_create_session"))

    def say(self, openid: str, text: str) -> None:
        with self._world.news:
            citizen = self._at(openid, Service.OPEN, "does not talk with a person")
            citizen.service_touched_at = self._world.clock.now()
            self._world.show(citizen, "agent", "customer_service", "text", text=text)

    def close(self, openid: str) -> None:
        with self._world.news:
            citizen = self._at(openid, Service.OPEN, "does not talk with a person")
            self._end(citizen)
        self._tell_server(citizen, self._event("kf_close_session"))

    def close_idle(self) -> None:
        """Sessions without a word for half an hour of the clock end by themselves."""
        with self._world.news:
            deadline = self._world.clock.now() - IDLE_S
            idle = [
                citizen
                for citizen in self._world.citizens()
                if citizen.service is Service.OPEN and citizen.service_touched_at <= deadline
            ]
            for citizen in idle:
                self._end(citizen)
        for citizen in idle:
            self._tell_server(citizen, self._event("kf_close_session"))

    def _at(self, openid: str, service: Service, otherwise: str) -> Citizen:
        citizen = self._world.citizen(openid)
        if citizen.service is not service:
            raise DeskError(f"this citizen {otherwise}")
        return citizen

    def _end(self, citizen: Citizen) -> None:
        citizen.service = Service.NONE
        self._notice(citizen, "人工服务已结束")

    def _event(self, name: str) -> Act:
        return actions.event(name, None, Element("KfAccount", self._world.config.agent_account))

    def _notice(self, citizen: Citizen, text: str) -> None:
        self._world.show(citizen, "system", "platform", "notice", text=text)
