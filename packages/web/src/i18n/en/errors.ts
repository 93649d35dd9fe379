/** One entry for each key of the table in the protocol: what happened, what it means, what one can do. */
export const error = {
  BAD_FRAME: {
    title: 'The page and the server misunderstood each other',
    text: 'The server could not read a message of this page.',
    advice: 'Reload the page. If it happens again, tell the person who runs this server.',
  },
  BAD_REQUEST: {
    title: 'The server did not accept that',
    text: 'Something in the request was not in order.',
    advice: 'Reload the page and try again.',
  },
  UNKNOWN_METHOD: {
    title: 'The server does not know this function',
    text: 'The page is probably newer than the server.',
    advice: 'Reload the page. If it stays, the server needs an update.',
  },
  WRONG_PHASE: {
    title: 'That came at the wrong moment',
    text: 'The server was not ready for it.',
    advice: 'Try again in a moment.',
  },
  TOO_LARGE: {
    title: 'That was too long',
    text: 'The server takes only shorter messages.',
    advice: 'Shorten it, or send it in several parts.',
  },
  RATE_LIMITED: {
    title: 'That was a little fast',
    text: 'The server asks for a short pause.',
    advice: 'Wait a few seconds and try again.',
  },
  STALE_EPOCH: {
    title: 'Sound and picture were set up anew',
    text: 'A step was meant for the connection before.',
    advice: 'Usually it repairs itself. If not, reload the page.',
  },
  NO_SUCH_TRANSPORT: {
    title: 'The media connection is gone',
    text: 'The server no longer knows it.',
    advice: 'Reload the page to set it up again.',
  },
  NO_SUCH_PRODUCER: {
    title: 'Your sound or picture is no longer being sent',
    text: 'The server had ended it already.',
    advice: 'Switch the microphone or camera off and on again.',
  },
  NO_SUCH_CONSUMER: {
    title: 'That sound or picture has ended',
    text: 'The server no longer sends it.',
    advice: 'There is nothing that you need to do.',
  },
  QUOTA_EXCEEDED: {
    title: 'That is the limit',
    text: 'You are already sending as much as the server takes from one person.',
    advice: 'Stop one share before you start another.',
  },
  UNSUPPORTED_MEDIA: {
    title: 'Sound or picture cannot be sent',
    text: 'This browser and the server have no common format.',
    advice: 'Update the browser, or use another one.',
  },
  VERSION_MISMATCH: {
    title: 'This page is out of date',
    text: 'The server has been updated since you opened it.',
    advice: 'Reload the page.',
  },
  SLOW_READER: {
    title: 'The connection was too slow',
    text: 'The server had to wait too long for this browser and closed the connection.',
    advice: 'Close other busy tabs and programs, then join again.',
  },
  ALREADY_CONNECTED: {
    title: 'That connection exists already',
    text: 'The server refused to set it up a second time.',
    advice: 'Reload the page if sound or picture is missing.',
  },
  INVALID_SLUG: {
    title: 'This is not a meeting link',
    text: 'Names of meetings have small letters, digits and hyphens, at least three.',
    advice: 'Compare the link with the invitation.',
  },
  NOT_FOUND: {
    title: 'There is nothing at this address',
    text: 'The meeting does not exist, or not any more.',
    advice: 'Ask for a new link.',
  },
  NOT_ALLOWED: {
    title: 'You may not do that here',
    text: 'Your role in this meeting does not include it.',
    advice: 'Ask the host.',
  },
  ORIGIN_REFUSED: {
    title: 'The server does not accept this page',
    text: 'The page comes from an address that the server does not know.',
    advice: 'Open the meeting at the address that the server was set up for.',
  },
  TICKET_INVALID: {
    title: 'You were not let in',
    text: 'The pass for this meeting is not valid.',
    advice: 'Open the link from your invitation once more.',
  },
  TICKET_EXPIRED: {
    title: 'That took too long',
    text: 'The pass for this meeting has run out.',
    advice: 'Join again; you get a new one.',
  },
  TICKET_USED: {
    title: 'The pass was used already',
    text: 'Each pass lets one person in, once.',
    advice: 'Join again; you get a new one.',
  },
  MEETING_FULL: {
    title: 'The meeting is full',
    text: 'As many people as fit are inside.',
    advice: 'Try again when somebody has left.',
  },
  SERVER_FULL: {
    title: 'The server is fully booked',
    text: 'At the moment it cannot hold another meeting.',
    advice: 'Try again in a few minutes.',
  },
  REPLACED: {
    title: 'You joined in another window',
    text: 'The meeting goes on there. Here it has ended for you.',
    advice: 'You can close this window, or come back here.',
  },
  MEETING_ENDED: {
    title: 'The meeting has ended',
    text: 'It was ended for everybody.',
    advice: 'Start a new one if there is more to say.',
  },
  SHUTTING_DOWN: {
    title: 'The server is restarting',
    text: 'It will be back in a moment.',
    advice: 'Wait a minute, then join again.',
  },
  TOO_MANY_ATTEMPTS: {
    title: 'Too many attempts',
    text: 'There were too many tries from your network in a short time.',
    advice: 'Wait a few minutes.',
  },
  INTERNAL: {
    title: 'Something went wrong on the server',
    text: 'It is not your fault.',
    advice: 'Try again. If it stays, tell the person who runs this server.',
  },
  MEDIA_UNAVAILABLE: {
    title: 'Sound and picture are not available',
    text: 'The part of the server that carries them does not run at the moment.',
    advice: 'Try again in a minute.',
  },
  TIMEOUT: {
    title: 'There was no answer',
    text: 'The server took too long.',
    advice: 'Check your connection and try again.',
  },
  CLOSED: {
    title: 'The connection was cut',
    text: 'The server hung up before it had answered.',
    advice: 'Try again.',
  },
  NETWORK: {
    title: 'The server cannot be reached',
    text: 'Either this device is offline, or the server is.',
    advice: 'Check your network connection and try again.',
  },
  UNSUPPORTED_BROWSER: {
    title: 'This browser is not able to make calls',
    text: 'A part that video calls need is missing or switched off.',
    advice: 'Use a current version of Chrome, Edge, Firefox or Safari.',
  },
};

