"""Publishes each user's and each merchant code's current features, as of a moment, to topic `sluice.features`.

    python feature_job.py [--as-of 2026-02-10T00:00:00Z]
"""
import argparse
import json
from datetime import datetime
from typing import Iterator

import pandas as pd
from confluent_kafka import Producer

import world as worlds
from completion import rfc3339
from features import current_merchants, current_users
from settings import setting
from world import World

TOPIC = "sluice.features"
VERSION = 1
TIMEOUT_S = 60
BATCH_BYTES_MAX = 100_000  # the topic's max.message.bytes, 131072, is for a whole batch


def published(world: World, moment: int) -> Iterator[dict]:
    """The current values of view `user` by user_id and of view `merchant` by merchant code."""
    yield from _rows("user", current_users(world.transactions, moment), moment)
    yield from _rows("merchant", current_merchants(world.transactions, world.labels, moment), moment)


def _rows(view: str, table: pd.DataFrame, moment: int) -> Iterator[dict]:
    for key, values in zip(table.index, table.to_dict("records")):
        whole = {name: None if pd.isna(value) else value for name, value in values.items()}
        yield {"view": view, "version": VERSION, "key": str(key), "event_time": rfc3339(moment), "values": whole}


def publish(world: World, moment: int) -> int:
    """Returns how many rows the brokers have acknowledged: all, or it stops the program."""
    brokers = setting("SLUICE_KAFKA_BROKERS")
    settings = {"enable.idempotence": True, "linger.ms": 50, "batch.size": BATCH_BYTES_MAX}
    producer = Producer({"bootstrap.servers": brokers, **settings})
    failures: list[str] = []
    count = 0
    for row in published(world, moment):
        _send(producer, row, failures)
        count += 1
    unsent = producer.flush(TIMEOUT_S)
    if unsent or failures:
        first = failures[0] if failures else f"no acknowledgement in {TIMEOUT_S} s"
        lost = unsent + len(failures)
        raise SystemExit(f"{lost} of {count} rows did not reach {TOPIC}: {first}; is Kafka up? ask ./dev status")
    return count


def _send(producer: Producer, row: dict, failures: list[str]) -> None:
    def delivered(error, _message) -> None:
        if error is not None:
            failures.append(str(error))

    key, value = f"{row['view']}/{row['key']}", json.dumps(row, allow_nan=False)
    producer.produce(TOPIC, key=key, value=value, on_delivery=delivered)
    producer.poll(0)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Publishes current features to the online store.")
    since = rfc3339(worlds.LIVE_SINCE)
    arguments.add_argument("--as-of", default=since, help=f"RFC 3339; by default {since}, when live traffic begins")
    moment = int(datetime.fromisoformat(arguments.parse_args().as_of).timestamp())
    print(f"{publish(worlds.load(), moment)} feature rows as of {rfc3339(moment)}")


if __name__ == "__main__":
    main()
