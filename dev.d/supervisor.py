"""Parent of every process of one development system: starts what it is asked to, reaps it, stops all when told.

supervisor.py RUN_DIR LOG_DIR

run/<name>.start is a request: a script that becomes the process. SIGUSR1 says that there are some; the script is kept
as run/<name>.sh, so that a person can read how a process was started. run/<name>.pid holds its pid and start time,
run/<name>.exit how it ended. Nothing is ever restarted unasked: a process that
died is a finding. SIGTERM stops everything, services before the stores that they write to.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time

STORES = {"kafka": signal.SIGTERM, "postgres": signal.SIGINT}  # SIGINT is Postgres' fast stop
GRACE_S = 10.0
WATCHED = {signal.SIGUSR1, signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


def start_time(pid):
    """In clock ticks since boot, as /proc says it."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[19]


def told(status):
    return f"signal {-status}" if status < 0 else f"status {status}"


class Supervisor:
    def __init__(self, run, log):
        self.run, self.log, self.children = run, log, {}

    def write(self, name, text):
        path = self.run / name
        path.with_suffix(".part").write_text(text)
        path.with_suffix(".part").rename(path)

    def start_requested(self):
        for request in sorted(self.run.glob("*.start")):
            name = request.stem
            if name not in self.children:
                script = request.rename(self.run / f"{name}.sh")
                self.children[name] = self.start(script)
                self.write(f"{name}.pid", f"{self.children[name].pid} {start_time(self.children[name].pid)}\n")

    def start(self, script):
        with open(self.log / f"{script.stem}.log", "ab") as log:
            return subprocess.Popen(
                ["/bin/bash", script],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",  # Postgres' user may not be allowed to read the checkout
                start_new_session=True,
                preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, []),
            )

    def reap(self):
        for name, child in list(self.children.items()):
            if os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                continue
            # Before it is reaped its pid cannot be anybody else's, so neither can its group be.
            self.signal_group(child, signal.SIGKILL)
            self.write(f"{name}.exit", told(child.wait()) + "\n")
            (self.run / f"{name}.pid").unlink(missing_ok=True)
            del self.children[name]

    @staticmethod
    def signal_group(child, signum):
        try:
            os.killpg(child.pid, signum)
        except (ProcessLookupError, PermissionError):
            pass  # nobody is left in it

    def stop(self, names):
        for name in names:
            os.kill(self.children[name].pid, STORES.get(name, signal.SIGTERM))
            os.kill(self.children[name].pid, signal.SIGCONT)
        deadline = time.monotonic() + GRACE_S
        while any(name in self.children for name in names):
            left = deadline - time.monotonic()
            if left <= 0 or signal.sigtimedwait({signal.SIGCHLD}, left) is None:
                for name in set(names) & set(self.children):
                    self.signal_group(self.children[name], signal.SIGKILL)
                deadline = time.monotonic() + GRACE_S
            self.reap()

    def stop_all(self):
        self.reap()
        self.stop([name for name in self.children if name not in STORES])
        self.stop(list(self.children))

    def serve(self):
        self.write("supervisor.pid", f"{os.getpid()} {start_time(os.getpid())}\n")
        while True:
            signum = signal.sigwait(WATCHED)
            self.reap()
            if signum == signal.SIGUSR1:
                self.start_requested()
            if signum in (signal.SIGTERM, signal.SIGINT):
                return self.stop_all()


def main():
    run, log = (pathlib.Path(argument) for argument in sys.argv[1:3])
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    Supervisor(run, log).serve()
    (run / "supervisor.pid").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
