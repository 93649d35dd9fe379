/** How a person without a picture looks: a colour from the id, so that it is the same for everybody, and initials. */
const HUES = [12, 40, 75, 120, 155, 185, 215, 245, 275, 305, 330, 350];

export function personHue(id: string): number {
  let hash = 0;
  for (const char of id) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return HUES[hash % HUES.length]!;
}

/** Dark enough for white letters (7:1 and more), and calm: faces without a picture should not shout. */
export const personColours = (id: string) => ({
  backgroundColor: `oklch(0.43 0.075 ${personHue(id)})`,
  color: `oklch(0.97 0.02 ${personHue(id)})`,
});

const HAN = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;

export function initials(name: string): string {
  const clean = name.trim();
  if (HAN.test(clean))
    return [...clean]
      .filter((char) => HAN.test(char))
      .slice(-2)
      .join('');
  const words = clean.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = (word: string | undefined) =>
    [...(word ?? '')].find((char) => /[\p{L}\p{N}]/u.test(char)) ?? '';
  const letters = first(words[0]) + (words.length > 1 ? first(words.at(-1)) : '');
  return (letters || [...clean][0] || '?').toLocaleUpperCase();
}
