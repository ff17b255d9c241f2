"""Reports of `train` and `evaluate` in headless Chromium: no script error, nothing asked of a network, charts drawn, slider
and keys at work, nothing wider than a phone. Arguments: the program. Exit 77 (skipped) where there is no Chromium.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import chromium

HOSTILE = "<script>document.title='run'<!--\"'&.safetensors"


def run(*words):
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)


def reports(program, folder):
    """A report of each verb, of a small run, whose paths would be a script if they were not escaped."""
    data = folder / "data"
    run(program, "synth", "--output", data, "--kind", "cells", "--size", 200, "--slices", 6, "--quiet")
    images, labels, model = data / "images.tif", data / "labels.tif", folder / HOSTILE
    run(program, "train", "--images", images, "--labels", labels, "--model", model, "--width", 4, "--depth", 2, "--tile", 124,
        "--steps", 40, "--validation", 0.34, "--quiet")
    classes = folder / "<img src=x onerror=alert(1)>.tif"
    run(program, "segment", "--model", model, "--input", images, "--output", classes, "--quiet")
    run(program, "evaluate", "--prediction", classes, "--truth", labels, "--images", images, "--report",
        folder / "evaluation.html")
    return [folder / (model.stem + ".report.html"), folder / "evaluation.html"]


def check(holds, words):
    if not holds:
        sys.exit(f"chromium_test: {words}")


def check_that_requests_and_errors_are_seen(page, folder):
    """Else a report that asks or fails would pass."""
    bad = folder / "bad.html"
    bad.write_text("<body><img src='http://unetflow.invalid/x.png'><script>nothing.there()</script>")
    page.open(bad.as_uri())
    check(any("unetflow.invalid" in url for url in page.requests), f"a request is not seen: {page.requests}")
    check(any("nothing is not defined" in fault for fault in page.faults), f"an error is not seen: {page.faults}")


def check_page(page, report):
    url = report.as_uri()
    page.look_like()
    page.open(url)
    outside = [asked for asked in page.requests if asked != url and not asked.startswith("data:")]
    check(not outside, f"{report.name} asks for {outside}")
    check(not page.faults, f"{report.name}: {page.faults}")
    check("run" != page.value("document.title"), f"{report.name}: a path became a script")
    check(page.value("document.scripts.length") == 1 and page.value("document.querySelectorAll('[onerror]').length") == 0,
          f"{report.name}: a path became markup")
    check(page.value("document.documentElement.classList.contains('scripted')"), f"{report.name}: its script did not run")


def check_charts(page, report, least):
    drawn = page.value("""[...document.querySelectorAll('.plot')].map(plot => {
        const lines = [...plot.querySelectorAll('path.line')];
        const seen = lines.every(line => line.getTotalLength() > 100 && line.getBoundingClientRect().width > 50
            && getComputedStyle(line).stroke !== 'none');
        return lines.length > 0 && seen && plot.querySelectorAll('.tick').length > 4;
    })""")
    check(len(drawn) >= least and all(drawn), f"{report.name}: charts drawn: {drawn}")
    x, y = page.value("""(plot => { plot.scrollIntoView({block: 'center'}); const box = plot.getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2]; })(document.querySelector('.plot'))""")
    page.move(x, y)
    told = page.value("document.querySelector('.readout:not([hidden])')?.textContent ?? ''")
    check(any(character.isdigit() for character in told), f"{report.name}: the pointer over a chart tells {told!r}")


def check_pictures(page, report, least):
    check(page.value("[...document.images].every(image => image.complete && image.naturalWidth > 0)"),
          f"{report.name}: a picture is broken")
    shown = "[...document.querySelectorAll('.slice')].map(slice => slice.getBoundingClientRect().height > 0)"
    count = len(page.value(shown))
    check(count >= least, f"{report.name}: {count} slices")
    page.value("document.querySelector('.controls input').focus()")
    page.press("ArrowRight")
    check(page.value(shown) == [i == 1 for i in range(count)], f"{report.name}: the key of the slider: {page.value(shown)}")
    page.press("Home")
    page.value("document.querySelector('.controls button:last-of-type').click()")
    check(page.value(shown) == [i == 1 for i in range(count)], f"{report.name}: the slider's button: {page.value(shown)}")
    page.look_like(media="print")
    check(all(page.value(shown)), f"{report.name}: a slice is not printed")
    check(page.value("getComputedStyle(document.querySelector('.controls')).display") == "none",
          f"{report.name}: the slider is printed")


def check_looks(page, report):
    page.look_like(chromium.PHONE)
    check(page.value("document.documentElement.scrollWidth") <= chromium.PHONE[0], f"{report.name}: wider than a phone")
    background = "getComputedStyle(document.body).backgroundColor"
    page.look_like(dark=False)
    light = page.value(background)
    page.look_like(dark=True)
    check(light != page.value(background), f"{report.name}: dark looks like light, {light}")


def main(program):
    if not chromium.program():
        print("skipped: chromium is missing; tools/test.sh --full installs it")
        sys.exit(1 if os.environ.get("UNETFLOW_REQUIRE_CHROMIUM") else 77)
    with tempfile.TemporaryDirectory(prefix="unetflow-report-") as name, chromium.Chromium() as page:
        folder = pathlib.Path(name)
        check_that_requests_and_errors_are_seen(page, folder)
        for report, charts, slices in zip(reports(program, folder), (5, 3), (2, 6)):
            check(report.stat().st_size < 10_000_000, f"{report.name}: {report.stat().st_size} bytes")
            check_page(page, report)
            check_charts(page, report, charts)
            check_pictures(page, report, slices)
            check_looks(page, report)
    print("chromium: reports of train and evaluate are drawn, ask for nothing and run without an error")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
