// "아직 보내지 못한 일 3건": tells what waits on this phone, sends it when it can, shows what was refused.

import { sendAll } from "./sending.js";
import { forget, forgetAllOf, keptOf } from "./unsent.js";

const EVERY_MS = 15_000;
const SEEN_MS = 6000; // how long "모두 보냈습니다" stands
const NAMES = {
  plan: "방문 약속",
  give_back: "방문 내놓기",
  arrive: "방문함",
  diagnose: "진단",
  add_line: "수리 내역 더하기",
  remove_line: "수리 내역 빼기",
  photos: "사진",
  ask: "가구에 여쭙기",
  answer: "가구의 답",
  break_off: "마치지 못함",
  finish: "마침",
};
const LEAVING =
  "아직 보내지 못한 일이 있습니다. 로그아웃하면 이 전화에서 지워집니다. 연결되는 곳에서 보낸 뒤에 로그아웃해 주세요.\n\n그래도 지우고 로그아웃할까요?";
const find = (id) => document.getElementById(id);
const place = find("unsent");
export const user = place.dataset.user;

let waiting = 0;
let refusedBefore = 0;
let fading;
let busy = null;
let again = false;
const listeners = [];

// `hear(kept, result)`: whenever something was kept or sent.
export const onChange = (hear) => listeners.push(hear);

function say(words, level = "") {
  const says = find("unsent-says");
  clearTimeout(fading);
  if (level === "success") fading = setTimeout(() => say(""), SEEN_MS);
  if (says.textContent !== words) says.textContent = words;
  says.className = level && words ? `alert alert-${level}` : "";
}

function element(name, attributes, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

function when(at) {
  return new Intl.DateTimeFormat("ko", { month: "long", day: "numeric", hour: "numeric", minute: "numeric" }).format(at);
}

// What was typed is shown again, so that it can be put right.
function typedIn(deed) {
  return deed.body?.words ?? deed.body?.name ?? deed.label ?? "";
}

function showRefused(refused) {
  find("refused").hidden = refused.length === 0;
  const more = refused.length > refusedBefore;
  refusedBefore = refused.length;
  find("refused-list").replaceChildren(
    ...refused.map((deed) => {
      const item = element("li", {});
      const name = NAMES[deed.deed] ?? deed.deed;
      const seen = element("button", { type: "button", className: "krds-btn medium tertiary" }, "확인했습니다");
      seen.append(element("span", { className: "sr-only" }, `: ${name}`));
      seen.addEventListener("click", async () => {
        await forget(deed.n);
        await look();
        (find("refused").hidden ? document.querySelector("main") : find("refused")).focus();
      });
      const typed = typedIn(deed);
      item.append(element("p", {}, element("strong", {}, name), ` (${when(deed.at)})`));
      if (typed) item.append(element("p", {}, `적으신 것: ${typed}`));
      item.append(element("p", {}, deed.trouble), element("p", { className: "buttons" }, seen));
      return item;
    }),
  );
  if (more) find("refused").focus();
}

// Reads anew what is kept; `result` of the last sending.
export async function look(result = "") {
  const kept = await keptOf(user);
  const left = kept.filter((each) => !each.trouble);
  const sentSome = waiting > 0 && left.length === 0;
  waiting = left.length;
  find("sign-in-again").parentElement.hidden = result !== "signedOut" || waiting === 0;
  const refused = kept.filter((each) => each.trouble);
  if (sentSome) say(refused.length === 0 ? "모두 보냈습니다." : "", "success");
  else if (waiting > 0 && result === "signedOut") say(`아직 보내지 못한 일 ${waiting}건이 이 전화에 있습니다. 다시 로그인해 주세요.`, "warning");
  else if (waiting > 0 && result === "lost") say(`아직 보내지 못한 일 ${waiting}건 – 연결되면 저절로 보냅니다.`, "warning");
  showRefused(refused);
  listeners.forEach((hear) => hear(kept, result));
}

async function run() {
  let result;
  do {
    again = false;
    result = await sendAll(user).catch(() => "lost");
  } while (again && result === "sent");
  return result;
}

// One at a time; what is kept meanwhile goes along.
export async function send() {
  again = true;
  if (busy) return busy;
  busy = run();
  const result = await busy;
  busy = null;
  await look(result);
  return result;
}

// The phone forgets with its user; what would be lost is said first.
function onSignOut(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (waiting > 0 && !window.confirm(LEAVING)) return;
    await forgetAllOf(user).catch(() => null);
    form.submit();
  });
}

export async function begin() {
  find("sign-in-again").href = place.dataset.signIn;
  document.querySelectorAll("form[action$='/logout/']").forEach(onSignOut);
  await look(navigator.onLine ? "" : "lost");
  window.addEventListener("online", send);
  setInterval(() => waiting > 0 && send(), EVERY_MS);
  if (waiting > 0) await send();
}
