import { hoursToConfirm } from '#domain/allotment/release.ts';
import type { ListingView, PlaceView } from '#domain/listing/listing-view.ts';
import { m } from '#messages';
import { getLocale } from '#language';
import { formatDateTime } from '../format.ts';
import { amountWords, priceWords } from './words.ts';

export type Said = { tone: 'honey' | 'tea' | 'jujube'; title: string; text: string };

/** My standing in words: what it is, by which rule, and what may still change it. Null while I ask for nothing. */
export function standingWords(view: ListingView, place: PlaceView | undefined, giver: string): Said | null {
  const amount = amountWords(view.myQuantity, view.unit);
  const changedHands = place?.handedOverAt !== undefined || place?.receivedAt !== undefined;
  switch (view.mine) {
    case 'none':
      return null;
    case 'unsent':
      return { tone: 'honey', title: m.why_unsent(), text: sentences(m.why_unsent_text(), ruleWords(view, giver)) };
    case 'asked':
      return { tone: 'honey', title: m.why_asked(), text: sentences(m.why_asked_text(), ruleWords(view, giver)) };
    case 'given':
      return {
        tone: 'tea',
        title: view.quantity > 1 ? m.why_given_some({ amount }) : m.why_given(),
        text: sentences(givenBecause(view, giver), changedHands ? m.why_given_final() : m.why_given_stays({ giver }))
      };
    case 'waiting':
      return waiting(view, giver, amount);
    case 'to-confirm':
      return {
        tone: 'honey',
        title: m.why_to_confirm(),
        text: m.why_to_confirm_text({
          price: priceWords(view),
          until: place?.since ? until(place.since) : m.why_two_days()
        })
      };
    case 'refused':
      return { tone: 'jujube', title: m.why_refused(), text: releasedBecause(view.why?.code, giver) };
  }
}

function waiting(view: ListingView, giver: string, amount: string): Said {
  if (view.rule === 'giver-picks') {
    return { tone: 'honey', title: m.why_waiting_pick({ giver }), text: m.why_waiting_pick_text({ giver }) };
  }
  const title = m.why_waiting({ place: view.place ?? 1 });
  if (view.why?.code === 'does-not-fit') {
    const left = amountWords(view.left, view.unit);
    return { tone: 'honey', title, text: m.why_does_not_fit({ amount, left }) };
  }
  return { tone: 'honey', title, text: m.why_queued({ ahead: view.why?.ahead ?? 0 }) };
}

/** What the rule does with a claim that the hub has not answered. */
function ruleWords(view: Pick<ListingView, 'rule'>, giver: string): string {
  return view.rule === 'giver-picks' ? m.why_rule_giver_picks({ giver }) : m.why_rule_first_come();
}

function givenBecause(view: ListingView, giver: string): string {
  if (view.why?.code === 'picked') return m.why_picked({ giver });
  return view.why?.ahead ? m.why_in_order_after({ ahead: view.why.ahead }) : m.why_in_order();
}

function releasedBecause(code: string | undefined, giver: string): string {
  if (code === 'not-confirmed' || code === 'terms-changed') return m.why_not_confirmed();
  if (code === 'offer-withdrawn') return m.why_offer_withdrawn({ giver });
  if (code === 'own-offer') return m.why_own_offer();
  if (code === 'left') return m.why_left();
  return m.why_released();
}

/** One line about somebody's place, as everybody reads it. */
export function placeWords(place: PlaceView): string {
  if (place.withdrawn) return m.why_row_withdrawn();
  if (place.state === 'asked') return m.why_row_asked();
  switch (place.why?.code) {
    case 'picked':
      return m.why_row_picked();
    case 'does-not-fit':
      return m.why_row_does_not_fit();
    case 'terms-changed':
      return place.state === 'refused' ? m.why_row_not_confirmed() : m.why_row_to_confirm();
    case 'not-confirmed':
      return m.why_row_not_confirmed();
    case 'withdrawn':
      return m.why_row_withdrawn();
    case 'offer-withdrawn':
      return m.why_row_offer_withdrawn();
    case 'left':
      return m.why_row_left();
    case 'queued':
      return m.why_row_queued({ place: place.place ?? place.why.ahead });
    default:
      return m.why_row_in_order({ arrival: place.arrival ?? 1 });
  }
}

/** Chinese puts no blank between sentences. */
const sentences = (...said: string[]) => said.join(getLocale() === 'zh-CN' ? '' : ' ');

const until = (since: string) => formatDateTime(new Date(Date.parse(since) + hoursToConfirm * 3_600_000).toISOString());
