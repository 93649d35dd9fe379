const GUARD = 'parley.reloaded';

/** Loads the page anew to get the client that fits the server; once per tab, so that it never becomes a loop. */
export function reloadOnce(): boolean {
  try {
    if (sessionStorage.getItem(GUARD) !== null) return false;
    sessionStorage.setItem(GUARD, String(Date.now()));
  } catch {
    // Without a memory there is no telling whether this is the second time.
    return false;
  }
  location.reload();
  return true;
}

/** Client and server understand each other: the next mismatch may reload again. */
export function forgetReload(): void {
  try {
    sessionStorage.removeItem(GUARD);
  } catch {
    // Nothing was remembered.
  }
}
