"""The demo's own parts: ports, folders, processes, the camera, the step report."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from examples.demo.addresses import Addresses, PortTakenError
from examples.demo.camera import FPS, HEIGHT, WIDTH, Actor, CameraFile, movement
from examples.demo.citizens import face_frames
from examples.demo.processes import Processes, Service, ServiceError, run_command
from examples.demo.stack import FolderError, claimed_folder
from examples.demo.steps import Steps

SERVER = "import http.server, sys; http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), \
http.server.SimpleHTTPRequestHandler).serve_forever()"


def _service(port: int, code: str = SERVER) -> Service:
    return Service("files", [sys.executable, "-c", code, str(port)], f"http://127.0.0.1:{port}/")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_ports_follow_from_one_base() -> None:
    assert Addresses.from_base(8400) == Addresses()
    assert Addresses.from_base(18400).phan_anh_url == "http://phan-anh.localhost:18502"


def test_a_taken_port_is_named_with_the_way_around() -> None:
    addresses = Addresses.free()
    addresses.check_free()
    with socket.socket() as other:
        other.bind(("127.0.0.1", addresses.ekyc))
        other.listen()
        with pytest.raises(PortTakenError, match=f"{addresses.ekyc}.*--port-base"):
            addresses.check_free()


def test_a_folder_that_is_not_the_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FolderError, match="not empty"), claimed_folder(tmp_path, keep=False):
        pass
    assert (tmp_path / "thesis.txt").exists()


def test_leftovers_of_the_last_run_go_unless_kept(tmp_path: Path) -> None:
    with claimed_folder(tmp_path, keep=False):
        (tmp_path / "idp.db").write_text("old")
    with claimed_folder(tmp_path, keep=True):
        assert (tmp_path / "idp.db").exists()
    with claimed_folder(tmp_path, keep=False):
        assert not (tmp_path / "idp.db").exists()
        with pytest.raises(FolderError, match="another demo"), claimed_folder(tmp_path, keep=False):
            pass


def test_servers_start_answer_and_stop(tmp_path: Path) -> None:
    port = Addresses.free().provider
    with Processes(tmp_path) as processes:
        processes.start(_service(port))
        processes.wait_ready(20)
        assert processes.ended() is None
    assert not _listens(port)


def test_a_server_that_ends_early_is_named_with_its_last_words(tmp_path: Path) -> None:
    port = Addresses.free().provider
    with Processes(tmp_path) as processes:
        processes.start(_service(port, "import sys; print('no such database'); sys.exit(3)"))
        with pytest.raises(ServiceError, match=r"code 3(.|\n)*no such database"):
            processes.wait_ready(20)


def test_a_server_that_ignores_the_request_to_end_is_ended(tmp_path: Path) -> None:
    port = Addresses.free().provider
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVER
    with Processes(tmp_path) as processes:
        processes.start(_service(port, deaf))
        processes.wait_ready(20)
        processes.stop(patience=0.5)
    assert not _listens(port)


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is Linux")
def test_nothing_is_left_when_the_demo_is_killed(tmp_path: Path) -> None:
    port = Addresses.free().provider
    parent = f"""
import time; from pathlib import Path
from examples.demo.processes import Processes, Service
p = Processes(Path({str(tmp_path)!r}))
p.start(Service("files", [{sys.executable!r}, "-c", {SERVER!r}, "{port}"], "http://127.0.0.1:{port}/"))
p.wait_ready(20); print("up", flush=True); time.sleep(60)
"""
    demo = subprocess.Popen(
        [sys.executable, "-c", parent], stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
    )
    assert demo.stdout is not None
    assert demo.stdout.readline() == b"up\n"
    os.kill(demo.pid, signal.SIGKILL)
    demo.wait()
    demo.stdout.close()
    deadline = time.monotonic() + 10
    while _listens(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _listens(port)


def test_a_failing_command_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"ended with code 2(.|\n)*it says why"):
        run_command([sys.executable, "-c", "import sys; print('it says why'); sys.exit(2)"], tmp_path / "log")


def test_the_camera_file_changes_in_place(tmp_path: Path) -> None:
    camera = CameraFile(tmp_path / "camera.y4m")
    size, inode = camera.path.stat().st_size, camera.path.stat().st_ino
    camera.show(np.full((HEIGHT, WIDTH, 3), 200, np.uint8))
    seen = cv2.VideoCapture(str(camera.path)).read()[1]
    assert abs(float(seen.mean()) - 200) < 3
    assert (camera.path.stat().st_size, camera.path.stat().st_ino) == (size, inode)
    camera.close()


def test_a_turn_is_held_and_comes_back_and_a_blink_is_long_enough_to_be_filmed() -> None:
    clip = [np.full((2, 2, 3), value, np.uint8) for value in range(5)]
    there, hold, back = movement("turn_left", clip, clip[:1])
    assert [frame[0, 0, 0] for frame in (*there, *hold, *back)] == [0, 1, 2, 3, 4, 4, 4, 3, 2, 1, 0]
    _, hold, _ = movement("blink", clip, clip[:1])
    closed = sum(int(frame[0, 0, 0]) == 2 for frame in hold)
    assert closed / FPS >= 0.4  # two pictures at five a second
    assert [int(hold[0][0, 0, 0]), int(hold[-1][0, 0, 0])] == [0, 0]


def test_a_living_face_is_never_twice_the_same(tmp_path: Path) -> None:
    camera = CameraFile(tmp_path / "camera.y4m")
    actor = Actor(camera, face_frames("04"))
    with pytest.raises(ValueError, match="stand_on_head"):
        actor.perform("stand_on_head")
    actor.start()
    seen = set()
    for _ in range(5):
        seen.add(camera.path.read_bytes())
        time.sleep(2.5 / FPS)
    actor.stop()
    camera.close()
    assert len(seen) == 5


def test_steps_count_what_held_and_what_did_not() -> None:
    out = io.StringIO()
    steps = Steps("journey", 2, out)
    with steps.step("opens the app"):
        pass
    assert steps.summary().startswith("journey: 1 steps passed, 0 failed, ")
    with pytest.raises(ValueError, match="no such page"), steps.step("taps"):
        raise ValueError("no such page")
    assert (steps.passed, steps.failed) == (1, 1)
    assert "FAILED taps" in out.getvalue()
    assert "ValueError: no such page" in out.getvalue()
