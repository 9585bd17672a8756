const TITLE_LENGTH = 200;
/** From this many letters on a word in capitals is a shouted word, below an abbreviation. */
const SHOUTED_LETTERS = 5;

/**
 * A title a person would give: "planetary-gearbox.step" becomes "Planetary gearbox". Part numbers keep their hyphens
 * and capitals: "BRK-2041_rev3.stp" becomes "BRK-2041 rev3".
 */
export function titleOfFile(name: string): string {
  const words = name
    .replace(/\.\w+$/, '')
    .replaceAll(/_|%20/g, ' ')
    .replaceAll(/(?<=\p{L})-+(?=\p{L})/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, TITLE_LENGTH);
  const isShouted = words === words.toUpperCase() && new RegExp(`\\p{Lu}{${SHOUTED_LETTERS},}`, 'u').test(words);
  const calm = isShouted && !/\d/.test(words) ? words.toLowerCase() : words;
  const [first = ''] = calm.split(' ');
  // A first word with capitals inside, such as "iPump", is a name already.
  return first === first.toLowerCase() ? calm.charAt(0).toUpperCase() + calm.slice(1) : calm;
}
