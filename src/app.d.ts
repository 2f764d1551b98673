declare global {
  namespace App {
    interface PageState {
      /** The open sheet, so that the phone's own "back" closes it. */
      sheet?: string;
    }
  }
}

export {};
