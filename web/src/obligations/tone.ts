/** How the state of a clock looks; the words come from the catalogue. */
export function clockTone(state: string): 'bad' | 'moving' | 'warn' | 'good' | 'quiet' {
  switch (state) {
    case 'overdue':
      return 'bad';
    case 'running':
      return 'moving';
    case 'late':
      return 'warn';
    case 'met':
      return 'good';
    default:
      return 'quiet';
  }
}
