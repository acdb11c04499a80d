"""The supervisor with real child processes and, in the last tests, as a process of its own that gets killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from operations.child_process import ChildProcess, ChildSpec, ChildStartError, inherited_environment
from operations.process_group import group_is_alive
from operations.supervisor import RestartPolicy, Supervisor

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]).wait()"
QUICK = RestartPolicy(first_delay_seconds=0.01, longest_delay_seconds=0.05)

MakeChild = Callable[..., ChildProcess]


@pytest.fixture
def make_child(tmp_path: Path) -> Iterator[MakeChild]:
    made: list[ChildProcess] = []

    def make(name: str, code: str, *, ready_text: str | None = "up", stop_seconds: float = 5.0) -> ChildProcess:
        spec = ChildSpec(
            name=name,
            argv=[sys.executable, "-c", code],
            env=inherited_environment(),
            ready_text=ready_text,
            ready_seconds=10.0,
            stop_seconds=stop_seconds,
        )
        made.append(ChildProcess(spec, folder=tmp_path))
        return made[-1]

    yield make
    for child in made:
        child.stop()


def until(condition: Callable[[], bool], *, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def watch(supervisor: Supervisor, *, until_true: Callable[[], bool]) -> None:
    def check() -> bool:
        supervisor.check()
        return until_true()

    until(check)


def group_of(child: ChildProcess) -> int:
    pid = child.pid
    assert pid is not None
    return pid


def test_killed_child_is_started_again_and_its_log_goes_on(make_child: MakeChild) -> None:
    child, other = make_child("child", SLEEPER), make_child("other", SLEEPER)
    supervisor = Supervisor([child, other], restart=QUICK)
    supervisor.start()
    first, untouched = group_of(child), group_of(other)

    os.kill(first, signal.SIGKILL)
    watch(supervisor, until_true=lambda: supervisor.restarts == {"child": 1})

    assert group_of(child) != first
    assert group_of(other) == untouched
    assert child.log_path.read_text(encoding="utf-8") == "up\nup\n"
    supervisor.stop()


def test_child_that_keeps_crashing_is_tried_ever_more_slowly(make_child: MakeChild, tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    allowed.touch()
    code = f"import pathlib; assert pathlib.Path({str(allowed)!r}).exists(); {SLEEPER}"
    child = make_child("child", code)
    policy = RestartPolicy(first_delay_seconds=0.05, longest_delay_seconds=0.2)
    supervisor = Supervisor([child], restart=policy)
    supervisor.start()
    allowed.unlink()
    os.kill(group_of(child), signal.SIGKILL)

    watch(supervisor, until_true=lambda: child.log_path.read_text(encoding="utf-8").count("AssertionError") >= 2)
    allowed.touch()
    watch(supervisor, until_true=child.is_running)

    assert [policy.delay_seconds(failures) for failures in (1, 2, 3, 4, 1000)] == [0.05, 0.1, 0.2, 0.2, 0.2]
    assert supervisor.restarts == {"child": 1}
    supervisor.stop()


def test_children_stop_in_reverse_order(make_child: MakeChild, tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    code = (
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n"
        f"    with pathlib.Path({str(ends)!r}).open('a') as file: file.write(sys.argv[0] + NAME + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('up', flush=True)\n"
        "time.sleep(600)\n"
    )
    children = [make_child(name, f"NAME = {name!r}\n{code}") for name in ("database", "api", "worker")]
    supervisor = Supervisor(children)
    supervisor.start()

    supervisor.stop()

    assert ends.read_text(encoding="utf-8").replace("-c", "").split() == ["worker", "api", "database"]


def test_grandchildren_that_ignore_sigterm_do_not_outlive_the_stop(make_child: MakeChild) -> None:
    child = make_child("parent", PARENT, stop_seconds=0.3)
    child.start()
    group = group_of(child)

    child.stop()

    assert not group_is_alive(group)


def test_orphans_of_a_crashed_child_are_ended_before_it_starts_again(make_child: MakeChild) -> None:
    child = make_child("parent", PARENT, stop_seconds=0.3)
    child.start()
    old_group = group_of(child)
    os.kill(old_group, signal.SIGKILL)
    until(lambda: not child.is_running())
    assert group_is_alive(old_group)

    child.start()

    assert not group_is_alive(old_group)
    assert child.is_running()


def test_failed_start_stops_what_was_started_and_shows_the_log(make_child: MakeChild) -> None:
    good, bad = make_child("good", SLEEPER), make_child("bad", "raise SystemExit('no database here')")
    supervisor = Supervisor([good, bad])

    with pytest.raises(ChildStartError, match=r"bad ended with code 1[^$]*no database here"):
        supervisor.start()

    assert not good.is_running()


def run_supervisor_process(folder: Path, *, ready: bool = True) -> "subprocess.Popen[bytes]":
    code = f"""
import sys, threading
from pathlib import Path
from operations.child_process import ChildProcess, ChildSpec, inherited_environment
from operations.supervisor import Supervisor
stopping = threading.Event()
def child(name, code, text):
    spec = ChildSpec(name=name, argv=[sys.executable, "-c", code], env=inherited_environment(), ready_text=text)
    return ChildProcess(spec, folder=Path({str(folder)!r}), cancelled=stopping)
children = [child("one", {SLEEPER!r}, "up"), child("two", {SLEEPER!r}, {"up" if ready else "never printed"!r})]
with Supervisor(children, stopping=stopping).running() as supervisor:
    Path({str(folder)!r}, "running").touch()
    supervisor.run()
"""
    environment = inherited_environment(PYTHONPATH=os.pathsep.join(sys.path))
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, env=environment)


def recorded_pids(folder: Path) -> list[int]:

    return [json.loads(file.read_text(encoding="ascii"))["pid"] for file in (folder / "run").glob("*.pid")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_stops_everything_and_the_supervisor_ends_well(tmp_path: Path, number: signal.Signals) -> None:
    with run_supervisor_process(tmp_path) as supervisor:
        until(lambda: len(recorded_pids(tmp_path)) == 2)
        groups = recorded_pids(tmp_path)

        supervisor.send_signal(number)

        assert supervisor.wait(20) == 0
        assert [group for group in groups if group_is_alive(group)] == []


def test_signal_during_a_slow_start_ends_it_at_once(tmp_path: Path) -> None:
    with run_supervisor_process(tmp_path, ready=False) as supervisor:
        until(lambda: len(recorded_pids(tmp_path)) == 2)
        groups = recorded_pids(tmp_path)

        supervisor.terminate()

        assert supervisor.wait(20) == 0
        assert [group for group in groups if group_is_alive(group)] == []


def test_next_start_ends_what_a_killed_supervisor_left_behind(tmp_path: Path) -> None:
    running = tmp_path / "running"
    with run_supervisor_process(tmp_path) as killed:
        until(running.exists)
        orphans = recorded_pids(tmp_path)
        killed.kill()
    assert all(group_is_alive(group) for group in orphans)
    running.unlink()

    with run_supervisor_process(tmp_path) as supervisor:
        until(running.exists)
        assert [group for group in orphans if group_is_alive(group)] == []
        supervisor.terminate()
        assert supervisor.wait(20) == 0
