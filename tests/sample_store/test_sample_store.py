"""The running store: address, HTTPS, a database that lasts, clean stopping, and nothing secret shown."""

from __future__ import annotations

import datetime
import sqlite3
import ssl
import threading
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dbconn_tui.passwords import hash_password, is_acceptable, matches
from dbconn_tui.sample_store.sample_users import SAMPLE_USERS
from dbconn_tui.sample_store.store import SampleStore, run_sample_store
from dbconn_tui.sample_store.users import UserExistsError, Users
from dbconn_tui.sensitive import Sensitive


def login(store: SampleStore, http: httpx.Client, identifier: str, password: str) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": store.client_id,
        "client_secret": store.client_secret.reveal(),
    }
    token = http.post(store.token_url, data=form).json()["access_token"]
    return http.post(
        f"{store.url}/users/authenticate",
        json={"identifier": identifier, "password": password},
        headers={"authorization": f"Bearer {token}"},
    )


def test_sample_users_can_log_in() -> None:
    with run_sample_store() as store, httpx.Client() as http:
        assert store.url.startswith("http://127.0.0.1:")
        for sample in SAMPLE_USERS:
            for identifier in (sample.email, sample.username):
                user = login(store, http, identifier, sample.password).json()["user"]
                assert user["email"] == sample.email
                assert user["name"] == f"{sample.given_name} {sample.family_name}"
                assert user["email_verified"] is sample.email_verified


def test_it_stops_and_frees_its_port() -> None:
    threads = set(threading.enumerate())
    with run_sample_store() as store, httpx.Client() as http:
        login(store, http, "robin", "x")
        # The client's connection is still open here; stopping must not wait for it.
        address = store.url
    assert set(threading.enumerate()) <= threads
    with pytest.raises(httpx.ConnectError):
        httpx.post(f"{address}/users/find")


def test_two_stores_run_side_by_side() -> None:
    with run_sample_store() as one, run_sample_store() as other:
        assert one.url != other.url
        assert one.client_secret != other.client_secret


def test_a_failure_inside_the_block_stops_it_too() -> None:
    addresses: list[str] = []

    def fail() -> None:
        with run_sample_store() as store:
            addresses.append(store.url)
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    with pytest.raises(httpx.ConnectError):
        httpx.post(addresses[0])


def test_a_database_file_lasts_and_holds_no_password(tmp_path: Path) -> None:
    database = tmp_path / "users.sqlite"
    with run_sample_store(database=str(database)) as store:
        ids = [user.id for user in store.users.all()]
        store.users.add("more@example.com", "a password of more")
    with run_sample_store(database=str(database)) as store:
        assert [user.id for user in store.users.all() if user.email != "more@example.com"] == ids
        assert store.users.authenticate("more@example.com", "a password of more") is not None
    data = database.read_bytes()
    for password in ("a password of more", *(sample.password for sample in SAMPLE_USERS)):
        assert password.encode() not in data
    with sqlite3.connect(database) as connection:
        salts = [bytes(row[0][:16]) for row in connection.execute("SELECT password FROM users")]
    connection.close()
    assert len(set(salts)) == len(salts) == 4


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key, as PEM files."""
    import ipaddress

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sample store of a test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file


def test_https_with_a_given_certificate(tmp_path: Path) -> None:
    certificate_file, key_file = certificate(tmp_path)
    trust = ssl.create_default_context(cafile=certificate_file)
    with run_sample_store(certificate=certificate_file, key=key_file) as store:
        assert store.url.startswith("https://127.0.0.1:")
        with httpx.Client(verify=trust) as http:
            sample = SAMPLE_USERS[0]
            assert login(store, http, sample.email, sample.password).json()["user"]["email"] == sample.email
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.post(store.token_url)


def test_an_unusable_certificate_is_the_callers_failure(tmp_path: Path) -> None:
    certificate_file, _key_file = certificate(tmp_path)
    threads = set(threading.enumerate())
    with (
        pytest.raises(OSError, match=r"."),
        run_sample_store(certificate=certificate_file, key=certificate_file),
    ):
        pytest.fail("it must not start")
    assert set(threading.enumerate()) <= threads


def test_nothing_secret_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with run_sample_store(client_secret=Sensitive("a secret to keep")) as store, httpx.Client() as http:
        login(store, http, "robin", "robin-sample-password")
        assert "a secret to keep" not in repr(store)
    output = capfd.readouterr()
    assert output.out == output.err == ""


def test_passwords() -> None:
    stored = hash_password("a password", b"s" * 16)
    assert matches("a password", stored)
    assert not matches("a passwore", stored)
    assert not matches("", stored)
    assert stored != hash_password("a password", b"t" * 16)
    assert [is_acceptable(text) for text in ("x", "é" * 512, "", "é" * 513, "\ud800")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_users_are_safe_from_several_threads() -> None:
    numbers = iter(range(1_000_000))
    users = Users(":memory:", lambda count: next(numbers).to_bytes(count, "big"))
    failures: list[str] = []

    def add(prefix: str) -> None:
        for number in range(3):
            try:
                users.add(f"{number}@example.com", "x")
            except UserExistsError:
                failures.append(prefix)

    threads = [threading.Thread(target=add, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(users.all()) == 3
    assert len(failures) == 6
    users.close()
