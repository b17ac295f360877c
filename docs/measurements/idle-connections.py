#!/usr/bin/env python3
"""Measures what an idle bound websocket connection costs a server in memory.

    python3 docs/measurements/idle-connections.py PID [--port 8081] [--password abc] [--count 5000]

PID is the server's process id, on this machine. Each connection creates a state, registers for it, and then waits. What is
printed is the growth of the process's resident memory divided by the number of connections, after a first tenth of them
has warmed the server up.
"""
import argparse
import base64
import resource
import selectors
import socket
import time


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def text_frame(text):
    payload = text.encode()
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0x80 | 126]) + len(payload).to_bytes(2, "big")
    return b"\x81" + length + b"\0\0\0\0" + payload


def connect(port, credentials, state):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall((
        f"GET /websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Basic {credentials}\r\n\r\n"
    ).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += connection.recv(4096)
    if b" 101 " not in answer.split(b"\r\n")[0]:
        raise SystemExit(answer.decode())
    create = f'{{"type":"callback","state":"{state}","expires_at":{int(time.time()) + 3600}}}'
    connection.sendall(text_frame(f'{{"create":{create},"register_to":{{"type":"callback","state":"{state}"}}}}'))
    return connection


def wait_and_answer_pings(connections, seconds):
    """Waits as a client does: a ping (RFC 6455 section 5.5.2) is answered, else nothing happens."""
    selector = selectors.DefaultSelector()
    for connection in connections:
        selector.register(connection, selectors.EVENT_READ)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for key, _ in selector.select(timeout=max(0, end - time.monotonic())):
            data = key.fileobj.recv(4096)
            if not data:
                raise SystemExit("The server closed a connection.")
            if data[0] == 0x89:
                payload = data[2:2 + data[1]]
                key.fileobj.sendall(b"\x8a" + bytes([0x80 | len(payload)]) + b"\0\0\0\0" + payload)
    selector.close()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("pid", type=int)
    arguments.add_argument("--port", type=int, default=8081)
    arguments.add_argument("--password", default="abc")
    arguments.add_argument("--count", type=int, default=5000)
    options = arguments.parse_args()
    needed = options.count + options.count // 10 + 100
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, max(needed, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    credentials = base64.b64encode(f"anonymous:{options.password}".encode()).decode()

    connections = [connect(options.port, credentials, f"warm-{i}") for i in range(options.count // 10)]
    wait_and_answer_pings(connections, 3)
    before = resident(options.pid)
    connections += [connect(options.port, credentials, f"idle-{i}") for i in range(options.count)]
    wait_and_answer_pings(connections, 3)
    after = resident(options.pid)
    cpu = cpu_seconds(options.pid)
    wait_and_answer_pings(connections, 60)
    idle = cpu_seconds(options.pid) - cpu
    print(f"{options.count} connections: {(after - before) / options.count / 1024:.1f} KiB each, "
          f"{resident(options.pid) / 2**20:.0f} MiB in all, {idle / 60 * 100:.1f} % of a core while idle")
    for connection in connections:
        connection.close()


if __name__ == "__main__":
    main()
