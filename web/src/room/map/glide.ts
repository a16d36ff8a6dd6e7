/** Carries marks from where they were drawn to where the next answer puts them. */

type At = [number, number];

export class Glide {
  #from = new Map<string, At>();
  #to = new Map<string, At>();
  #begun = 0;

  constructor(
    /** How long one step takes, in milliseconds; 0 does not glide. */
    private readonly lasts: number,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** New places; what was not on the map before appears where it is. */
  towards(places: Map<string, At>) {
    const now = new Map([...places].map(([id, to]) => [id, this.at(id) ?? to]));
    this.#from = now;
    this.#to = places;
    this.#begun = this.clock();
  }

  at(id: string): At | undefined {
    const [from, to] = [this.#from.get(id), this.#to.get(id)];
    if (!from || !to) return to;
    const share = this.done ? 1 : (this.clock() - this.#begun) / this.lasts;
    return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
  }

  get done(): boolean {
    return this.lasts <= 0 || this.clock() - this.#begun >= this.lasts;
  }
}
