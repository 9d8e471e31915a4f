#!/usr/bin/env python3
"""Looks at an HTML file in a real Chromium, over the browser's own debugging pipe: browser.py CHROMIUM FILE OUTDIR [AXE_JS]

Writes screenshots (light, dark, 390 px) and a PDF to OUTDIR and prints one JSON object: console messages, requests, what sticks out at 390 px, what axe-core finds
in both themes (null without AXE_JS), the language, the text of the page. Everything is waited for by its event; nothing sleeps."""
import base64
import json
import os
import subprocess
import sys
import tempfile

FLAGS = ["--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync",
         "--disable-component-update", "--disable-extensions", "--host-resolver-rules=MAP * ~NOTFOUND", "--hide-scrollbars"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Browser:
    def __init__(self, program, profile):
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()

        def wire():  # the browser reads its descriptor 3 and writes its descriptor 4
            a, b = os.dup(to_read), os.dup(from_write)
            os.dup2(a, 3)
            os.dup2(b, 4)

        flags = FLAGS + ["--user-data-dir=" + profile] + (["--no-sandbox"] if os.getuid() == 0 else [])
        self.process = subprocess.Popen([program] + flags + ["about:blank"], preexec_fn=wire, close_fds=False, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], "HOME": profile, "LANG": "C.UTF-8"})
        os.close(to_read)
        os.close(from_write)
        self.out, self.inp = os.fdopen(to_write, "wb", 0), os.fdopen(from_read, "rb", 0)
        self.left, self.id, self.events, self.session = b"", 0, [], None

    def read(self):
        while b"\0" not in self.left:
            more = self.inp.read(65536)
            if not more:
                raise SystemExit("the browser ended")
            self.left += more
        text, self.left = self.left.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **params):
        self.id += 1
        message = {"id": self.id, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.out.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.id:
                if "error" in answer:
                    raise SystemExit("%s: %s" % (method, answer["error"]["message"]))
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.read())

    def value(self, expression, wait=False):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=wait)
        if "exceptionDetails" in answer:
            raise SystemExit("in the page: " + json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")


def theme(b, name):
    b.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])


def size(b, width, height):
    b.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)


def shoot(b, path, whole=True):
    with open(path, "wb") as f:
        f.write(base64.b64decode(b.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"]))


def look(b, file, outdir, axe):
    target = b.call("Target.createTarget", url="about:blank")["targetId"]
    b.session = b.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Log", "Network"):
        b.call(domain + ".enable")
    b.events.clear()
    b.call("Page.navigate", url="file://" + os.path.abspath(file))
    b.wait("Page.loadEventFired")
    result = {"axe": None}
    size(b, 1200, 900)
    for name in ("light", "dark"):
        theme(b, name)
        shoot(b, os.path.join(outdir, name + ".png"))
        result["background_" + name] = b.value("getComputedStyle(document.body).backgroundColor")
        if axe:
            b.value(axe + ";0")
            found = b.value("axe.run(document, {runOnly: %s}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.length + ' ' + v.nodes[0].html.slice(0, 160)))" % json.dumps(TAGS), wait=True)
            result["axe"] = (result["axe"] or []) + [name + ": " + v for v in found]
    size(b, 390, 844)
    theme(b, "light")
    result["width_390"] = b.value("document.documentElement.scrollWidth")
    shoot(b, os.path.join(outdir, "390.png"))
    result["text"] = b.value("document.body.innerText")
    result["scripts"] = b.value("document.querySelectorAll('script').length")
    result["elements"] = b.value("[...new Set([...document.querySelectorAll('*')].map(e => e.localName))].sort()")
    result["lang"] = b.value("document.documentElement.lang")
    with open(os.path.join(outdir, "print.pdf"), "wb") as f:
        f.write(base64.b64decode(b.call("Page.printToPDF", preferCSSPageSize=True)["data"]))
    result["console"] = [e["params"] for e in b.events if e.get("method") in ("Runtime.consoleAPICalled", "Log.entryAdded", "Runtime.exceptionThrown")]
    result["requests"] = [e["params"]["request"]["url"] for e in b.events if e.get("method") == "Network.requestWillBeSent"][1:]
    return result


def main():
    program, file, outdir = sys.argv[1:4]
    axe = None
    if len(sys.argv) > 4:
        with open(sys.argv[4], encoding="utf-8") as f:
            axe = f.read()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        b = Browser(program, profile)
        try:
            print(json.dumps(look(b, file, outdir, axe)))
        finally:
            b.process.kill()
            b.process.wait()


if __name__ == "__main__":
    main()