/** Why a device or a share could not be had. `advice` is by browser where the way differs. */
export const problem = {
  denied: {
    title: 'Access was refused',
    microphone: 'The browser does not let this page use the microphone.',
    camera: 'The browser does not let this page use the camera.',
    screen: 'The browser does not let this page share the screen.',
    chromium:
      'Click the icon at the left end of the address bar, allow microphone and camera, then reload the page.',
    firefox: 'Click the struck-out icon in the address bar, clear the block, then reload the page.',
    safari: 'Open the settings for this website from the address bar and allow microphone and camera.',
    other: 'Allow microphone and camera in the settings of this website, then reload the page.',
  },
  dismissed: {
    title: 'The question is still open',
    microphone: 'The browser asked about the microphone and got no answer.',
    camera: 'The browser asked about the camera and got no answer.',
    screen: 'No screen was chosen.',
    advice: 'Press the button again and answer the question of the browser.',
  },
  notFound: {
    title: 'No device found',
    microphone: 'This device has no microphone, or it is not plugged in.',
    camera: 'This device has no camera, or it is not plugged in.',
    screen: 'There is nothing that could be shared.',
    advice: 'Plug it in; it is found by itself. You can join without it.',
  },
  inUse: {
    title: 'The device is busy',
    microphone: 'Another program is using the microphone.',
    camera: 'Another program is using the camera.',
    screen: 'The screen cannot be recorded at the moment.',
    advice: 'Close the other program, then switch it on again here.',
  },
  insecure: {
    title: 'The connection is not encrypted',
    microphone: 'Browsers give the microphone only to pages with https.',
    camera: 'Browsers give the camera only to pages with https.',
    screen: 'Browsers share the screen only with pages with https.',
    advice: 'Open the meeting with https. The person who runs this server can set that up.',
  },
  unsupported: {
    title: 'This browser cannot do that',
    microphone: 'It gives no access to the microphone.',
    camera: 'It gives no access to the camera.',
    screen: 'It cannot share the screen. Browsers of phones usually cannot.',
    advice: 'Use a current browser, on a computer if you can.',
  },
  notAllowed: {
    title: 'Your role does not allow it',
    microphone: 'In this meeting you are listening.',
    camera: 'In this meeting you are watching.',
    screen: 'In this meeting you may not share.',
    advice: 'Ask the host if you want to take part.',
  },
  failed: {
    title: 'That did not work',
    microphone: 'The microphone could not be started.',
    camera: 'The camera could not be started.',
    screen: 'The screen could not be shared.',
    advice: 'Try again, or choose another device.',
  },
};
