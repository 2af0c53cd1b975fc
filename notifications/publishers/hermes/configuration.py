"""What the environment says about the Kafka cluster, as librdkafka wants it."""

from collections.abc import Mapping

MESSAGE_SECONDS = 15

# What order per ticket and honest receipts need; the environment cannot change these.
FIXED: dict[str, str] = {
    "acks": "all",
    "enable.idempotence": "true",
    # A topic that nobody made is a visible error, not a new topic.
    "allow.auto.create.topics": "false",
    "topic.metadata.propagation.max.ms": "2000",
    # Below the lease of a delivery (R4): a late success must not meet a second try.
    "message.timeout.ms": str(MESSAGE_SECONDS * 1000),
    # The partition that Java's producers choose for the same key.
    "partitioner": "murmur2_random",
    "linger.ms": "0",
    # A broker that came back is found while the first event for it still waits.
    "reconnect.backoff.max.ms": "1000",
}
NAMES = {
    "PSEW_KAFKA_BOOTSTRAP": "bootstrap.servers",
    "PSEW_KAFKA_SECURITY_PROTOCOL": "security.protocol",
    "PSEW_KAFKA_SASL_MECHANISM": "sasl.mechanism",
    "PSEW_KAFKA_USERNAME": "sasl.username",
    "PSEW_KAFKA_PASSWORD": "sasl.password",
    "PSEW_KAFKA_CA_FILE": "ssl.ca.location",
}


class NotSetUp(ValueError):
    """The environment does not say how to reach Kafka."""


def configuration(environ: Mapping[str, str]) -> dict[str, str]:
    """Read PSEW_KAFKA_*; EXTRA is a comma-separated key=value list. Raises `NotSetUp`."""
    if not environ.get("PSEW_KAFKA_BOOTSTRAP"):
        raise NotSetUp("PSEW_KAFKA_BOOTSTRAP names no broker.")
    told = {ours: environ[name] for name, ours in NAMES.items() if environ.get(name)}
    return {"client.id": "psew", **_extra(environ.get("PSEW_KAFKA_EXTRA", "")), **told, **FIXED}


def _extra(text: str) -> dict[str, str]:
    pairs = [pair.strip().partition("=") for pair in text.split(",") if pair.strip()]
    if any(not (key.strip() and equals) for key, equals, _ in pairs):
        raise NotSetUp("PSEW_KAFKA_EXTRA must be a list of key=value pairs.")
    return {key.strip(): value.strip() for key, _, value in pairs}
