"""The embedded Valkey through its public face, with real processes."""

from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from operations.embedded import EmbeddedValkey

MakeValkey = Callable[[Path], EmbeddedValkey]


def connect(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=5)


def test_appended_keys_survive_a_clean_restart_and_the_address_stays(tmp_path: Path, make_valkey: MakeValkey) -> None:
    server = make_valkey(tmp_path)
    server.start()
    url = server.url
    with connect(url) as client:
        client.set("doorbell", "rung")
    server.stop()
    assert not server.is_running()

    server.start()

    assert server.url == url
    with connect(url) as client:
        assert client.get("doorbell") == b"rung"


def test_start_after_kill_9_finds_the_old_keys(tmp_path: Path, make_valkey: MakeValkey) -> None:
    server = make_valkey(tmp_path)
    server.start()
    with connect(server.url) as client:
        client.set("doorbell", "rung")
        client.execute_command("WAITAOF", 1, 0, 5000)
    server.kill()
    assert not server.is_running()

    server.start()

    with connect(server.url) as client:
        assert client.get("doorbell") == b"rung"


def test_queue_is_never_evicted_and_strangers_are_refused(tmp_path: Path, make_valkey: MakeValkey) -> None:
    server = make_valkey(tmp_path)
    server.start()
    with connect(server.url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}
    with connect(f"redis://127.0.0.1:{server.port}/0") as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_password_is_not_on_the_command_line_and_the_process_is_not_root(
    tmp_path: Path, make_valkey: MakeValkey
) -> None:
    server = make_valkey(tmp_path)
    server.start()
    process = Path(f"/proc/{server.pid}")
    password = (tmp_path / "secrets" / "valkey").read_text(encoding="utf-8")

    assert password.encode() not in (process / "cmdline").read_bytes()
    assert process.stat().st_uid != 0


def test_two_installations_run_side_by_side_and_a_second_object_adopts(tmp_path: Path, make_valkey: MakeValkey) -> None:
    alpha, beta, again = (make_valkey(tmp_path / name) for name in ("alpha", "beta", "alpha"))
    for server in (alpha, beta, again):
        server.start()

    assert alpha.port != beta.port
    assert again.pid == alpha.pid
