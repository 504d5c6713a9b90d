"""docs/screenshot.png, made anew: a clerk watches a broadcast arrive, and a chief's phone beside it.

make screenshot
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.city import City
from tests.trips.whole_city.conftest import CHROMIUM, FLAGS, as_chief, as_staff

TARGET = Path(__file__).parent.parent / "docs" / "screenshot.png"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="jinju-screen-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        city = City(Path(folder))
        city.start()
        try:
            with sync_playwright() as playwright:
                take(playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS), city)
        finally:
            city.stop()


def take(browser: Browser, city: City) -> None:
    city.control("behaviour", {"seed": "2", "latency": 0.3, "latency_p99": 3, "hang": 0.08, "play_speed": 1})
    clerk = browser.new_context(base_url=city.url, viewport={"width": 1180, "height": 860}).new_page()
    as_staff(clerk, "demo-munsan")
    clerk.goto("/broadcast/new/")
    clerk.get_by_label("방송할 글").fill(
        "문산읍에서 알려 드립니다. 내일 오전 9시부터 독감 예방접종을 합니다."
    )
    clerk.get_by_role("button", name="다음: 확인하기").click()
    clerk.get_by_role("button", name="보내기", exact=True).click()
    clerk.wait_for_timeout(9000)
    chief = browser.new_context(base_url=city.url, viewport={"width": 390, "height": 860}).new_page()
    as_chief(chief, "010-0000-0004")
    frame = browser.new_context(viewport={"width": 1180 + 390 + 30, "height": 880}).new_page()
    pictures = [p.screenshot() for p in (clerk, chief)]
    frame.set_content(
        "<style>body{margin:10px;display:flex;gap:10px;background:#e6e8ea}img{border-radius:8px}</style>"
        "<img id=a><img id=b>"
    )
    for name, picture in zip("ab", pictures, strict=True):
        frame.evaluate(
            "([id, data]) => { document.getElementById(id).src = URL.createObjectURL("
            "new Blob([new Uint8Array(data)], {type: 'image/png'})) }",
            [name, list(picture)],
        )
    frame.wait_for_function("[...document.images].every(i => i.complete && i.naturalWidth)")
    frame.screenshot(path=TARGET)
    print(TARGET)


if __name__ == "__main__":
    main()
