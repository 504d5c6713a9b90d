"""One broadcast to a city of every kind of device, by real workers: each delivery ends in a state that is true."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from django.utils import timezone

from broadcast.gateways import DRIVERS
from broadcast.models import Broadcast, Gateway
from broadcast.publish import publish
from broadcast.states import ENDED, REASONS, State
from broadcast.tasks import sweep
from tests import make
from tests.simulator.test_with_portal import simulator

from . import boxes
from .gateways import axis_stub, mosquitto, sip_devices
from .gateways.axis_stub import Speaker
from .gateways.mqtt_boxes import Box
from .gateways.stages import gateway_of, listening, login
from .test_worker import eventually, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mosquitto, pytest.mark.sip]

PLAYED = (State.PLAYED, "")
EXPIRED = (State.EXPIRED, "expired")
REFUSED = (State.UNREACHED, "refused")
CUT_OFF = (State.UNKNOWN, "cut_off")


def sent(to: list[Gateway]) -> Broadcast:
    author = make.city_operator()
    draft = make.draft(author, [gateway.village for gateway in to], "wildfire")
    draft.recording = make.recording(author, 1.0)
    draft.save()
    return publish(draft.pk, author)


def test_one_broadcast_to_every_kind_ends_everywhere_as_it_truly_did(
    live_server, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_URL", live_server.url)
    with ExitStack() as stack:
        opened = stack.enter_context
        simulated = [gateway_of("http", "") for _ in range(2)]
        opened(simulator(simulated, live_server.url, tmp_path, "--play-speed=1"))
        odd_boxes = opened(boxes.running())
        broker = opened(mosquitto.running(tmp_path, ["well", "off", "cut"]))
        settings.MQTT_URL = broker.url()
        monkeypatch.setenv("MQTT_URL", broker.url())
        opened(listening())
        mqtt_boxes = {name: Box(broker, tmp_path, name) for name in ("well", "cut")}
        for name, lasts in (("well", None), ("cut", 60)):
            stack.callback(mqtt_boxes[name].killed)
            mqtt_boxes[name].on(lasts)
        baresip = opened(sip_devices.baresip(tmp_path / "baresip"))
        sipp, _ = opened(sip_devices.sipp(tmp_path, 5))
        odd_phones = opened(sip_devices.oddity())
        speakers = [Speaker(), Speaker("cut"), Speaker(), Speaker("vanish")]
        live, live_cut, clip, clip_cut = opened(axis_stub.running(*speakers))

        truth: dict[Gateway, tuple[str, str]] = dict.fromkeys(simulated, PLAYED)
        for kind, address, end in (
            ("http", "http://127.0.0.1:9", EXPIRED),
            ("http", odd_boxes.address("unknown"), REFUSED),
            ("mqtt", "mqtt:well", PLAYED),
            ("mqtt", "mqtt:off", EXPIRED),
            ("mqtt", "mqtt:cut", (State.FAILED, "device_error")),
            ("sip", baresip.address, PLAYED),
            *(("sip", f"sip:{n}@{sipp}", PLAYED) for n in range(5)),
            ("sip", odd_phones.address("busy"), EXPIRED),
            ("sip", odd_phones.address("away"), CUT_OFF),
            ("axis", live, PLAYED),
            ("axis", live_cut, CUT_OFF),
            ("axis_clip", clip, PLAYED),
            ("axis_clip", clip_cut, CUT_OFF),
        ):
            truth[gateway_of(kind, address)] = end
        for gateway in truth:
            if gateway.driver.startswith("axis"):
                login(gateway)
        truth[gateway_of("axis", "http://127.0.0.1:9")] = REFUSED
        assert {gateway.driver for gateway in truth} == set(DRIVERS)

        opened(worker("urgent"))
        opened(worker("calls-urgent", "-Pthreads"))
        broadcast = sent(list(truth))
        rows = broadcast.deliveries

        def still_going() -> set[str]:
            sweep()  # what beat does every second
            return set(rows.exclude(state__in=ENDED).values_list("gateway__address", flat=True))

        cut = rows.get(gateway__address="mqtt:cut")
        eventually(lambda: rows.get(pk=cut.pk).state == State.PLAYING)
        mqtt_boxes["cut"].killed()
        mqtt_boxes["cut"].on(0)
        late = {gateway.address for gateway, end in truth.items() if end == EXPIRED}
        eventually(lambda: still_going() == late, 60)
        Broadcast.objects.update(expires_at=timezone.now())
        eventually(lambda: not still_going(), 60)

        ended = {row.gateway: (row.state, row.reason) for row in rows.select_related("gateway")}
        assert ended == truth
        assert all(row.ended_at and row.claim_id is None for row in rows.all())
        assert {reason for _, reason in ended.values()} <= {"", *REASONS}
        # Where it was heard, it was heard once; where nobody can tell, nobody tried again.
        assert mqtt_boxes["well"].happened().count("playing") == 1
        assert mqtt_boxes["cut"].happened().count("playing") == 1
        assert [len(speaker.begun) for speaker in speakers] == [1, 1, 1, 1]
        assert odd_phones.methods("away").count("INVITE") == 1
        eventually(lambda: baresip.log_says("terminated (duration"))
        seconds, _ = baresip.heard()
        assert seconds >= 0.95
