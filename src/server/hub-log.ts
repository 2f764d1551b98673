/** What the hub tells its operator: fields for a machine and a sentence for a person. */
export type HubLog = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
};
