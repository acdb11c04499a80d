"""The nginx configuration, rendered as its image renders it, in front of a small upstream.

These tests exist only where nginx is installed; `tests/architecture/test_infra.py` makes CI install it.
"""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from operations.embedded.ports import choose_port
from operations.readiness import accepts_connections

CONFIG = Path(__file__).resolve().parents[3] / "infra" / "nginx"
NAME = "pay.lumenpay.test"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")


def write_certificate(folder: Path) -> None:
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    born = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(born)
        .not_valid_after(born + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(private)


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that it was sent."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 — the name is the base class's.

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the name is the base class's.
        del format, args


@dataclass(frozen=True)
class Front:
    tls_port: int
    plain_port: int
    upstream: ThreadingHTTPServer
    folder: Path

    def ask(
        self, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None, host: str = NAME
    ) -> tuple[HTTPResponse, str]:
        context = ssl.create_default_context(cafile=str(self.folder / "tls" / "fullchain.pem"))
        raw = socket.create_connection(("127.0.0.1", self.tls_port), 10)
        connection = HTTPSConnection(NAME, timeout=10)
        with raw:  # The wrapped socket takes the descriptor over; without this a refused handshake would leak it.
            connection.sock = context.wrap_socket(raw, server_hostname=host)
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response, text


def render(folder: Path, *, upstream_port: int, tls_port: int, plain_port: int) -> Path:
    for name in ("snippets", "templates"):
        shutil.copytree(CONFIG / name, folder / name)
    (folder / "conf.d").mkdir()
    (folder / "scratch").mkdir()
    (folder / "mime.types").write_text("types { text/html html; application/javascript js; }\n", encoding="utf-8")
    pages = folder / "webapp"
    (pages / "assets").mkdir(parents=True)
    (pages / "index.html").write_text("<title>LumenPay</title>", encoding="utf-8")
    (pages / "assets" / "app-1a2b.js").write_text("0", encoding="utf-8")
    (pages / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(b"0"))
    status_port = choose_port(folder / "status.port")
    text = (folder / "templates" / "lumenpay.conf.template").read_text(encoding="utf-8")
    for old, new in {
        "${LUMENPAY_API_UPSTREAM}": f"127.0.0.1:{upstream_port}",
        "${LUMENPAY_SERVER_NAME}": NAME,
        "listen 8080": f"listen 127.0.0.1:{plain_port}",
        "listen 8443": f"listen 127.0.0.1:{tls_port}",
        "listen 127.0.0.1:8081": f"listen 127.0.0.1:{status_port}",
        "/srv/webapp": str(pages),
    }.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "conf.d" / "lumenpay.conf").write_text(text, encoding="utf-8")
    main = (CONFIG / "nginx.conf").read_text(encoding="utf-8").replace("/tmp/", f"{folder}/scratch/")
    main = main.replace("/dev/stdout", f"{folder}/scratch/access.log")
    (folder / "nginx.conf").write_text(f"user root;\ndaemon off;\n{main}", encoding="utf-8")
    return folder / "nginx.conf"


