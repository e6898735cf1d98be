/** Which rings this browser has sounded: several tabs show a call, one of them sounds it. */

const KEY = "quenotte.rings";
const KEPT = 40;

export function known(store: Storage): string[] {
  try {
    const read: unknown = JSON.parse(store.getItem(KEY) ?? "[]");
    return Array.isArray(read) ? read.map(String) : [];
  } catch {
    return [];
  }
}

/** Note rings as sounded; return those that were not yet. */
export function claim(store: Storage, rings: string[]): string[] {
  const before = known(store);
  const fresh = rings.filter((ring) => !before.includes(ring));
  if (fresh.length > 0) store.setItem(KEY, JSON.stringify([...before, ...fresh].slice(-KEPT)));
  return fresh;
}

/** Claim one tab at a time, where the browser can make tabs wait for each other. */
export async function claimAlone(store: Storage, rings: string[]): Promise<string[]> {
  if (!navigator.locks) return claim(store, rings);
  return navigator.locks.request("quenotte-rings", () => claim(store, rings));
}
