"""Studio's chat as a channel of Rasa Open Source, which has none of that name.

Its conversations are tests, and the name of their channel is how everybody knows them by. Rasa
imports this module, in its own Python; it imports nothing of ours.
"""

from rasa.core.channels.socketio import SocketIOInput


class StudioChat(SocketIOInput):  # type: ignore[misc]  # not installed beside us
    """Rasa's Socket.IO under the name that Studio's chat has in Rasa Pro."""

    @classmethod
    def name(cls) -> str:
        return "studio_chat"
