/** What is otherwise since a plan was made, in a sentence. */
import type { Forced } from '../api/types';
import { m } from '../lib/paraglide/messages';
import { inLanguage, names } from '../live/operation.svelte';
import { codeText, knows } from '../text/codes';
import { day, isolated, number } from '../text/format';
import { language } from '../text/language.svelte';
import { placeName } from './place';

function thing({ what, vehicle }: Forced): string {
  if (vehicle) return inLanguage(names.operation?.vehicle_types.find((one) => one.id === vehicle)?.names, vehicle);
  return codeText(knows('forced', what) ? 'forced' : 'price', what);
}

export function forcedText(one: Forced): string {
  const where = !one.where
    ? ''
    : names.isUnit(one.where)
      ? names.unitInFull(one.where)
      : placeName(one.where, one.what);
  const about = [where, one.night ? day(one.night, language.now) : ''].filter(Boolean).map(isolated);
  const head = [thing(one), ...about].join(' · ');
  if (one.was === one.is) return head;
  return `${head}: ${m.replan_instead({ is: isolated(number(one.is)), was: isolated(number(one.was)) })}`;
}
