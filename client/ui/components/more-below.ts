/** Less than this is no line of text, px. */
const LINE_PX = 8;

export const hasMoreBelow = (box: Pick<HTMLElement, 'scrollHeight' | 'scrollTop' | 'clientHeight'>): boolean =>
  box.scrollHeight - box.scrollTop - box.clientHeight > LINE_PX;

/**
 * Marks a box while something lies below what one sees of it (`data-more`): its lower end fades (global.css), as a page does that goes on.
 * Also a ref of React. Returns what ends that.
 */
export function showsMoreBelow(box: HTMLElement): () => void {
  const look = () => box.toggleAttribute('data-more', hasMoreBelow(box));
  const sizes = new ResizeObserver(look);
  const watch = () => {
    sizes.disconnect();
    sizes.observe(box);
    for (const child of box.children) sizes.observe(child);
    look();
  };
  const contents = new MutationObserver(watch);
  contents.observe(box, { childList: true, subtree: true, characterData: true });
  box.addEventListener('scroll', look, { passive: true });
  box.addEventListener('toggle', look);
  watch();
  return () => {
    contents.disconnect();
    sizes.disconnect();
    box.removeEventListener('scroll', look);
    box.removeEventListener('toggle', look);
  };
}
