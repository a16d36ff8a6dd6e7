/** Stable codes in the language of the room. An unknown code shows as itself. */
import type { PolicyLine } from '../api/types';
import { m } from '../lib/paraglide/messages';

export type CodeGroup =
  | 'action'
  | 'answer'
  | 'asked'
  | 'authoritykind'
  | 'basis'
  | 'beside'
  | 'breakglass'
  | 'certain'
  | 'clock'
  | 'cost'
  | 'cover'
  | 'custody'
  | 'detail'
  | 'discrepancy'
  | 'ended'
  | 'fault'
  | 'field'
  | 'forced'
  | 'gate'
  | 'gatestate'
  | 'ground'
  | 'held'
  | 'incident'
  | 'kind'
  | 'late'
  | 'lacking'
  | 'method'
  | 'misfit'
  | 'mode'
  | 'moved'
  | 'next'
  | 'notified'
  | 'outcome'
  | 'part'
  | 'policy'
  | 'policysource'
  | 'price'
  | 'problem'
  | 'publisher'
  | 'purpose'
  | 'rating'
  | 'reason'
  | 'refusal'
  | 'relation'
  | 'remark'
  | 'resolution'
  | 'revocation'
  | 'role'
  | 'says'
  | 'screen'
  | 'section'
  | 'security'
  | 'sitekind'
  | 'source'
  | 'station'
  | 'status'
  | 'step'
  | 'subject'
  | 'travels'
  | 'unable'
  | 'unplaced'
  | 'verdict'
  | 'weather'
  | 'why';

type Message = () => string;
const all = m as unknown as Record<string, Message | undefined>;

export function codeKey(group: CodeGroup, code: string): string {
  return `code_${group}_${code.replace(/[^a-z0-9]+/gi, '_')}`;
}

/** Whether a message is there for the code. */
export function knows(group: CodeGroup, code: string): boolean {
  return all[codeKey(group, code)] !== undefined;
}

export function codeText(group: CodeGroup, code: string): string {
  return all[codeKey(group, code)]?.() ?? code;
}

/** Who published a figure; the scenario's own word for whom we have none. */
export function publisherText(who: string): string {
  return codeText('publisher', who);
}

/** Where a figure was published: an address as it is, a work by its title and section. */
export function sourceText(source: string): string {
  return codeText('source', source);
}

/** Why the plan gives no place. What stands before the colon is the reason, the rest its detail. */
export function unplacedText(reason: string): string {
  const [code = reason] = reason.split(':');
  return codeText('unplaced', code.trim());
}

/** A policy in a sentence. One that we have no words for is told as its file says it, in English; one
 * no longer in force, by its name. */
export function policyText(policy: Pick<PolicyLine, 'id' | 'says'>): string {
  return knows('policy', policy.id) ? codeText('policy', policy.id) : (policy.says ?? policy.id);
}
