/** WeChat's web view: no install, no push, storage that goes early. */
export function inWeChat(agent: string = navigator.userAgent): boolean {
  return /MicroMessenger/i.test(agent);
}

/** iPhones and iPads, an iPad that calls itself a Mac included. */
export function isApplePhone(
  agent: string = navigator.userAgent,
  touchPoints: number = navigator.maxTouchPoints
): boolean {
  return /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touchPoints > 1);
}
