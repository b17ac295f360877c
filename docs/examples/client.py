#!/usr/bin/env python3
"""Waits for web callbacks at a Teal server, and prints them.

It speaks the classic protocol; client-v2.py misses no callback while it is away. Needs Python 3.9 and the package "websockets" 10 or
later (Debian: python3-websockets, and /usr/bin/python3).

    TEAL_PASSWORD=... python3 client.py [DISPATCHER]

DISPATCHER is an http or https URL; without it, TEAL_DISPATCHER, else http://localhost:8081.
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
    sys.exit("client.py: the package websockets is missing. Debian: apt install python3-websockets, and run /usr/bin/python3. "
             "Elsewhere: python3 -m pip install websockets")

DISPATCHER = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TEAL_DISPATCHER", "http://localhost:8081")
PASSWORD = os.environ.get("TEAL_PASSWORD", "")
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0

# The state lives on the server, so it stays the same over all connections.
STATE = secrets.token_hex(16)
EXPIRES_AT = datetime.now(timezone.utc) + timedelta(days=1)


class Refused(Exception):
    """Trying again would not help."""


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


def create(state, expires_at):
    return {"type": "callback", "state": state, "final_redirect_url": None, "with_fragment": False,
            "expires_at": expires_at.strftime("%Y-%m-%dT%H:%M:%S")}


async def receive(on_ready):
    """One connection, from its beginning to its end."""
    metadata = await asyncio.to_thread(discover)
    probe = secrets.token_hex(16)
    async with websockets.connect(metadata["websocket_url"], max_size=None, **credentials()) as socket:
        await socket.send(json.dumps({"create": create(STATE, EXPIRES_AT), "register_to": {"type": "callback", "state": STATE}}))

        # A state that must fail: the answer to it says that everything before it is done.
        await socket.send(json.dumps({"create": create(probe, datetime(1970, 1, 1, tzinfo=timezone.utc))}))
        async for text in socket:
            message = json.loads(text)
            if message["type"] == "callback_creation_failure":
                if message["state"] != probe:
                    raise Refused(message["detail"])
                on_ready(metadata)
            elif message["type"] == "callback":
                print(message["timestamp"], message["url"], flush=True)
        return f"closed with {socket.close_code}"


async def main():
    wait = FIRST_WAIT

    def on_ready(metadata):
        nonlocal wait
        wait = FIRST_WAIT
        print(f"Ready: {metadata['callback_url']}?state={STATE}", flush=True)

    while True:
        try:
            reason = await receive(on_ready)
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
        sys.exit(f"client.py: {refusal}")
    except KeyboardInterrupt:
        sys.exit(130)
