"""The sandbox's own HTTP server keeps to the protocol, whatever comes."""

import socket

import pytest


@pytest.fixture
def speak(sandbox):
    """Sends bytes and gives back what comes until the server closes, or is silent for a moment."""

    def exchange(*pieces: bytes) -> bytes:
        with socket.create_connection(("localhost", sandbox.port), timeout=5) as connection:
            for piece in pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
            return answer

    return exchange


def head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def test_several_requests_share_a_connection(speak):
    answer = speak(head("GET", "/sandbox/mailbox/") * 3)

    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.endswith(b"[]")


def test_a_connection_closes_when_asked_to(speak):
    answer = speak(head("GET", "/sandbox/mailbox/", "Connection: close") + head("GET", "/sandbox/mailbox/"))

    assert answer.count(b"HTTP/1.1") == 1
    assert b"connection: close" in answer


def test_a_head_has_no_body(speak):
    answer = speak(head("HEAD", "/assets/sandbox.css"))

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"\r\n\r\n")


def test_a_body_may_come_in_chunks(speak):
    chunks = b'8\r\n{"hours"\r\n4;x=y\r\n: 1}\r\n0\r\n\r\n'

    answer = speak(head("POST", "/sandbox/control/clock", "Transfer-Encoding: chunked") + chunks)

    assert b"200 OK" in answer
    assert b'"now"' in answer


def test_a_body_may_wait_for_leave(speak):
    answer = speak(head("POST", "/sandbox/control/heal", "Content-Length: 2", "Expect: 100-continue"), b"{}")

    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        head("POST", "/sandbox/control/heal", "Content-Length: -1"),
        head("POST", "/sandbox/control/heal", "Content-Length: 99999999999"),
        head("POST", "/sandbox/control/heal", "Transfer-Encoding: chunked") + b"x\r\n",
        head("POST", "/sandbox/control/heal", "Transfer-Encoding: chunked") + b"-5\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
    ],
)
def test_nonsense_is_refused_and_harms_nobody(speak, sandbox, request_bytes):
    assert speak(request_bytes).startswith(b"HTTP/1.1 400")
    assert sandbox.state()["smtp_up"] is True


@pytest.mark.parametrize("request_bytes", [b"", b"GET / HT", head("POST", "/x", "Content-Length: 5") + b"12"])
def test_half_a_request_is_left_alone(speak, sandbox, request_bytes):
    assert speak(request_bytes) == b""
    assert sandbox.state()["smtp_up"] is True
