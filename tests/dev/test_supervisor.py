import os
import signal
import subprocess
import sys

import pytest

from dev_script import ROOT, wait_for


class System:
    """A supervisor in a folder of its own."""

    def __init__(self, path):
        self.run, self.log = path / "run", path / "log"
        self.run.mkdir()
        self.log.mkdir()
        command = [sys.executable, ROOT / "dev.d" / "supervisor.py", self.run, self.log]
        self.supervisor = subprocess.Popen(command)
        wait_for((self.run / "supervisor.pid").exists)

    def start(self, name, script):
        (self.run / f"{name}.new").write_text(script)
        (self.run / f"{name}.new").rename(self.run / f"{name}.start")
        self.supervisor.send_signal(signal.SIGUSR1)
        wait_for(lambda: self.file(name, "pid").exists() or self.file(name, "exit").exists())

    def file(self, name, suffix):
        return self.run / f"{name}.{suffix}"

    def pid(self, name):
        return int(self.file(name, "pid").read_text().split()[0])

    def ending(self, name):
        wait_for(self.file(name, "exit").exists)
        return self.file(name, "exit").read_text().strip()

    def stop(self):
        self.supervisor.terminate()
        assert self.supervisor.wait(30) == 0


@pytest.fixture
def system(tmp_path):
    system = System(tmp_path)
    yield system
    if system.supervisor.poll() is None:
        system.stop()


def gone(pid):
    return not os.path.exists(f"/proc/{pid}")


def test_a_process_writes_its_log_and_its_end_is_kept(system):
    system.start("console", "echo hello; exit 3")
    assert system.ending("console") == "status 3"
    assert (system.log / "console.log").read_text() == "hello\n"


def test_a_process_that_was_killed_is_not_started_again(system):
    system.start("console", "exec sleep 60")
    os.kill(system.pid("console"), signal.SIGKILL)
    assert system.ending("console") == "signal 9"
    assert not system.file("console", "pid").exists()


def test_one_that_ended_is_started_again_when_asked(system):
    system.start("console", "exit 1")
    system.ending("console")
    system.file("console", "exit").unlink()
    system.start("console", "exec sleep 60")
    assert not gone(system.pid("console"))


def test_what_a_dead_process_started_dies_with_it(system):
    system.start("serving-1", f"sleep 60 & echo $! > {system.run}/child; wait")
    wait_for(lambda: (system.run / "child").exists() and (system.run / "child").read_text().strip())
    child = int((system.run / "child").read_text())
    os.kill(system.pid("serving-1"), signal.SIGKILL)
    system.ending("serving-1")
    wait_for(lambda: gone(child))


def test_stopping_ends_services_before_the_stores_that_they_write_to(system):
    order = system.run / "order"
    ends = "trap 'echo {0} >> {1}; exit' TERM INT; echo ready; while :; do sleep 0.01; done"
    for name in ("kafka", "postgres", "mirror", "console"):
        system.start(name, ends.format(name, order))
        wait_for(lambda: "ready" in (system.log / f"{name}.log").read_text())
    system.stop()
    assert set(order.read_text().split()[:2]) == {"mirror", "console"}
    assert set(order.read_text().split()[2:]) == {"kafka", "postgres"}


def test_a_stopped_process_is_woken_so_that_it_can_end(system):
    system.start("console", "exec sleep 60")
    os.kill(system.pid("console"), signal.SIGSTOP)
    system.stop()
    assert system.ending("console") == "signal 15"
