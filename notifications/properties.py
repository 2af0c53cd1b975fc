"""System properties of the producer framework (R165-R172)."""

from core import properties

LEVELS = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
EVENT_LOG = properties.text(
    "sn_api_notif_mgmt.event.log",
    default="err",
    choices=LEVELS,
    help="How much the producer writes into the log (R165).",
)
PUBLISHER_MODE = properties.text(
    "sn_api_notif_mgmt.publisher_mode",
    default="openMessageBus",
    choices=("openMessageBus", "hermes", "both"),
    aliases=(
        "sn_api_notif_mgmt.publisher_message_bus_configuration",
        "sn_api_notif_mgmt.publisher_message_bus_config",
    ),
    help="Which bus the topics go to: the open message bus, Hermes (Kafka), or both (R166).",
)
MAX_RECORDS = properties.integer(
    "sn_api_notif_mgmt.inboundqueue.maxrecords",
    default=200,
    help="How many staged events one run of the producer takes at most (R167).",
)
BATCH_LIMIT = properties.integer(
    "sn_api_notif_mgmt.inboundqueue.batch.limit",
    default=200,
    aliases=("sn_api_notif_mgmt.inboundqueuebatchsize",),
    help="How many staged events are produced in one transaction (R168).",
)
MAX_RUNTIME = properties.integer(
    "sn_api_notif_mgmt.schedule.max.runtime",
    default=90_000,
    aliases=("sn_api_notif_mgmt.schedule.mutex.timeout",),
    help="How many milliseconds a run may last; it stops between two batches, reports an error "
    "and leaves the rest queued (R169, R170).",
)
LOCK_ATTEMPTS = properties.integer(
    "sn_api_notif_mgmt.glide.mutex.script.maxspins",
    default=100,
    aliases=("sn_api_notif_mgmt.glide.mutex.maxAttempts",),
    help="How often a run tries to take the queue while another run holds it (R171).",
)
LOCK_WAIT = properties.integer(
    "sn_api_notif_mgmt.glide.mutex.script.spinwait",
    default=100,
    aliases=("sn_api_notif_mgmt.glide.mutex.spinWait",),
    help="How many milliseconds lie between two such tries (R172).",
)
EVENT_NAMES = properties.text(
    "psew.events.names",
    default="tmf",
    choices=("tmf", "servicenow"),
    help="What event types are called on topics: TM Forum's names, or ServiceNow's.",
)
KEEP_DAYS = properties.integer(
    "psew.events.keep_days",
    default=30,
    help="How many days events stay that everybody got; 0: for ever.",
)
ALARM_MINUTES = properties.integer(
    "psew.events.alarm_minutes",
    default=15,
    help="From what age of the oldest undelivered event on the workspace shows a banner; 0: never.",
)
