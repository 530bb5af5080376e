/** Letters that the fonts of every PDF reader have. The carrier has the address as it was written; the label is for the eye. */

/** Letters that no accent can be taken from. */
const ALONE: Readonly<Record<string, string>> = { đ: "d", Đ: "D", ł: "l", Ł: "L", ı: "i", œ: "oe", Œ: "OE" };

/** Without what those fonts cannot show: accents that they lack are taken off, other scripts become question marks. */
export const latin = (text: string): string =>
  Array.from(text.normalize("NFC"), (letter) => (isKnown(letter) ? letter : plain(letter))).join("");

const isKnown = (letter: string): boolean => /^[\x20-\x7e\xa0-\xff]$/.test(letter);

const plain = (letter: string): string => {
  const alone = ALONE[letter];
  if (alone !== undefined) return alone;
  const bare = letter.normalize("NFD").replaceAll(/[\u0300-\u036f]/g, "");
  return Array.from(bare, (one) => (isKnown(one) ? one : "?")).join("");
};
