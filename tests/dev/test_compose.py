import yaml

from dev_script import ROOT, run


def services():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_docker_compose_takes_the_file():
    done = run("docker-compose", "-f", ROOT / "docker-compose.yml", "config", "--quiet")
    assert done.returncode == 0, done.stderr


def test_every_port_is_published_on_the_loopback_only():
    ports = [port for service in services().values() for port in service.get("ports", [])]
    assert ports and all(port.startswith("127.0.0.1:") for port in ports)


def test_every_image_has_a_version():
    for name, service in services().items():
        tag = service["image"].partition(":")[2]
        assert any(character.isdigit() for character in tag), f"{name} takes whatever {service['image']} is today"


def test_every_process_of_dev_up_is_there():
    script = (ROOT / "dev.d/lib/processes.sh").read_text()
    names = [word for line in script.splitlines() if "=(" in line for word in line.split("(")[1].rstrip(")").split()]
    assert "serving-2" in names and set(names) <= set(services())
