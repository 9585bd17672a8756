/** The badge as SVG, 512 x 512: a milled ring, the levels reached as marks, the title. Baked with the certificate. */
export interface BadgeFacts {
  readonly title: string;
  readonly recipient: string;
  readonly issuer: string;
  /** ISO date, `2026-11-21`. */
  readonly date: string;
}

const TEETH = 24;
/** Characters of the title that fit on one line. */
const LINE = 20;

export function badgeSvg({ title, recipient, issuer, date }: BadgeFacts): string {
  const lines = wrapped(title).map(
    (line, index, all) =>
      `<text x="256" y="${292 + (index - (all.length - 1) / 2) * 38}" class="t">${escaped(line)}</text>`,
  );
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512" role="img">',
    `<title>${escaped(`${title} – ${recipient}`)}</title>`,
    '<style>text{font-family:Inter,"Noto Sans SC",system-ui,sans-serif;text-anchor:middle}',
    '.t{font-size:32px;font-weight:650;fill:#1d2329}.s{font-size:21px;fill:#4a535c}</style>',
    `<path d="${gear(256, 256, 236, 252)}" fill="#2b3239"/>`,
    '<circle cx="256" cy="256" r="214" fill="#f7f8f9"/>',
    '<circle cx="256" cy="256" r="200" fill="none" stroke="#e8590c" stroke-width="4"/>',
    '<path d="M208 152l34 34 64-70" fill="none" stroke="#e8590c" stroke-width="20" stroke-linecap="round" stroke-linejoin="round"/>',
    ...lines,
    `<text x="256" y="368" class="s">${escaped(short(recipient))}</text>`,
    `<text x="256" y="400" class="s">${escaped(short(issuer))} · ${escaped(date)}</text>`,
    '</svg>',
  ].join('');
}

/** Outline of a gear with flat teeth. */
function gear(x: number, y: number, inner: number, outer: number): string {
  const points: string[] = [];
  for (let tooth = 0; tooth < TEETH; tooth++)
    for (const [part, radius] of [
      [0, inner],
      [0.22, outer],
      [0.55, outer],
      [0.77, inner],
    ] as const) {
      const angleRad = ((tooth + part) / TEETH) * 2 * Math.PI;
      points.push(`${(x + radius * Math.cos(angleRad)).toFixed(1)} ${(y + radius * Math.sin(angleRad)).toFixed(1)}`);
    }
  return `M${points.join('L')}Z`;
}

/** At most three lines; a Chinese character takes the room of two. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\s)|(?<=[\u2e80-\uffff])/)) {
    if (line && widthOf(line + word.trimEnd()) > LINE) {
      lines.push(line.trim());
      line = '';
    }
    line += word;
  }
  lines.push(line.trim());
  return lines.length <= 3 ? lines : [...lines.slice(0, 2), `${lines[2]!.slice(0, LINE - 1)}…`];
}

const widthOf = (text: string): number => [...text].reduce((sum, char) => sum + (char > '\u2e80' ? 2 : 1), 0);
const short = (text: string): string => (text.length > 30 ? `${text.slice(0, 29)}…` : text);
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => ESCAPES[char]!);
