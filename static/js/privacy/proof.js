// Checks the proof of one entry, by itself: the same as check_proof() in privacy/verify_ledger.py. Asks no server.
// verify(proof, keys) → {code, ...}: "good", "hashes" (good, but this browser cannot check signatures), "format",
// "record", "tree", "signature".
const FORMAT = "jinju-ledger-proof/1";
const ITEM = "jinju-ledger-item/v1\n";
const COMMITMENT = "jinju-ledger-commitment/v1\n";
const LEAF = "jinju-ledger-leaf/v1\n";
const NOTE =
  /^([^\n +]+)\n(0|[1-9][0-9]{0,14})\n([A-Za-z0-9+/]{43}=)\ntime ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n\n((?:— [^\n ]+ [A-Za-z0-9+/=]+\n)+)$/;
const MOMENT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$/;
const HASH = /^[0-9a-f]{64}$/;
const utf8 = new TextEncoder();

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

function joined(...parts) {
  const bytes = parts.map((part) => (typeof part === "string" ? utf8.encode(part) : part));
  const whole = new Uint8Array(bytes.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of bytes) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
const node = (left, right) => sha256(Uint8Array.of(1), left, right);

// RFC 9162, 2.1.3.2. Halves instead of shifts: places may be larger than 32 bits.
async function rootBy(leaf, place, size, path) {
  let [here, last, result] = [place, size - 1, leaf];
  const up = () => {
    here = Math.floor(here / 2);
    last = Math.floor(last / 2);
  };
  for (const part of path) {
    if (last === 0) return null;
    if (here % 2 === 1 || here === last) {
      result = await node(part, result);
      while (here % 2 === 0 && here > 0) up();
    } else {
      result = await node(result, part);
    }
    up();
  }
  return last === 0 ? result : null;
}

const isText = (value) => typeof value === "string";
const isNumber = (value) => Number.isSafeInteger(value) && value >= 0;

// ["name",value] in the one spelling that there is.
function parsed(item) {
  const parts = JSON.parse(item);
  return Array.isArray(parts) && parts.length === 2 && isText(parts[0]) && JSON.stringify(parts) === item ? parts : null;
}

// What it says; null if it is no proof.
function read(proof) {
  const { kind, at, digests, items, position, proof: path, checkpoint } = proof;
  if (![digests, items, path].every(Array.isArray)) return null;
  const hashes = [...digests, ...path, ...items.map((item) => item.salt)];
  if (proof.format !== FORMAT || !isText(kind) || !/^[a-z_.]{1,40}$/.test(kind)) return null;
  if (!isText(at) || !MOMENT.test(at) || !isText(checkpoint) || path.length > 64) return null;
  if (!hashes.every((hash) => isText(hash) && HASH.test(hash))) return null;
  if (![position, ...items.map((item) => item.n)].every(isNumber)) return null;
  const record = items.map((item) => isText(item.item) && parsed(item.item));
  const note = NOTE.exec(checkpoint);
  if (!note || !record.every(Boolean)) return null;
  const root = fromBase64(note[3]);
  if (toBase64(root) !== note[3] || !isDate(note[4])) return null;
  const text = checkpoint.slice(0, checkpoint.indexOf("\n\n") + 1);
  return { record, text, origin: note[1], size: Number(note[2]), root, signedAt: note[4], signatures: note[5] };
}

// The 30th of February is none.
const isDate = (text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text.replace("Z", ".000Z");

// Whether one of the keys signed it; null if this browser knows no Ed25519.
async function signed(note, keys) {
  for (const line of note.signatures.trimEnd().split("\n")) {
    const [, name, data] = /^— ([^ ]+) ([^ ]+)$/.exec(line);
    for (const key of keys) {
      const [owner, keyHash, rest] = parted(key);
      if (!rest || name !== note.origin || owner !== note.origin) continue;
      let raw, signature;
      try {
        [raw, signature] = [fromBase64(rest), fromBase64(data)];
      } catch {
        continue;
      }
      if (raw[0] !== 1 || hexOf((await sha256(`${owner}\n`, raw)).slice(0, 4)) !== keyHash) continue;
      if (hexOf(signature.slice(0, 4)) !== keyHash || toBase64(signature) !== data) continue;
      let made;
      try {
        made = await crypto.subtle.importKey("raw", raw.slice(1), { name: "Ed25519" }, false, ["verify"]);
      } catch (error) {
        if (error.name === "NotSupportedError") return null;
        continue;
      }
      if (await crypto.subtle.verify("Ed25519", made, signature.slice(4), utf8.encode(note.text))) return true;
    }
  }
  return false;
}

// name+hash+base64, in which the base64 may have more plus signs.
function parted(key) {
  const [name, hash, ...rest] = key.split("+");
  return [name, hash, rest.join("+")];
}

export async function verify(proof, keys) {
  let note;
  try {
    note = read(proof);
  } catch {
    note = null;
  }
  if (!note) return { code: "format" };
  const { record, size, signedAt } = note;
  const said = { record, size, signedAt, place: proof.position };
  for (const { n, salt, item } of proof.items) {
    if (hexOf(await sha256(ITEM, bytesOf(salt), item)) !== proof.digests[n]) return { code: "record", ...said };
  }
  if (record.some(([name, value]) => name === "at" && value !== proof.at)) {
    return { code: "record", ...said };
  }
  const sealed = hexOf(await sha256(COMMITMENT, proof.kind, "\n", ...proof.digests.map(bytesOf)));
  const leaf = await sha256(Uint8Array.of(0), LEAF, `${proof.kind}\n${proof.at}\n${sealed}\n`);
  const root = proof.position < size ? await rootBy(leaf, proof.position, size, proof.proof.map(bytesOf)) : null;
  if (!root || hexOf(root) !== hexOf(note.root)) return { code: "tree", ...said };
  const good = await signed(note, keys);
  if (good === false) return { code: "signature", ...said };
  return { code: good ? "good" : "hashes", ...said };
}
