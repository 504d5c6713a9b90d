// Deeds and photos that the portal does not have yet, kept in this browser (IndexedDB), so that a dead spot, a reload
// or an expired session loses nothing. A record: {n, id, user, url, deed, body, at, blob?, name?, trouble?}; `n` is the
// order in which they were done. Neither name nor address of the household is among them, but whoever confirmed.

const STORE = "deeds";
const KEPT_DAYS = 7;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("repair", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "n", autoIncrement: true });
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

// Returns the record with its number.
export async function keep(deed) {
  return { ...deed, n: await within("readwrite", (store) => store.add(deed)) };
}

export const forget = (n) => within("readwrite", (store) => store.delete(n));
export const refuse = (deed, trouble) => within("readwrite", (store) => store.put({ ...deed, trouble }));

// Those of this user, in order. A phone may be lent: nobody is offered, or sends, another's.
export async function keptOf(user) {
  const all = await within("readonly", (store) => store.getAll());
  const old = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
  await Promise.all(all.filter((each) => each.at < old).map((each) => forget(each.n)));
  return all.filter((each) => each.user === user && each.at >= old);
}

export async function forgetAllOf(user) {
  const all = await keptOf(user);
  await Promise.all(all.map((each) => forget(each.n)));
}
