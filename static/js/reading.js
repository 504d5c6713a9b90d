// Larger letters and high contrast at once, so that nothing typed is lost. Without this script the form does it.
const root = document.documentElement;

document.querySelector(".reading form")?.addEventListener("submit", async (event) => {
  const { name, value } = event.submitter;
  event.preventDefault();
  root.dataset[name] = value;
  if (name === "contrast") {
    const high = value === "high";
    if (high) root.dataset.krdsMode = "high-contrast";
    else delete root.dataset.krdsMode;
    event.submitter.setAttribute("aria-pressed", String(high));
    event.submitter.value = high ? "normal" : "high";
  } else {
    for (const button of event.target.querySelectorAll(`[name=${name}]`)) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
  }
  const kept = new FormData(event.target);
  kept.set(name, value);
  await fetch(event.target.action, { method: "POST", body: new URLSearchParams(kept), redirect: "manual" });
});
