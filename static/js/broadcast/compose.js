// The page on which a broadcast is made: record, keep, upload, look at it once more.

import { canRecord, Microphone, whyNot } from "./microphone.js";
import { sendOnce } from "./once.js";
import { forget, keep, unsentOf } from "./unsent.js";
import "./typed.js";
import { offer } from "./unsent_list.js";
import { upload } from "./upload.js";
import "./where.js";

const SPEAK = "녹음하고 있습니다. 다 말씀하시면 ‘끝’을 눌러 주세요.";
const SILENT = 0.12; // of the level meter: below it nobody speaks
const SILENT_AFTER_MS = 3000;
const find = (id) => document.getElementById(id);
const form = find("compose");
const button = find("record");
const label = find("record-label");
const most = Number(form.dataset.mostSeconds);

let state = "ready"; // ready, opening, recording, sending
let microphone;
let current; // the recording at hand, as unsent.js keeps it
let clock;

function say(words) {
  if (find("recorder-says").textContent !== words) find("recorder-says").textContent = words;
}

function become(next) {
  state = next;
  button.dataset.state = next;
  label.textContent = { ready: "녹음", opening: "여는 중", recording: "끝", sending: "올리는 중" }[next];
  // Not disabled, which would lose the focus; a tap does nothing until it is done.
  button.setAttribute("aria-disabled", String(next === "opening" || next === "sending"));
  find("level").hidden = next !== "recording";
  find("uploading").hidden = next !== "sending";
}

function choose({ signIn = false, again = false } = {}) {
  find("sign-in-again").hidden = !signIn;
  find("try-again").hidden = !again;
  find("recorder-does").hidden = !signIn && !again;
}

function inWords(seconds) {
  const minutes = Math.floor(seconds / 60);
  return (minutes ? `${minutes}분 ` : "") + `${Math.floor(seconds % 60)}초`;
}

const typed = () =>
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");

function watch(started) {
  let heard = Date.now();
  let warned = false;
  clock = setInterval(() => {
    const level = microphone.level();
    const left = Math.max(0, most - (Date.now() - started) / 1000);
    find("meter").value = level;
    find("time-left").textContent = inWords(Math.ceil(left));
    current.seconds = (Date.now() - started) / 1000;
    if (level > SILENT) heard = Date.now();
    if (Date.now() - heard > SILENT_AFTER_MS) {
      say("소리가 들리지 않습니다. 휴대전화를 입 가까이 대고 말씀해 주세요.");
    } else if (left <= 30 && !warned) {
      warned = true;
      say("30초 남았습니다.");
    } else if (!warned) {
      say(SPEAK);
    }
    if (left === 0) finish();
  }, 100);
}

async function record() {
  become("opening");
  choose();
  say("마이크를 여는 중입니다.");
  current = { key: crypto.randomUUID(), user: form.dataset.user, seconds: 0, at: Date.now(), fields: typed() };
  const mine = current;
  microphone = new Microphone({
    onPiece: (blob) => keep(Object.assign(mine, { blob })).catch(() => null),
  });
  microphone.onCut = finish;
  try {
    await microphone.start();
  } catch (error) {
    become("ready");
    say(whyNot(error));
    return;
  }
  become("recording");
  say(SPEAK);
  find("recorder").scrollIntoView({ block: "nearest" });
  watch(Date.now());
}

async function finish() {
  if (state !== "recording") return;
  become("sending");
  clearInterval(clock);
  current.blob = await microphone.stop();
  current.fields = typed();
  await keep(current).catch(() => null); // a browser without storage still sends
  await send(current);
}

async function send(recording) {
  current = recording;
  become("sending");
  choose();
  say("녹음을 올리고 있습니다. 잠시만 기다려 주세요.");
  const answer = await upload(recording, form);
  if (answer.review) {
    await forget(recording.key).catch(() => null);
    say("다 올렸습니다. 확인 화면으로 갑니다.");
    window.location.assign(answer.review);
    return;
  }
  if (answer.badSound) await forget(recording.key).catch(() => null);
  become("ready");
  say(answer.error);
  choose({ signIn: answer.signedOut, again: !answer.signedOut && !answer.badSound });
}

// A recording that was kept goes with the villages and the category of now, which its owner sees on the page.
const sendKept = (kept) => send({ ...kept, fields: typed() });

// A file that the portal would refuse is said before it is sent for nothing.
const tooLarge = Object.assign(document.createElement("p"), { className: "field-error", role: "alert" });
find("id_sound").addEventListener("change", ({ target }) => {
  const most = Number(form.dataset.mostBytes);
  if (!target.files[0] || target.files[0].size <= most) {
    tooLarge.remove();
    return;
  }
  tooLarge.textContent = `파일이 너무 큽니다. ${Math.floor(most / 1024 ** 2)}MB보다 작은 파일을 골라 주세요.`;
  target.after(tooLarge);
  target.value = "";
});
button.addEventListener("click", () => {
  if (state === "ready") record();
  else if (state === "recording") finish();
});
find("try-again").addEventListener("click", () => state === "ready" && sendKept(current));
find("sign-in-again").href = form.dataset.signIn;
window.addEventListener("beforeunload", (event) => {
  if (state === "recording") event.preventDefault();
});
sendOnce(form);
become("ready");
if (canRecord()) {
  find("recorder").hidden = false;
} else {
  document.querySelector(".write").open = true;
}
unsentOf(form.dataset.user)
  .then((kept) => offer(kept, { send: sendKept, busy: () => state !== "ready" }))
  .catch(() => null);
