export type Role = 'newcomer' | 'member' | 'steward';

/** Who belongs to which circle. The truth is `hub:member:<person>` in each circle (R11); this caches it. */
export type Membership = {
  /** The person's role, or null for whoever is not in the circle (left, removed, no such circle). */
  roleOf(circle: string, person: string): Promise<Role | null>;
  /** The circles a person is in now. */
  circlesOf(person: string): Promise<string[]>;
  /** Forgets what is cached of the circle, or of one person in it. */
  drop(circle: string, person?: string): void;
};
