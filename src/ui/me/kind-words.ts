import { m } from '#messages';

const words: Record<string, () => string> = {
  listing: m.me_kind_listing,
  claim: m.me_kind_claim,
  comment: m.me_kind_comment,
  message: m.me_kind_message,
  person: m.me_kind_person,
  photo: m.me_kind_photo,
  pick: m.me_kind_pick,
  handover: m.me_kind_handover,
  hide: m.me_kind_hide
};

export function kindWord(kind: string): string {
  return (words[kind] ?? m.me_kind_other)();
}

const reasons: Record<string, () => string> = {
  'giver-only': m.me_refused_giver_only,
  'hub-only': m.me_refused_hub_only,
  'invalid-field': m.me_refused_invalid_field,
  'not-yours': m.me_refused_not_yours,
  'stewards-only': m.me_refused_stewards_only,
  'storage-broken': m.storage_not_kept_broken,
  'storage-full': m.storage_not_kept_full,
  'too-large': m.me_refused_too_large,
  'unknown-kind': m.me_refused_unknown_kind
};

/** Why a record was not taken, by the hub or by this device, in words a person can act on. */
export function refusedWords(code: string): string {
  return (reasons[code] ?? m.me_refused_other)();
}
