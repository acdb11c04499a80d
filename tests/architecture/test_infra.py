"""The production-shaped files, read as a container engine, a linter and CI would read them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from control_plane.web_app import CONTENT_SECURITY_POLICY
from operations.stack import WORKER_POOLS, api_spec, worker_spec

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = (ROOT / "tenants_worker" / "runtime.py").read_text(encoding="utf-8")  # importing it takes seconds
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ONE_SHOT = {"migrate"}
DATABASE_ROLE = re.compile(r"^postgresql\+asyncpg://(\w+):\$\{(\w+):\?[^}]+\}@postgres:5432/lumenpay$")
SECRET_NAME = re.compile(r"PASSWORD|SECRET|TOKEN|DSN|_KEY|_URL|AUTH", re.IGNORECASE)


def environment(service: str) -> dict[str, str | None]:
    settings = SERVICES[service].get("environment", {})
    assert isinstance(settings, dict)
    return settings


@pytest.mark.parametrize("service", SERVICES)
def test_service_is_watched_limited_and_unprivileged(service: str) -> None:
    settings = SERVICES[service]
    assert ("healthcheck" in settings) != (service in ONE_SHOT)
    assert settings["user"].split(":")[0] not in {"0", "root"}
    assert settings["read_only"] is True
    assert settings["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in settings["security_opt"]
    assert "privileged" not in settings
    assert {"cpus", "memory"} <= settings["deploy"]["resources"]["limits"].keys()
    assert settings["restart"] == ("no" if service in ONE_SHOT else "unless-stopped")


@pytest.mark.parametrize("service", SERVICES)
def test_image_has_a_version_that_is_not_latest(service: str) -> None:
    image = re.sub(r"\$\{\w+:-([^}]+)\}", r"\1", SERVICES[service]["image"])
    name, _, tag = image.partition(":")
    assert name
    assert re.match(r"v?\d", tag)
    assert "latest" not in tag


@pytest.mark.parametrize("service", SERVICES)
def test_secrets_have_no_literal_value_and_no_default(service: str) -> None:
    for name, value in environment(service).items():
        if value is None or not SECRET_NAME.search(name):
            continue
        without_references = re.sub(r"\$\{\w+:\?[^}]+\}", "", value)
        assert "${" not in without_references, f"{name} has a default"
        password = re.search(r"://[^/@]*:([^@]+)@", without_references)
        assert password is None, f"{name} carries a literal password"
        if "://" not in value:
            assert without_references in {"", "^LUMENPAY_"}, f"{name} is a literal"


@pytest.mark.parametrize("service", SERVICES)
def test_waiting_is_for_health_or_completion_never_for_a_mere_start(service: str) -> None:
    for needed, wait in SERVICES[service].get("depends_on", {}).items():
        expected = "service_completed_successfully" if needed in ONE_SHOT else "service_healthy"
        assert wait["condition"] == expected


def test_only_the_migration_knows_the_role_that_owns_the_tables() -> None:
    owners = {service for service in SERVICES if "LUMENPAY_DATABASE_OWNER_URL" in environment(service)}
    assert owners == {"migrate"}
    app, app_password = DATABASE_ROLE.fullmatch(str(environment("api")["LUMENPAY_DATABASE_URL"])).groups()
    owner, owner_password = DATABASE_ROLE.fullmatch(str(environment("migrate")["LUMENPAY_DATABASE_OWNER_URL"])).groups()
    assert (app, owner) == ("lumenpay_app", "lumenpay_owner")
    assert app_password != owner_password


def test_every_queue_has_exactly_one_worker() -> None:
    queues: list[str] = []
    for settings in SERVICES.values():
        command = settings.get("command", [])
        if "-Q" in command:
            queues += command[command.index("-Q") + 1].split(",")
    assert sorted(queues) == ["access", "broadcasts", "housekeeping", "money", "updates", "webhooks"]


def test_only_nginx_is_reachable_from_outside_and_the_databases_have_no_way_out() -> None:
    for service, settings in SERVICES.items():
        for port in settings.get("ports", []):
            assert service == "nginx" or port.startswith("127.0.0.1:")
    assert COMPOSE["networks"]["backend"]["internal"] is True
    assert SERVICES["postgres"]["networks"] == SERVICES["valkey"]["networks"] == ["backend"]
    trusted = next(part for part in SERVICES["api"]["command"] if part.startswith("--forwarded-allow-ips="))
    assert trusted.partition("=")[2] == SERVICES["nginx"]["networks"]["edge"]["ipv4_address"]


def test_containers_start_the_product_as_one_machine_does() -> None:
    spec = api_spec({}, port=8000)
    assert {option for option in spec.argv if option.startswith("--no-")} <= set(SERVICES["api"]["command"])
    wanted = {option for option in worker_spec({}, WORKER_POOLS[0]).argv if option.startswith("--without-")}
    workers = [settings for settings in SERVICES.values() if "-Q" in settings.get("command", [])]
    assert len(workers) == 3
    assert all(wanted <= set(settings["command"]) for settings in workers)


def test_everybody_has_time_to_end_in_order_before_being_killed() -> None:
    for service, settings in SERVICES.items():
        if settings["image"].startswith("lumenpay/"):
            graces = [int(part.partition("=")[2]) for part in settings["command"] if "graceful-shutdown" in part]
            patience = re.search(r"^GRACE_SECONDS = ([\d.]+)$", RUNTIME, re.MULTILINE)
            assert patience
            # After its grace a worker closes its connections and its thread, for thirteen seconds at most.
            grace_seconds = max(float(patience[1]) + 13, max(graces, default=0))
            assert int(settings["stop_grace_period"].removesuffix("s")) > grace_seconds, service


def test_containers_are_in_production_unless_told_otherwise_in_so_many_words() -> None:
    assert environment("api")["LUMENPAY_ENVIRONMENT"] == "${LUMENPAY_COMPOSE_ENVIRONMENT:-production}"
    assert "LUMENPAY_COMPOSE_ENVIRONMENT" not in (ROOT / ".env.example").read_text(encoding="utf-8")


@pytest.mark.parametrize("service", ["sandbox-yookassa", "sandbox-stripe"])
def test_whoever_pays_in_the_sandbox_is_sent_to_a_port_of_this_machine(service: str) -> None:
    sandbox = SERVICES[service]
    public_url = sandbox["command"][sandbox["command"].index("--public-url") + 1]
    assert [f"http://{port.rpartition(':')[0]}" for port in sandbox["ports"]] == [public_url]
    assert service == "sandbox-stripe" or public_url in SERVICES["sandbox-telegram"]["command"]


@pytest.mark.parametrize("service", SERVICES)
def test_networks_volumes_and_mounted_files_exist(service: str) -> None:
    settings = SERVICES[service]
    assert set(settings["networks"]) <= COMPOSE["networks"].keys()
    for volume in settings.get("volumes", []):
        source = re.sub(r"\$\{[^}]+\}", "variable", volume).split(":")[0]
        if source.startswith("./"):
            assert (ROOT / source).exists(), source
            assert volume.endswith(":ro")
        else:
            assert source in {*COMPOSE["volumes"], "variable"}


def test_dockerfile_is_clean() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    answer = subprocess.run(
        [linter, ROOT / "infra/docker/Dockerfile"], capture_output=True, text=True, check=False, timeout=60
    )
    assert answer.stdout + answer.stderr == ""
    assert answer.returncode == 0


def test_image_installs_nothing_unhashed_and_runs_as_nobody_special() -> None:
    text = (ROOT / "infra/docker/Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    for command in re.findall(r"pip (?:install|wheel)[^&\n]*", text):
        assert "--require-hashes" in command or "--no-deps" in command, command
        assert "--no-build-isolation" in command or "install" in command, command
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for name in source.split():
            assert (ROOT / ".dockerignore").read_text(encoding="utf-8").count(f"!{name.removeprefix('./')}\n") == 1


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_has_least_rights_pinned_actions_and_limits(workflow: Path) -> None:
    content = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    assert content["permissions"] == {}
    assert content["concurrency"]["cancel-in-progress"] is True
    assert "pull_request_target" not in content[True]  # YAML 1.1 reads the key `on` as true.
    for job in content["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])
                assert step["with"]["persist-credentials"] is False
            assert "${{" not in step.get("run", "")


def test_ci_runs_the_same_command_as_everybody() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yml"]
    assert "run: bash .ci/run" in WORKFLOWS[0].read_text(encoding="utf-8")


def test_commit_hooks_fetch_nothing() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in hooks["repos"]] == ["local"]
    assert {hook["language"] for hook in hooks["repos"][0]["hooks"]} == {"system"}


def test_nginx_reads_as_balanced_blocks_and_every_included_file_is_there() -> None:
    folder = ROOT / "infra" / "nginx"
    files = [folder / "nginx.conf", *folder.glob("snippets/*"), *folder.glob("templates/*")]
    for file in files:
        text = re.sub(r"#.*", "", file.read_text(encoding="utf-8"))
        assert re.sub(r"\$\{\w+\}", "", text).count("{") == re.sub(r"\$\{\w+\}", "", text).count("}"), file
        assert set(re.findall(r"\$\{(\w+)\}", text)) <= environment("nginx").keys()
        for included in re.findall(r"include (snippets/[^;]+);", text):
            assert (folder / included).exists()


def test_nginx_sends_the_web_app_with_the_same_policy_as_the_api() -> None:
    template = (ROOT / "infra/nginx/templates/lumenpay.conf.template").read_text(encoding="utf-8")
    assert re.findall(r'/index\.html "([^"]+)";', template) == [CONTENT_SECURITY_POLICY]
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_prometheus_scrapes_the_private_port_of_the_api_and_of_every_worker() -> None:
    jobs = yaml.safe_load((ROOT / "infra/monitoring/prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    scraped = {
        (name, str(found["port"])) for job in jobs for found in job.get("dns_sd_configs", []) for name in found["names"]
    }
    counting = {"api", *(name for name, settings in SERVICES.items() if "-Q" in settings.get("command", []))}
    assert scraped == {(name, environment(name)["LUMENPAY_METRICS_PORT"]) for name in counting}
    for name in counting:
        assert set(SERVICES[name]["networks"]) & set(SERVICES["prometheus"]["networks"])


if os.environ.get("CI") == "true":

    def test_ci_has_nginx_to_check_the_configuration_with() -> None:
        assert shutil.which("nginx"), "CI must install nginx (Debian: nginx-light), or its tests would not exist"
