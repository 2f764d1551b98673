import { m } from '#messages';

// What the shelf has no room for; a file of its own, so that the first screen does without.

const conditions = {
  new: m.listing_condition_new,
  unworn: m.listing_condition_unworn,
  good: m.listing_condition_good,
  worn: m.listing_condition_worn
};
export type Condition = keyof typeof conditions;
export const conditionOptions = () =>
  (Object.keys(conditions) as Condition[]).map((value) => ({ value, label: conditions[value]() }));
/** The condition is free text in the record; the four that the chips offer are said in the reader's language. */
export const conditionWord = (condition: string) => conditions[condition as Condition]?.() ?? condition;

const rules = {
  'first-come': m.listing_rule_first_come,
  'giver-picks': m.listing_rule_giver_picks,
  draw: m.listing_rule_draw,
  'fewest-lately': m.listing_rule_fewest_lately
};
export type RuleName = keyof typeof rules;
export const ruleWord = (rule: RuleName) => rules[rule]();

const paid = { cash: m.listing_paid_cash, transfer: m.listing_paid_transfer, other: m.listing_paid_other };
export const paidOptions = () =>
  (Object.keys(paid) as (keyof typeof paid)[]).map((value) => ({ value, label: paid[value]() }));
export const paidWords = (how: keyof typeof paid) => m.listing_they_paid({ how: paid[how]() });
