// Recordings that were not sent yet, kept in this browser (IndexedDB), so that an expired session, a lost network,
// a reload or a crash loses nothing. A record: {key, user, blob, seconds, fields: [[name, value]], at}.

const STORE = "recordings";
const KEPT_DAYS = 7;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("broadcast", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(mode, ask) {
  const base = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
}

export const keep = (recording) => within("readwrite", (store) => store.put(recording));
export const forget = (key) => within("readwrite", (store) => store.delete(key));

// Those of this user, newest first. An office PC is shared: nobody is offered another's voice.
export async function unsentOf(user) {
  const all = await within("readonly", (store) => store.getAll());
  const old = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
  await Promise.all(all.filter((each) => each.at < old).map((each) => forget(each.key)));
  return all.filter((each) => each.user === user && each.at >= old).sort((a, b) => b.at - a.at);
}
