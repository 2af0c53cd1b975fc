"""The one Celery task of the kernel: a wake-up that names the table to look at."""

from celery import shared_task

from core.wake import drains


@shared_task(name="core.drain")
def drain(*, name: str) -> None:
    """Do the due work of one table; an unknown name (an older or newer peer) is ignored."""
    run = drains().get(name)
    if run is not None:
        run()
