import socket

from dev_script import run_python


def chosen(path, *names):
    assert run_python("ports.py", path, *names).returncode == 0
    return {name: int(port) for name, port in (line.split("=") for line in path.read_text().split())}


def test_every_name_gets_a_port_of_its_own(tmp_path):
    ports = chosen(tmp_path / "ports", "A", "B", "C")
    assert set(ports) == {"A", "B", "C"} and len(set(ports.values())) == 3


def test_a_port_stays_as_long_as_it_is_free(tmp_path):
    assert chosen(tmp_path / "ports", "A", "B") == chosen(tmp_path / "ports", "A", "B")


def test_a_port_that_somebody_took_is_replaced_and_the_others_stay(tmp_path):
    before = chosen(tmp_path / "ports", "A", "B")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", before["A"]))
        taken.listen()
        after = chosen(tmp_path / "ports", "A", "B")
    assert after["A"] != before["A"] and after["B"] == before["B"]


def test_no_port_is_one_that_an_outgoing_connection_may_get(tmp_path):
    with open("/proc/sys/net/ipv4/ip_local_port_range") as kernel:
        lowest = int(kernel.read().split()[0])
    assert max(chosen(tmp_path / "ports", *"ABCDEFGH").values()) < lowest
