"""Hand events to Kafka and wait for what the cluster says about each."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from notifications.publishers.hermes.configuration import MESSAGE_SECONDS
from notifications.publishers.hermes.producers import Kept, discard
from notifications.publishers.interface import BATCH_SECONDS, NO_TIME, NOT_TRIED, Message, Receipt

if TYPE_CHECKING:
    from confluent_kafka import KafkaError

LOOK_SECONDS = 5.0
# The producer gives up by itself a little earlier and says so.
WAIT_SECONDS = MESSAGE_SECONDS + 3.0
UNKNOWN = frozenset({"UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION"})
REFUSED = frozenset({"MSG_SIZE_TOO_LARGE", "INVALID_MSG_SIZE", "INVALID_MSG", "INVALID_RECORD"})


def topic_error(kept: Kept, topic: str) -> Receipt | None:
    """Tell why nothing can be sent to the topic; asks the cluster until it knows the topic."""
    from confluent_kafka import KafkaException

    if topic in kept.topics:
        return None
    if not topic:
        return Receipt(ok=False, detail="no topic is named")
    try:
        error = kept.producer.list_topics(topic, timeout=LOOK_SECONDS).topics[topic].error
    except KafkaException as raised:
        error = raised.args[0]
    if error is None:
        kept.topics.add(topic)
        return None
    return _failure(kept, topic, error)


def send_in_rounds(kept: Kept, topic: str, messages: Sequence[Message]) -> list[Receipt]:
    """Send events, at most one of each ticket at a time; receipts in the events' order.

    A ticket's next event is handed over only when the cluster has the one before, so that none
    overtakes one that failed. Different tickets travel together.
    """
    receipts: dict[int, Receipt] = {}
    stuck: set[str] = set()
    waiting = list(enumerate(messages))
    until = time.monotonic() + BATCH_SECONDS
    while waiting:
        if time.monotonic() > until:
            # The lease of the rest must not run out while they wait for one another.
            receipts.update((place, NO_TIME) for place, _message in waiting)
            break
        in_round: dict[str, int] = {}
        later: list[tuple[int, Message]] = []
        for place, message in waiting:
            if message.key in stuck:
                receipts[place] = NOT_TRIED
            elif message.key in in_round:
                later.append((place, message))
            else:
                in_round[message.key] = place
        places = list(in_round.values())
        receipts.update(
            zip(places, _round(kept, topic, [messages[p] for p in places]), strict=True)
        )
        stuck |= {key for key, place in in_round.items() if not receipts[place].ok}
        waiting = later
    return [receipts[place] for place in range(len(messages))]


def _round(kept: Kept, topic: str, messages: Sequence[Message]) -> list[Receipt]:
    from confluent_kafka import KafkaException

    receipts: dict[int, Receipt] = {}
    for place, message in enumerate(messages):
        try:
            _hand_over(kept, topic, message, place, receipts)
        except KafkaException as raised:
            receipts[place] = _failure(kept, topic, raised.args[0])
        except BufferError:
            receipts[place] = Receipt(ok=False, detail="Kafka: the local queue is full")
    until = time.monotonic() + WAIT_SECONDS
    while len(receipts) < len(messages) and time.monotonic() < until:
        kept.producer.poll(0.05)
    silent = Receipt(ok=False, detail=f"Kafka: no word within {WAIT_SECONDS:g} seconds")
    return [receipts.get(place, silent) for place in range(len(messages))]


def _hand_over(
    kept: Kept, topic: str, message: Message, place: int, receipts: dict[int, Receipt]
) -> None:
    def reported(error: "KafkaError | None", written: Any) -> None:
        if error is not None:
            receipts[place] = _failure(kept, topic, error)
        else:
            at = f"{topic}, partition {written.partition()}, offset {written.offset()}"
            receipts[place] = Receipt(ok=True, detail=at)

    kept.producer.produce(
        topic,
        key=message.key.encode(),
        value=message.text.encode(),
        headers=[(name, value.encode()) for name, value in message.identity().items()],
        on_delivery=reported,
    )


def _failure(kept: Kept, topic: str, error: "KafkaError") -> Receipt:
    if error.fatal():
        discard(kept)
    if error.name() in UNKNOWN:
        kept.topics.discard(topic)
        return Receipt(ok=False, detail=f"unknown topic {topic}; create it first", refused=False)
    detail = f"Kafka: {error.str()} ({error.name()})"
    return Receipt(ok=False, detail=detail[:300], refused=error.name() in REFUSED)
