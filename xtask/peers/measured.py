"""Runs commands one after another and says what each took: measured.py SECONDS < COMMANDS.

Reads a JSON array of arguments a line; prints a JSON object a line: the exit code (-9: it did not
end in time), the most memory that the process held at once in KiB, its seconds, and what it said.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time


def measured(command, seconds):
    with tempfile.TemporaryFile() as said:
        began = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        late = threading.Timer(seconds, process.kill)
        late.start()
        _, status, usage = os.wait4(process.pid, 0)
        late.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        return {
            "code": process.returncode,
            "memory": usage.ru_maxrss,
            "seconds": time.monotonic() - began,
            "said": said.read().decode(errors="replace"),
        }


for line in sys.stdin:
    print(json.dumps(measured(json.loads(line), float(sys.argv[1]))), flush=True)
