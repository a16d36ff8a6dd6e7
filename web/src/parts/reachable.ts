/** What is wider than the place it is shown in can be moved by the keyboard too. */
export function reachable(place: HTMLElement) {
  const look = () => {
    const { overflowX } = getComputedStyle(place);
    const scrolls = overflowX === 'auto' && place.scrollWidth > place.clientWidth;
    if (scrolls) place.tabIndex = 0;
    else place.removeAttribute('tabindex');
  };
  const size = new ResizeObserver(look);
  const content = new MutationObserver(look);
  size.observe(place);
  content.observe(place, { childList: true, subtree: true, characterData: true });
  return () => {
    size.disconnect();
    content.disconnect();
  };
}
