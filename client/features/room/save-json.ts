/** Gives the person a file with this in it. */
export function saveJson(title: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: `${title}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
