const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * 21 url-safe characters, 126 random bits. `crypto.randomUUID` is missing on plain HTTP in a company's network. None
 * begins with a dash, which command lines take for an option.
 */
export function newId(): string {
  for (;;) {
    const id = Array.from(crypto.getRandomValues(new Uint8Array(21)), (byte) => ALPHABET[byte & 63]).join('');
    if (!id.startsWith('-')) return id;
  }
}
