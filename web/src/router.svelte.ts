/** The address bar and the screens: plain paths that the server answers with index.html. */

interface Route<Name extends string = string> {
  name: Name;
  params: string[];
}

const table = [
  ['room', /^\/$/],
  ['start', /^\/start\/?$/],
  ['people', /^\/people\/?$/],
  ['person', /^\/people\/([^/]+)$/],
  ['site', /^\/sites\/([^/]+)$/],
  ['movement', /^\/movements\/([^/]+)\/([^/]+)$/],
  ['discrepancies', /^\/discrepancies\/?$/],
  ['discrepancy', /^\/discrepancies\/([^/]+)$/],
  ['figures', /^\/figures\/?$/],
  ['obligations', /^\/obligations\/?$/],
  ['statements', /^\/statements\/?$/],
  ['statement', /^\/statements\/([^/]+)$/],
  ['comparison', /^\/statements\/([^/]+)\/([^/]+)$/],
  ['plan', /^\/plan\/?$/],
  ['looks', /^\/looks\/?$/],
  ['fact', /^\/facts\/([^/]+)$/],
  ['account', /^\/account\/?$/],
  ['devices', /^\/devices\/?$/],
  ['enrol', /^\/enrol\/?$/],
] as const;

export type Screen = (typeof table)[number][0] | 'nowhere';

export function match(path: string): Route<Screen> {
  for (const [name, shape] of table) {
    const found = shape.exec(path);
    if (found) return { name, params: found.slice(1).map(decode) };
  }
  return { name: 'nowhere', params: [] };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

class Router {
  path = $state(location.pathname);
  query = $state.raw(new URLSearchParams(location.search));
  route = $derived(match(this.path));

  start() {
    addEventListener('popstate', () => this.#read());
    document.addEventListener('click', (event) => {
      const link = (event.target as Element).closest?.('a[href]');
      const plain = !event.defaultPrevented && event.button === 0;
      if (!plain || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      if (!(link instanceof HTMLAnchorElement) || link.target || link.origin !== location.origin)
        return;
      if (link.hasAttribute('download') || link.pathname.startsWith('/api/')) return;
      if (match(link.pathname).name === 'nowhere' || link.getAttribute('href')?.startsWith('#'))
        return;
      event.preventDefault();
      this.go(link.pathname + link.search);
    });
  }
  go(href: string) {
    history.pushState(null, '', href);
    this.#read();
    scrollTo(0, 0);
  }
  /** Change what narrows the present screen, without a step in the history. */
  narrow(fields: Record<string, string>) {
    const query = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(fields))
      if (value) query.set(name, value);
      else query.delete(name);
    history.replaceState(null, '', this.path + (query.size ? `?${query}` : ''));
    this.query = query;
  }
  #read() {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }
}

export const router = new Router();
