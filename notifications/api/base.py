"""What the endpoints of topics and hubs share: who may, and which scope covers it."""

from collections.abc import Mapping

from notifications.scopes import READ_TOPICS, WRITE_TOPICS
from tmf621.api.base import MachineView

VIEW = "notifications.view_topic"
ADD = "notifications.add_topic"
DELETE = "notifications.delete_topic"
REGISTER = "notifications.register_topic"
USE_EVENTS = "notifications.use_topic_events"
ROLES = {
    REGISTER: "sn_api_notif_mgmt.event_mgmt_integration",
    **dict.fromkeys((VIEW, ADD, DELETE, USE_EVENTS), "psew.topic_client"),
}
READING = ("GET", "HEAD")


class TopicMachineView(MachineView):
    """An endpoint of topics, events or hubs; a refusal names the role that lets in."""

    def role_with(self, permission: str) -> str:
        return ROLES.get(permission) or super().role_with(permission)


class TopicsView(TopicMachineView):
    """An endpoint whose methods need different permissions; the one of GET goes for the rest."""

    needs: Mapping[str, str] = {"GET": VIEW}

    def permission_for(self, method: str) -> str:
        return self.needs.get(method, self.needs["GET"])

    def scope_for(self, method: str) -> str:
        return WRITE_TOPICS if method in ("POST", "DELETE") else READ_TOPICS
