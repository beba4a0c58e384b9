"""How the measurement of texts sends, and what it sends."""

import itertools
import random
import time
from urllib.parse import parse_qs

import pytest
from twilio.request_validator import RequestValidator

from bench.carrier import MESSAGES, PUBLIC_URL, TOKEN, Webhook, signed, texts_of
from bench.open_loop import at_random, evenly, send
from bench.texts import STORM_A_SECOND
from tests.support.serving import Handler, serving


def test_a_storm_is_twenty_times_a_mean_hour_of_calls_with_six_messages_each():
    assert pytest.approx(5.70, abs=0.01) == STORM_A_SECOND


def test_moments_are_even_or_at_random_and_as_many_a_second():
    assert list(itertools.islice(evenly(50), 3)) == [0, 0.02, 0.04]
    moments = list(itertools.islice(at_random(5.7, random.Random(1)), 5_700))
    assert moments == sorted(moments)
    assert moments[-1] == pytest.approx(1_000, rel=0.05)


def test_a_webhook_is_signed_as_twilio_does():
    fields = {"From": "+19990000001", "Body": "à la carte"}
    webhook = signed(MESSAGES, fields)
    sent = {name: values[0] for name, values in parse_qs(webhook.body.decode()).items()}
    signature = webhook.headers["X-Twilio-Signature"]
    assert RequestValidator(TOKEN).validate(PUBLIC_URL + MESSAGES, sent, signature)


def test_people_say_their_share_by_turns_and_each_text_has_an_id_of_its_own():
    numbers = (f"+1999{n:07}" for n in itertools.count())
    webhooks = texts_of(numbers, [f"text {n}" for n in range(6)], 3)
    read = [parse_qs(w.body.decode()) for w in webhooks]
    assert [r["From"][0][-1] for r in read] == ["0", "1", "0", "1", "0", "1"]
    assert len({r["MessageSid"][0] for r in read}) == 6


def test_a_request_that_has_to_wait_is_timed_from_when_it_was_due():
    class Slow(Handler):
        def do_POST(self) -> None:
            self.body()
            time.sleep(0.2)
            self.send(204, b"")

    with serving(Slow) as port:
        webhook = Webhook("/", b"", {})
        # One sender: the second goes out when the first is answered, 0.2 s after it was due.
        taken = send(
            f"http://127.0.0.1:{port}", [webhook] * 2, itertools.repeat(0.0), senders=1
        )
    assert min(taken) >= 0.2
    assert max(taken) >= 0.4


def test_a_line_that_ends_an_idle_connection_is_called_over_a_new_one():
    class Ends(Handler):
        def do_POST(self) -> None:
            self.body()
            self.send(204, b"")
            self.close_connection = True

    with serving(Ends) as port:
        webhooks = [Webhook("/", b"", {})] * 2
        taken = send(f"http://127.0.0.1:{port}", webhooks, evenly(100), senders=1)
    assert len(taken) == 2


def test_a_webhook_that_is_not_taken_ends_the_measurement():
    class Refuses(Handler):
        def do_POST(self) -> None:
            self.body()
            self.send(503, b"")

    with (
        serving(Refuses) as port,
        pytest.raises(RuntimeError, match="1 webhooks were not taken"),
    ):
        send(f"http://127.0.0.1:{port}", [Webhook("/", b"", {})], evenly(1))
