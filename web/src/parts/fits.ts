/** What is wider than its place on the page. On a phone a table that has no room becomes a list of cards
 * (style/tables.css); whatever is still too wide can be moved by the keyboard too. */
const phone = matchMedia('(max-width: 620px)');

export function fits(place: HTMLElement) {
  const look = () => {
    for (const table of place.querySelectorAll<HTMLTableElement>('table:not(.matrix)')) {
      table.classList.remove('cards');
      if (phone.matches && table.offsetWidth > place.clientWidth) {
        label(table);
        table.classList.add('cards');
      }
    }
    const { overflowX, overflowY } = getComputedStyle(place);
    const across = overflowX === 'auto' && place.scrollWidth > place.clientWidth;
    const down = overflowY === 'auto' && place.scrollHeight > place.clientHeight;
    if (across || down) place.tabIndex = 0;
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

/** Each cell is given the words over its column; one with nothing in it is marked. */
function label(table: HTMLTableElement) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.textContent.trim());
  for (const row of [...table.tBodies].flatMap((body) => [...body.rows]))
    for (const [column, cell] of [...row.cells].entries()) {
      const says = cell.textContent.trim();
      cell.toggleAttribute('data-bare', !cell.querySelector('input, button, [role=img]') && (!says || says === '–'));
      if (cell.scope !== 'row' && heads[column]) cell.dataset['label'] = heads[column];
    }
}
