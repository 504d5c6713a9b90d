// One visit: what is pressed is kept on the phone first and then sent, so that the page goes on where there is no line.
// Without this script, or where the browser keeps nothing, its forms are sent as forms are.

import { over } from "./sending.js";
import { inWon, replay } from "./sums.js";
import { keep, keptOf } from "./unsent.js";
import { begin, look, onChange, send, user } from "./waiting.js";

const find = (id) => document.getElementById(id);
const root = find("visit");
const { url, list } = root.dataset;
const base = JSON.parse(find("visit-data").textContent);
const here = new Map(); // by id: deeds of this visit that this page has seen, as they were done
const KIND = { before: "고치기 전 사진", after: "고친 뒤 사진" };
let shownStage = base.stage;

function part(from, name, words) {
  const found = from.querySelector(`[data-part=${name}]`);
  if (found) found.textContent = words;
}

function row(line) {
  const made = find("line-row").content.cloneNode(true);
  part(made, "name", `${line.name} ${line.count}개`);
  part(made, "device", base.devices[line.device] ?? "");
  part(made, "won", inWon(line.won * line.count));
  part(made, "which", `: ${line.name}`);
  made.querySelector("[name=line]").value = line.id;
  return made;
}

function showSums(state) {
  const words = {
    total: inWon(state.total),
    city: inWon(state.city),
    own: inWon(state.own),
    "cap-words": state.own
      ? `지원 한도 ${inWon(state.cap)}을 ${inWon(state.own)} 넘음`
      : `${inWon(state.cap)} 중 ${inWon(state.left)} 남음`,
  };
  find("cap").classList.toggle("visit-over", state.own > 0);
  for (const each of root.querySelectorAll("[data-sum]")) {
    const name = each.dataset.sum;
    if (name === "meter") each.value = state.city;
    else if (name === "total-value") each.value = state.total;
    else if (name === "own-value") each.value = state.own;
    else each.textContent = words[name];
  }
}

function showPhotos(kinds) {
  root.querySelectorAll("#photo-list [data-mine]").forEach((each) => each.remove());
  for (const kind of kinds) {
    const item = Object.assign(document.createElement("li"), { textContent: KIND[kind] ?? "사진" });
    item.dataset.mine = "";
    find("photo-list").append(item);
  }
}

// On another part of the page one begins at its top.
function showStage(stage) {
  const name = stage === "done" || stage === "left" ? "ended" : stage;
  root.querySelectorAll("[data-when]").forEach((each) => {
    each.hidden = !each.dataset.when.split(" ").includes(name);
  });
  if (name === shownStage) return;
  const first = name === "repairing" ? find("diagnosis-title") : [...root.querySelectorAll("h1")].find((each) => each.checkVisibility());
  shownStage = name;
  if (!first) return;
  first.tabIndex = -1;
  first.focus();
  first.scrollIntoView({ block: "start" });
}

function show() {
  const state = replay(base, [...here.values()].sort((a, b) => a.n - b.n));
  find("line-rows").replaceChildren(...state.lines.map(row));
  find("no-lines").hidden = state.lines.length > 0;
  showSums(state);
  showPhotos(state.photos);
  find("over").hidden = !state.needsAgreement;
  find("finish").hidden = state.needsAgreement;
  find("declined").hidden = !(state.declined && state.own > 0);
  find("agreed").hidden = state.own === 0 || state.needsAgreement;
  if (base.stage === "selected" && state.stage !== "selected") {
    Object.assign(find("badge"), { className: "badge badge-good", textContent: "방문함" });
  }
  showStage(state.stage);
  return state;
}

onChange((kept, result) => {
  for (const deed of kept) {
    if (deed.url !== url) continue;
    if (deed.trouble) here.delete(deed.id);
    else here.set(deed.id, deed);
  }
  const { stage } = show();
  // All of this visit has arrived: of one that is over nobody stays on the screen.
  const waits = kept.some((each) => each.url === url && !each.trouble);
  if (result !== "sent" || waits || !over.has(url)) return;
  if (stage === "done") window.location.assign(`${url}done/`);
  else if (stage === "left") window.location.assign(list);
  else window.location.reload();
});

function bodyOf(form, submitter) {
  const given = new FormData(form);
  if (submitter?.name) given.set(submitter.name, submitter.value);
  const typed = [...given].filter(([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "id"].includes(name));
  return Object.fromEntries(typed);
}

function deedsOf(form, submitter) {
  const { deed } = form.dataset;
  const common = { user, url, deed, at: Date.now(), body: bodyOf(form, submitter) };
  if (deed === "add_line") common.label = `${base.prices[common.body.item]?.name} ${common.body.count}개`;
  const files = deed === "photos" ? [...form.querySelector("[type=file]").files] : null;
  if (!files) return [{ ...common, id: crypto.randomUUID() }];
  return files.map((file) => ({ ...common, id: crypto.randomUUID(), blob: file, name: file.name, label: file.name }));
}

// Ready for the next one, and not for a second tap.
function clear(form) {
  if (["add_line", "photos", "answer", "plan"].includes(form.dataset.deed)) form.reset();
}

async function submitted(event) {
  const form = event.target;
  if (!form.dataset.deed || form.dataset.plain) return;
  event.preventDefault();
  if (!form.reportValidity() || form.dataset.busy) return;
  form.dataset.busy = "yes";
  try {
    for (const deed of deedsOf(form, event.submitter)) await keep(deed);
  } catch {
    // Full, or not allowed: then the portal gets it as it would without this script.
    form.dataset.plain = "yes";
    form.requestSubmit(event.submitter);
    return;
  } finally {
    delete form.dataset.busy;
  }
  clear(form);
  await look(navigator.onLine ? "" : "lost");
  await send();
}

async function start() {
  if (!crypto.randomUUID) return;
  await keptOf(user); // a browser that keeps nothing sends its forms
  root.addEventListener("submit", submitted);
  await begin();
}

start().catch(() => null);
