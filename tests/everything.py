"""The last part of `make test`: known vulnerabilities, pytest, and a word on what was left out.

With CI=true nothing may be left out but what needs a register that cannot be reached from there.
"""

import json
import os
import shutil
import subprocess
import sys

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Mark of tests → what they are, and which programs they need; of a browser any one will do.
NEEDS = {
    "trip": ("trips in a browser", [BROWSERS]),
    "mosquitto": ("a real MQTT broker", [("mosquitto",)]),
    "sip": ("calls to real SIP devices", [("baresip",), ("sipp",)]),
    "clamd": ("a real virus scanner", [("clamd",)]),
}
#: Where servers are, which are not on everybody's PATH.
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
CI = os.environ.get("CI") == "true"


def audit() -> tuple[bool, str]:
    """(no vulnerability known, what was left out): pip-audit over all that production and the demo install."""
    options = "--require-hashes --disable-pip --format json --progress-spinner off --timeout 10"
    asked = subprocess.run(
        [sys.executable, "-m", "pip_audit", "-r", "requirements/demo.txt", *options.split()],
        capture_output=True,
        text=True,
    )
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except ValueError:
        return True, "pip-audit (its data cannot be reached)"
    known = [p for p in packages if p.get("vulns")]
    for package in known:
        ids = ", ".join(v["id"] for v in package["vulns"])
        print(f"known vulnerability: {package['name']} {package['version']}: {ids}")
    unknown = sum("skip_reason" in p for p in packages)
    left_out = f"pip-audit for {unknown} of {len(packages)} packages (data not reached)" if unknown else ""
    return not known, left_out


def missing(mark: str) -> str:
    """Why tests of that mark cannot run here, "" if they can."""
    what, programs = NEEDS[mark]
    lacking = [one for one in programs if not any(shutil.which(name, path=PATH) for name in one)]
    return f"{what} (not installed: {', '.join(' or '.join(one) for one in lacking)})" if lacking else ""


def main(arguments: list[str]) -> int:
    left_out = []
    safe, not_asked = audit()
    if not_asked:
        left_out.append(not_asked)
    unable = {mark: words for mark in NEEDS if (words := missing(mark))}
    if unable and CI:
        print(f"CI leaves nothing out (.ci/run installs what is needed): {'; '.join(unable.values())}")
        return 1
    wanted = ["-m", " and ".join(f"not {mark}" for mark in unable)] if unable else []
    left_out += unable.values()
    side_by_side = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    code = subprocess.call([sys.executable, "-m", "pytest", *side_by_side, *wanted, *arguments])
    if left_out:
        print("left out: " + "; ".join(left_out))
    return code or (0 if safe else 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
