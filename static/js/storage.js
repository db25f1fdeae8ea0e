/**
 * What a tab remembers through a reload. A browser that refuses to keep anything remembers nothing, and works.
 *
 * @param {string} key
 */
export function recalled(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string | null} text null: nothing any more
 */
export function remember(key, text) {
  try {
    if (text === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // It lasts as long as the page, then.
  }
}
