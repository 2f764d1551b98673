/** What this device itself refuses or cannot do; `code` is a RefusalCode of the domain or one of the device's own words. */
export class DeviceError extends Error {
  override name = 'DeviceError';
  code: string;
  field: string | undefined;
  constructor(code: string, message: string = code, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}
