"""Uses the page for browsers as its readers do: with a mouse, a keyboard, on paper, without a script.

report.py FOLDER AXE: FOLDER holds english.html, french.html and nothing.html; AXE is the script of axe-core. Pictures
of the pages are left in FOLDER. Ends with status 1 at the first thing that is not as it should be.
"""

import base64
import contextlib
import http.server
import io
import json
import sys
import threading
from pathlib import Path

from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

DESK, PHONE = (1280, 1000), (390, 844)


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


def say(what):
    print(f"ok: {what}", flush=True)


class Page:
    """A page in a browser that reports every request."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        options = webdriver.ChromeOptions()
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def look(self, size=DESK, theme="light", medium=""):
        width, height = size
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=size == PHONE
        )
        features = [
            {"name": "prefers-color-scheme", "value": theme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.command("Emulation.setEmulatedMedia", media=medium, features=features)

    def open(self, name, address=None):
        """Opens a report afresh; what it asked for before is forgotten."""
        self.driver.get("about:blank")
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.get(address or f"file://{self.folder / name}.html")

    def requests(self):
        """The addresses that were asked for since the page was opened."""
        messages = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [of["params"]["request"]["url"] for of in messages if of["method"] == "Network.requestWillBeSent"]

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def click(self, selector):
        element = self.find(selector)
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def wait(self, script, what):
        try:
            WebDriverWait(self.driver, 5).until(lambda _: self.run(script))
        except Exception:  # The message of a timeout says nothing.
            sys.exit(f"FAILED: {what}")

    def places(self, visible=True):
        """What programs are told of each finding that is shown."""
        return self.run(
            "return [...document.querySelectorAll('.place')].filter((place) => place.checkVisibility() === arguments[0])"
            ".map((place) => ({...place.dataset, text: place.closest('.problem').textContent}))",
            visible,
        )

    def shown(self):
        return self.find("#shown").text

    def picture(self, name):
        data = base64.b64decode(self.command("Page.captureScreenshot")["data"])
        (self.folder / f"{name}.png").write_bytes(data)
        return Image.open(io.BytesIO(data)).convert("L")


def loads_nothing(page):
    for name in ["english", "french", "nothing"]:
        page.open(name)
        for link in page.find_all("a[href^='#']")[:12]:
            page.run("arguments[0].click()", link)
        page.command("Page.printToPDF")
        requests = [address for address in page.requests() if not address.startswith("about:")]
        own = [address for address in requests if address.split("#")[0] == f"file://{page.folder / name}.html"]
        check(requests == own and requests, f"{name}: {requests}")
        check(not page.driver.get_log("browser"), f"{name}: the console is not empty")
    say("no request leaves the page, and the console stays empty")


@contextlib.contextmanager
def served(folder, asked):
    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=folder)

        def log_message(self, *_):
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def loads_nothing_from_its_server(page):
    asked = []
    with served(page.folder, asked) as address:
        page.open("english", f"{address}/english.html")
        page.wait("return !document.querySelector('#filters').hidden", "the page works over HTTP, too")
    check(asked == ["/english.html"], f"the server was asked for {asked}")
    say("a server that the page lies on is asked for nothing else")


def policy_is_in_force(page):
    page.open("english")
    page.run(
        "const script = document.createElement('script'); script.textContent = 'window.owned = true';"
        "document.body.append(script);"
        "document.body.insertAdjacentHTML('beforeend', '<p id=planted style=\"color: rgb(1, 2, 3)\" onclick=\"window.owned = true\">x</p>"
        "<img src=\"https://example.org/x.png\">');"
        "document.querySelector('#planted').click();"
    )
    check(page.run("return window.owned === undefined"), "a foreign script ran")
    colour = page.run("return getComputedStyle(document.querySelector('#planted')).color")
    check(colour != "rgb(1, 2, 3)", "a foreign style was applied")
    complaints = [entry["message"] for entry in page.driver.get_log("browser")]
    check(sum("Content Security Policy" in message for message in complaints) >= 4, f"the policy is silent: {complaints}")
    say("the policy stops a script, a handler, a style and a picture that are not the page's own")


def each_filter(page):
    page.open("english")
    everything = page.places()
    total = len(everything)
    check(total > 30, f"only {total} findings to filter")

    def shows(wanted, what):
        expected = sum(wanted(place) for place in everything)
        sentence = f"Findings shown: {expected} of {total}" if expected else "No finding matches the filters."
        page.wait(f"return document.querySelector('#shown').textContent === {json.dumps(sentence)}",
                  f"{what}: “{page.shown()}” instead of “{sentence}”")
        shown = page.places()
        check(len(shown) == expected and all(map(wanted, shown)), f"{what}: shows others")
        empty = page.run("return [...document.querySelectorAll('.problem')].filter((problem) => problem.checkVisibility()"
                         " && ![...problem.querySelectorAll('.place')].some((place) => place.checkVisibility())).length")
        check(empty == 0, f"{what}: {empty} problems without a place are shown")
        check(page.find("#clear").is_enabled() == (expected < total), f"{what}: the button that clears")
        return expected

    check(page.find("#shown").get_attribute("role") == "status", "the count is not announced")
    shows(lambda _: True, "at first")
    for name in ["severity", "client"]:
        boxes = [box.get_attribute("value") for box in page.find_all(f"input[name={name}]")]
        check({place[name] for place in everything} == set(boxes), f"the choices of {name}: {boxes}")
        gone = set()
        for value in boxes:
            page.click(f"input[name={name}][value={value}]")
            gone.add(value)
            shows(lambda place: place[name] not in gone, f"{name} without {gone}")
        page.click("#clear") if page.find("#clear").is_enabled() else None
        shows(lambda _: True, f"{name} cleared")
    for name in ["account", "rule"]:
        select = Select(page.find(f"#filter-{name}"))
        values = [option.get_attribute("value") for option in select.options]
        check({place[name] for place in everything} - {""} == set(values) - {""}, f"the choices of {name}")
        for value in values[1:4] + values[-1:]:
            select.select_by_value(value)
            count = shows(lambda place: place[name] == value, f"{name} {value}")
            check(count > 0, f"{name} {value} has no finding")
        page.click("#clear")
        shows(lambda _: True, f"{name} cleared")
    field = page.find("#filter-text")
    for words in ["password", "PASSWORD stored", "encrypted gajim", "no such words anywhere"]:
        field.clear()
        field.send_keys(words)
        page.wait(f"return document.querySelector('#filter-text').value === {json.dumps(words)}", "typing")
        # What a finding says is searched, with its title; what the page says of all of them is not.
        own = page.run("return [...document.querySelectorAll('.place')].map((place) => [place.dataset.fingerprint, "
                       "[place.closest('.problem').querySelector('h3').textContent, place.dataset.rule, place.textContent].join(' ').toLowerCase()])")
        wanted = sum(all(word in text for word in words.lower().split()) for _, text in own)
        sentence = f"Findings shown: {wanted} of {total}" if wanted else "No finding matches the filters."
        page.wait(f"return document.querySelector('#shown').textContent === {json.dumps(sentence)}", f"text {words}: {page.shown()}, not {wanted}")
        check(len(page.places()) == wanted, f"text {words}")
    page.click("#clear")
    shows(lambda _: True, "text cleared")
    check(page.run("return document.activeElement.id") == "filter-text", "the focus is lost when the filters are cleared")
    page.click("input[name=severity][value=high]")
    Select(page.find("#filter-account")).select_by_index(1)
    jid = page.find("#filter-account").get_attribute("value")
    shows(lambda place: place["severity"] != "high" and place["account"] == jid, "two filters at once")
    say(f"each filter shows what it should of {total} findings, and the count is announced")


def links_filter(page):
    page.open("english")
    total = len(page.places())
    page.click(".counts a[data-severity=high]")
    check({place["severity"] for place in page.places()} == {"high"}, "a tile shows its severity")
    page.click(".grades a[data-account]")
    jid = page.find(".grades a[data-account]").get_attribute("data-account")
    check({place["account"] for place in page.places()} == {jid}, "an account shows its findings")
    page.click("#clear")
    page.click(".counts a[data-severity=low]")
    page.click(".begin a")
    check(len(page.places()) == total, "a link to what is filtered away shows it again")
    rule = page.find(".rule a")
    target = rule.get_attribute("href").split("#")[1]
    page.click(".rule a")
    page.wait(f"return document.getElementById({json.dumps(target)}).open", "the rule's page is unfolded")
    say("the links of the summary filter, and links to what is hidden show it")


def folding(page):
    page.open("english")
    opened = "return [...document.querySelectorAll('.advice details')].filter((details) => details.open).length"
    count = page.run(opened)
    name = page.find("#fold").text
    page.click("#fold")
    page.wait("return !document.querySelector('.advice details[open]')", "folding")
    check(page.find("#fold").text != name, "the button says what it does")
    page.click("#fold")
    check(page.run(opened) == count and page.find("#fold").text == name, "unfolding")
    page.click("#fold")
    page.run("dispatchEvent(new Event('beforeprint'))")
    check(page.run("return document.querySelectorAll('details:not([open])').length") == 0, "all is unfolded on paper")
    page.run("dispatchEvent(new Event('afterprint'))")
    check(page.run(opened) == 0, "what was folded is folded again")
    say("explanations fold and unfold, and are unfolded on paper")


def keyboard(page):
    page.open("english")
    focused = "const e = document.activeElement; const s = getComputedStyle(e); const p = getComputedStyle(e.closest('li') ?? e);"
    focused += "return [e.id || e.name || e.tagName.toLowerCase(), e.value ?? '', Math.max(parseFloat(s.outlineWidth) * (s.outlineStyle !== 'none'), parseFloat(p.outlineWidth) * (p.outlineStyle !== 'none'))]"
    seen = []
    for _ in range(400):
        ActionChains(page.driver).send_keys(Keys.TAB).perform()
        name, value, outline = page.run(focused)
        check(outline >= 2, f"no focus is seen on {name} {value}")
        seen.append((name, value))
        if name == "fold":
            break
    check(page.run("return document.querySelector('.skip').matches('a[href=\"#findings\"]')") and seen[0][0] == "a", "first comes the link that skips")
    order = [name for name, _ in seen if name in ("filter-text", "severity", "client", "filter-account", "filter-rule", "fold")]
    firsts = list(dict.fromkeys(order))
    check(firsts == ["filter-text", "severity", "client", "filter-account", "filter-rule", "fold"], f"the order is {firsts}")
    page.open("english")
    ActionChains(page.driver).send_keys(Keys.TAB, Keys.ENTER).perform()
    check(page.run("return document.activeElement.id") == "findings", "the link skips to the findings")
    ActionChains(page.driver).send_keys(Keys.TAB).perform()
    check(page.run("return document.activeElement.tagName") == "SUMMARY", "then come the filters")
    ActionChains(page.driver).send_keys(Keys.TAB, Keys.TAB, Keys.SPACE).perform()
    check(all(place["severity"] != "critical" for place in page.places()), "the space bar filters")
    say(f"the keyboard reaches every control, and the focus is seen at each of {len(seen)} steps")


def without_script(page):
    text = (page.folder / "english.html").read_text()
    start, end = text.index("<script>"), text.index("</script>")
    (page.folder / "no-script.html").write_text(text[:start] + text[end + len("</script>") :])
    page.open("english")
    total = len(page.places())
    page.open("no-script")
    check(len(page.places()) == total and not page.places(visible=False), "every finding is shown")
    check(not page.find("#filters").is_displayed(), "filters that do nothing are not shown")
    check(page.run("return document.querySelectorAll('.advice details:not([open])').length") == 0, "explanations are shown")
    (page.folder / "no-script.html").unlink()
    say("without a script everything is shown, and nothing that does nothing")


def paper(page):
    page.open("english")
    page.click("#fold")
    page.look(medium="print", theme="dark")
    for gone in [".top nav", "#filters", ".skip"]:
        check(not page.find(gone).is_displayed(), f"{gone} is printed")
    background = page.run("return getComputedStyle(document.body).backgroundColor")
    check(background == "rgb(255, 255, 255)", f"paper is {background}, in a dark theme")
    # Without the script's help, too.
    unfolded = page.run("return document.querySelector('.advice details:not([open]) p').checkVisibility()")
    check(unfolded, "what is folded is not printed")
    page.look()
    printed = base64.b64decode(page.command("Page.printToPDF", preferCSSPageSize=True)["data"])
    (page.folder / "english.pdf").write_bytes(printed)
    check(printed.startswith(b"%PDF") and len(printed) > 100_000, "the printed page is empty")
    say("on paper: white, unfolded, without controls")


def themes(page):
    for name in ["english", "french", "nothing"]:
        light = {}
        for theme in ["light", "dark"]:
            for size, device in [(DESK, "desk"), (PHONE, "phone")]:
                page.look(size, theme)
                page.open(name)
                picture = page.picture(f"{name}-{device}-{theme}")
                check(len(set(picture.get_flattened_data())) > 20, f"{name} {device} {theme} is blank")
                histogram = picture.histogram()
                light[theme] = sum(value * count for value, count in enumerate(histogram)) / sum(histogram)
                # Not innerWidth: a phone zooms out until all fits.
                wide = page.run("return document.documentElement.scrollWidth")
                check(wide <= size[0], f"{name} {device}: {wide} pixels wide")
        check(light["light"] > 180 and light["dark"] < 60, f"{name}: {light}")
    page.look()
    say("both themes, on a desk and on a phone, are drawn and fit")


def accessible(page, axe):
    script = Path(axe).read_text()
    looked_at = 0
    looks = [("english", "light", DESK), ("english", "dark", DESK), ("french", "dark", PHONE)]
    looks += [("nothing", "light", DESK), ("nothing", "dark", PHONE)]
    for name, theme, size in looks:
        page.look(size, theme)
        page.open(name)
        # What is folded is checked, too.
        page.run("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
        page.run(script)
        found = page.driver.execute_async_script(
            "const done = arguments[0]; axe.run().then(done, (error) => done({error: String(error)}))"
        )
        check("error" not in found, found.get("error"))
        told = [(of["id"], of["help"], [node["target"] for node in of["nodes"][:3]]) for of in found["violations"]]
        check(not told, f"{name} {theme} {size}: {told}")
        ran = {of["id"] for of in found["passes"]}
        check("color-contrast" in ran and "heading-order" in ran, f"{name}: axe checked only {ran}")
        looked_at += sum(len(of["nodes"]) for of in found["passes"])
    page.look()
    say(f"axe-core finds nothing to complain about in {looked_at} checks, contrast among them, in both themes")


def main():
    folder, axe = sys.argv[1:]
    page = Page(folder)
    page.driver.set_script_timeout(180)
    try:
        page.look()
        for test in [loads_nothing, loads_nothing_from_its_server, policy_is_in_force, each_filter, links_filter, folding, keyboard, without_script, paper, themes]:
            test(page)
        accessible(page, axe)
    finally:
        page.driver.quit()


if __name__ == "__main__":
    main()
