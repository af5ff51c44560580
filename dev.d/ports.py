"""Picks a free TCP port on the loopback for every name and keeps it in a file that a shell can source.

ports.py FILE NAME...

A number that the file already holds is kept if it is still free. Ports come from below the range that the kernel
gives to outgoing connections: in it, a client that reconnects to a server which is down can take the server's port.
"""

import contextlib
import pathlib
import random
import socket
import sys

CANDIDATES = range(20000, 32000)


def claim(stack, port):
    taken = stack.enter_context(socket.socket())
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(("127.0.0.1", port))
        return True
    except OSError:
        return False


def kept(path):
    if not path.exists():
        return {}
    return {name: int(port) for name, _, port in (line.partition("=") for line in path.read_text().split())}


def choose(names, before):
    with contextlib.ExitStack() as stack:
        chosen = {name: before[name] for name in names if name in before and claim(stack, before[name])}
        others = iter(random.sample(CANDIDATES, len(CANDIDATES)))
        for name in names:
            if name not in chosen:
                chosen[name] = next(port for port in others if claim(stack, port))
        return chosen


def main():
    path = pathlib.Path(sys.argv[1])
    chosen = choose(sys.argv[2:], kept(path))
    path.write_text("".join(f"{name}={port}\n" for name, port in chosen.items()))


if __name__ == "__main__":
    main()
