#!/usr/bin/env python3
"""Waits for web callbacks at a Teal server, prints each once, and goes on behind the last one after any break.

Needs Python 3.9 and the package "websockets" 10 or later (Debian: python3-websockets, and /usr/bin/python3).

    TEAL_PASSWORD=... python3 client-v2.py [DISPATCHER [FILE]]

DISPATCHER is an http or https URL; without it, TEAL_DISPATCHER, else http://localhost:8081. FILE keeps the state and the cursor, so
that a client that is started again goes on where it was.
"""

import asyncio
import base64
import json
import os
import random
import secrets
import sys
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

try:
    import websockets
except ImportError:
    sys.exit("client-v2.py: the package websockets is missing. Debian: apt install python3-websockets, and run /usr/bin/python3. "
             "Elsewhere: python3 -m pip install websockets")

DISPATCHER = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TEAL_DISPATCHER", "http://localhost:8081")
FILE = sys.argv[2] if len(sys.argv) > 2 else None
PASSWORD = os.environ.get("TEAL_PASSWORD", "")
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0


class Refused(Exception):
    """Trying again would not help."""


class Place:
    """The state, and the cursor behind the last callback that was printed; None before the first answer."""

    def __init__(self):
        self.state, self.cursor = secrets.token_hex(16), None
        if FILE and os.path.exists(FILE):
            with open(FILE, encoding="utf-8") as file:
                kept = json.load(file)
            self.state, self.cursor = kept["state"], kept["cursor"]

    def advance(self, cursor):
        """Keeps it in a new file that then takes the old one's place, so that there is a whole one at any time."""
        self.cursor = cursor
        if FILE:
            with open(os.open(FILE + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump({"state": self.state, "cursor": cursor}, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(FILE + ".new", FILE)


def discover():
    """What the server tells of itself, if the password may go where it says."""
    try:
        with urllib.request.urlopen(DISPATCHER.rstrip("/") + "/.well-known/teapots-teal-metadata", timeout=30) as answer:
            metadata, source = json.load(answer), urlsplit(answer.geturl())
    except urllib.error.HTTPError as error:
        if error.code == 404:
            raise Refused(f"{DISPATCHER} is not a dispatcher's address: it answers 404") from error
        raise
    dispatcher, target = urlsplit(DISPATCHER), urlsplit(metadata["websocket_url"])

    # Anybody may have answered. The password is for the host that it was given for, and not for clear text where https was asked for.
    for host in (source.hostname, target.hostname):
        if host != dispatcher.hostname:
            raise Refused(f"{DISPATCHER} leads to another host, {host!r}; if the password is for that one, give its address")
    if target.scheme != "wss" and "https" in (dispatcher.scheme, source.scheme):
        raise Refused("the password is not sent in clear text where https was asked for")
    return metadata


def credentials():
    """The header of HTTP Basic, under the name that the library's version has for headers."""
    token = base64.b64encode(f"anonymous:{PASSWORD}".encode()).decode()
    name = "additional_headers" if int(websockets.__version__.split(".")[0]) >= 14 else "extra_headers"
    return {name: {"Authorization": f"Basic {token}"}}


def request(place):
    """Creates the state, which renews it where it is there, and registers for what came behind the cursor."""
    expires_at = datetime.now(timezone.utc) + timedelta(days=1)
    return {"id": 1,
            "create": {"type": "callback", "state": place.state, "expires_at": expires_at.strftime("%Y-%m-%dT%H:%M:%S")},
            "register_to": {"type": "callback", "state": place.state, "after": place.cursor}}


async def receive(place, on_ready):
    """One connection, from its beginning to its end."""
    metadata = await asyncio.to_thread(discover)
    # max_size: an event may take six times the request's body, and the library's own limit is 1 MiB.
    async with websockets.connect(
            metadata["websocket_url"], subprotocols=["teal.v2"], max_size=8 * 1024 * 1024, **credentials()) as socket:
        if socket.subprotocol != "teal.v2":
            raise Refused("this server does not speak teal.v2; client.py speaks the classic protocol")

        await socket.send(json.dumps(request(place)))
        async for text in socket:
            message = json.loads(text)
            if message["type"] == "ack":
                place.advance(message["cursor"])
                on_ready(metadata)
            elif message["type"] == "callback":
                # First what is done with a callback, then its cursor: a client that is killed in between does it again.
                print(message["timestamp"], message["url"], flush=True)
                if message["cursor"] is not None:
                    place.advance(message["cursor"])
            elif message["type"] == "gap":
                print("some callbacks are not kept any more", file=sys.stderr, flush=True)
                place.advance(message["cursor"])
            elif message["type"] == "error":
                if message["code"] in ("state_not_stored", "not_registered"):
                    return message["detail"]
                raise Refused(message["detail"])
        return f"closed with {socket.close_code}"


async def main():
    place, wait = Place(), FIRST_WAIT

    def on_ready(metadata):
        nonlocal wait
        wait = FIRST_WAIT
        print(f"Ready: {metadata['callback_url']}?state={place.state}", flush=True)

    while True:
        try:
            reason = await receive(place, on_ready)
        except (OSError, asyncio.TimeoutError, websockets.ConnectionClosed) as error:
            reason = str(error) or type(error).__name__
        except websockets.InvalidHandshake as error:
            if "401" in str(error):
                raise Refused("the password is wrong; set TEAL_PASSWORD") from error
            reason = str(error)

        # Not all clients at once, when a server comes back.
        pause = wait * random.uniform(0.5, 1)
        wait = min(wait * 2, LONGEST_WAIT)
        print(f"{reason}; trying again in {pause:.1f} s", file=sys.stderr, flush=True)
        await asyncio.sleep(pause)


if __name__ == "__main__":
    try:
        if urlsplit(DISPATCHER).scheme not in ("http", "https"):
            raise Refused(f"{DISPATCHER} is not an http or https URL, such as http://localhost:8081")
        asyncio.run(main())
    except Refused as refusal:
        sys.exit(f"client-v2.py: {refusal}")
    except KeyboardInterrupt:
        sys.exit(130)
