"""A child that behaves like the indexer, or misbehaves as told by its first argument."""

import json
import os
import sys
import time


def say(**message: object) -> None:
    print(json.dumps(message), flush=True)


mode = sys.argv[1]
if mode == "elsewhere":
    say(type="Notice", level="info", what="Another Semblance is already indexing here.")
    sys.exit(3)
say(type="Progress", state="indexing", done=1, total=10)
if mode == "crash":
    os._exit(7)
if mode == "noise":
    print('this is not JSON\n{"type": "Unknown"}\n', flush=True)
    sys.stderr.write("a warning\n")
    sys.stderr.flush()
if mode == "silent":
    time.sleep(60)
if mode == "deaf":
    while True:
        time.sleep(0.05)
for line in sys.stdin:
    command = json.loads(line)
    if command["type"] == "Quit":
        break
    say(type="Notice", level="info", what="got " + command["type"])
    say(type="Committed", files=3)