if NGINX is not None:
    PROGRAM = NGINX

    @pytest.fixture
    def front(tmp_path: Path) -> Iterator[Front]:
        write_certificate(tmp_path / "tls")
        upstream = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        thread = threading.Thread(target=upstream.serve_forever)
        thread.start()
        # Spoken for until they are bound, so that neither a neighbour nor the other listener draws the same one.
        tls_port, plain_port = choose_port(tmp_path / "tls.port"), choose_port(tmp_path / "plain.port")
        front = Front(tls_port=tls_port, plain_port=plain_port, upstream=upstream, folder=tmp_path)
        config = render(
            tmp_path, upstream_port=upstream.server_port, tls_port=front.tls_port, plain_port=front.plain_port
        )
        check = subprocess.run([PROGRAM, "-t", "-c", config], capture_output=True, text=True, check=False, timeout=30)
        assert check.returncode == 0, check.stderr
        with subprocess.Popen([PROGRAM, "-c", config], stderr=subprocess.DEVNULL) as nginx:
            try:
                answers = accepts_connections("127.0.0.1", front.tls_port)
                deadline = time.monotonic() + 10
                while not answers():
                    assert time.monotonic() < deadline
                    time.sleep(0.02)
                yield front
            finally:
                nginx.terminate()
                nginx.wait(10)
                upstream.shutdown()
                upstream.server_close()
                thread.join()

    def test_what_a_client_claims_about_itself_is_overwritten_j12(front: Front) -> None:
        forged = {
            "X-Forwarded-For": "6.6.6.6",
            "X-Real-IP": "6.6.6.6",
            "X-Forwarded-Proto": "ftp",
            "Forwarded": "for=6",
        }
        _, seen = front.ask("POST", "/api/v1/session", headers=forged)
        assert "6.6.6.6" not in seen
        assert "X-Forwarded-For: 127.0.0.1" in seen
        assert "X-Forwarded-Proto: https" in seen
        assert "\nForwarded:" not in seen
        assert f"Host: {NAME}" in seen

    def test_metrics_are_not_public_j14(front: Front) -> None:
        assert [front.ask("GET", path)[0].status for path in ("/metrics", "/metrics/", "/metrics?x=1")] == [404] * 3

    def test_page_addresses_give_the_app_and_missing_assets_do_not(front: Front) -> None:
        response, page = front.ask("GET", "/tenants/1/plans")
        assert (response.status, page) == (200, "<title>LumenPay</title>")
        assert "frame-ancestors 'none'" in str(response.headers["Content-Security-Policy"])
        assert "immutable" in str(front.ask("GET", "/assets/app-1a2b.js")[0].headers["Cache-Control"])
        assert front.ask("GET", "/assets/app-9999.js")[0].status == 404

    def test_what_the_build_compressed_is_sent_as_it_is(front: Front) -> None:
        response, _ = front.ask("HEAD", "/assets/app-1a2b.js", headers={"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip"
        assert int(str(response.headers["Content-Length"])) == len(gzip.compress(b"0"))

    @pytest.mark.parametrize("path", ["/", "/assets/app-1a2b.js", "/api/health", "/metrics"])
    def test_security_headers_are_on_every_answer_j4(front: Front, path: str) -> None:
        response, _ = front.ask("GET", path)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert str(response.headers["Strict-Transport-Security"]).startswith("max-age=31536000")

    def test_each_answer_has_one_policy_and_nginx_s_own_pages_may_do_nothing_j4(front: Front) -> None:
        def policies(path: str) -> list[str]:
            return front.ask("GET", path)[0].headers.get_all("Content-Security-Policy") or []

        assert policies("/api/health") == ["default-src 'self'"]
        assert ["script-src 'self'" in policy for policy in policies("/")] == [True]
        for path in ("/metrics", "/assets/app-9999.js"):
            assert policies(path) == ["default-src 'none'; frame-ancestors 'none'"]

    @pytest.mark.parametrize("path", ["/tg/key", "/webhooks/yookassa/key"])
    def test_oversized_webhook_is_refused_before_it_reaches_the_api(front: Front, path: str) -> None:
        assert front.ask("POST", path, body=b"x" * 900_000)[0].status == 200
        assert front.ask("POST", path, body=b"x" * 1_200_000)[0].status == 413

    def test_a_file_for_a_broadcast_goes_through_and_nothing_as_large_does_beside_it_k6(front: Front) -> None:
        path = "/api/v1/tenants/1/broadcasts/media/2"
        assert front.ask("POST", path, body=b"x" * 11_000_000)[0].status == 200
        assert front.ask("POST", f"{path}/more", body=b"x" * 11_000_000)[0].status == 413

    def test_senders_are_asked_to_repeat_while_the_api_is_down(front: Front) -> None:
        front.upstream.shutdown()
        front.upstream.server_close()
        for path in ("/tg/key", "/webhooks/yookassa/key", "/api/v1/tenants"):
            response, text = front.ask("POST", path)
            assert (response.status, response.headers["Retry-After"]) == (503, "5")
            assert '"code":"unavailable"' in text

    def test_plain_http_is_sent_to_the_secure_address(front: Front) -> None:
        connection = HTTPConnection("127.0.0.1", front.plain_port, timeout=10)
        connection.request("GET", "/plans")
        response = connection.getresponse()
        assert (response.status, response.headers["Location"]) == (308, f"https://{NAME}/plans")
        connection.close()

    def test_unknown_host_gets_no_certificate(front: Front) -> None:
        with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
            front.ask("GET", "/", host="stranger.test")

    def test_keys_in_webhook_paths_are_not_logged(front: Front) -> None:
        front.ask("POST", "/tg/very-secret-key")
        log = front.folder / "scratch" / "access.log"
        deadline = time.monotonic() + 5
        while not log.read_text(encoding="utf-8"):
            assert time.monotonic() < deadline
        assert "very-secret-key" not in log.read_text(encoding="utf-8")
