// The page on which somebody checks a proof: takes the file, shows in words what came out.
import { verify } from "./proof.js";

const page = document.querySelector("[data-check]");
const keys = page.dataset.keys.trim().split(" ");
const drop = page.querySelector("[data-drop]");
const input = drop.querySelector("input");
const result = page.querySelector("[data-result]");

const WORDS = {
  good: ["success", "맞습니다. 이 기록은 장부에 있는 그대로이고, 고쳐지지 않았습니다."],
  hashes: ["success", "계산이 맞습니다. 다만 이 브라우저는 서명을 확인하지 못합니다. 서명까지 보시려면 새 브라우저에서 다시 해 주세요."],
  record: ["error", "맞지 않습니다. 기록의 내용이 바뀌었습니다. 장부에 봉인된 것과 다릅니다."],
  tree: ["error", "맞지 않습니다. 이 기록은 서명한 장부에 들어 있지 않습니다."],
  signature: ["error", "맞지 않습니다. 서명이 시청의 것이 아닙니다."],
  format: ["error", "증명 파일이 아니거나 망가졌습니다. 받으신 파일을 그대로 골라 주세요."],
};
const NAMES = {
  at: "언제",
  identifier: "누가",
  address: "어디에서",
  subject: "누구의 정보를",
  action: "무엇을",
  detail: "내용과 까닭",
  result: "결과",
};
const DEEDS = {
  sign_in: "로그인", sign_out: "로그아웃", view: "조회", create: "등록", change: "수정", delete: "파기",
  download: "내려받기", print: "출력", grant: "권한 부여", revoke: "권한 회수", done: "성공", refused: "거절",
};

const when = (text) => new Date(text).toLocaleString("ko-KR", { timeZone: "Asia/Seoul" });

function element(name, text, classes = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (classes) made.className = classes;
  return made;
}

function spoken(name, value) {
  if (name === "at") return when(value);
  return DEEDS[value] ?? String(value ?? "");
}

// The items by name, in the order of NAMES; several people in one line.
function facts(record) {
  const list = element("dl", "", "facts");
  for (const [name, label] of Object.entries(NAMES)) {
    const values = record.filter((item) => item[0] === name).map((item) => spoken(name, item[1]));
    if (!values.some(Boolean)) continue;
    const row = document.createElement("div");
    row.append(element("dt", label), element("dd", values.join(", ")));
    list.append(row);
  }
  return list;
}

function show({ code, record, size, signedAt, place }) {
  const [level, words] = WORDS[code];
  const alert = element("div", "", `alert alert-${level}`);
  alert.append(element("p", words));
  const parts = [alert];
  if (code === "good" || code === "hashes") {
    const [all, here] = [size, place + 1].map((number) => number.toLocaleString("ko"));
    parts.push(element("p", `${when(signedAt)}에 서명한 장부의 ${all}건 가운데 ${here}번째입니다.`));
  }
  if (record) parts.push(facts(record));
  result.replaceChildren(...parts);
}

async function check(file) {
  result.replaceChildren(element("p", "계산하고 있습니다."));
  let proof;
  try {
    proof = JSON.parse(await file.text());
  } catch {
    return show({ code: "format" });
  }
  return show(await verify(proof, keys));
}

drop.hidden = false;
// So that the same file can be chosen again.
input.addEventListener("click", () => (input.value = ""));
input.addEventListener("change", () => input.files[0] && check(input.files[0]));
for (const name of ["dragover", "drop"]) page.addEventListener(name, (event) => event.preventDefault());
page.addEventListener("drop", (event) => event.dataTransfer.files[0] && check(event.dataTransfer.files[0]));
