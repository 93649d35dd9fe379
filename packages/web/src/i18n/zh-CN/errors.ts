import type { Messages } from '../en.ts';

export const error: Messages['error'] = {
  BAD_FRAME: {
    title: '页面和服务器没有对上话',
    text: '服务器没能看懂这个页面发出的一条消息。',
    advice: '请刷新页面。如果还是这样，请告诉服务器的管理员。',
  },
  BAD_REQUEST: {
    title: '服务器没有接受',
    text: '请求的内容有问题。',
    advice: '请刷新页面后再试。',
  },
  UNKNOWN_METHOD: {
    title: '服务器还没有这个功能',
    text: '页面的版本可能比服务器新。',
    advice: '请刷新页面。如果还是这样，需要更新服务器。',
  },
  WRONG_PHASE: {
    title: '时机不对',
    text: '服务器当时还没有准备好。',
    advice: '请稍等片刻再试。',
  },
  TOO_LARGE: {
    title: '内容太长了',
    text: '服务器只接受短一些的消息。',
    advice: '请缩短内容，或者分几次发送。',
  },
  RATE_LIMITED: {
    title: '操作太快了',
    text: '服务器需要缓一缓。',
    advice: '请等几秒钟再试。',
  },
  STALE_EPOCH: {
    title: '声音和画面已经重新建立',
    text: '刚才的操作针对的是之前的连接。',
    advice: '通常会自动恢复。如果没有恢复，请刷新页面。',
  },
  NO_SUCH_TRANSPORT: {
    title: '音视频连接已经断开',
    text: '服务器上已经没有这条连接了。',
    advice: '请刷新页面，重新建立连接。',
  },
  NO_SUCH_PRODUCER: {
    title: '您的声音或画面没有在发送',
    text: '服务器已经结束了它。',
    advice: '请把麦克风或摄像头关掉再打开。',
  },
  NO_SUCH_CONSUMER: {
    title: '那路声音或画面已经结束',
    text: '服务器不再发送它了。',
    advice: '您不需要做什么。',
  },
  QUOTA_EXCEEDED: {
    title: '已经到上限了',
    text: '您发送的内容已经达到服务器允许的数量。',
    advice: '请先停止一个共享，再开始另一个。',
  },
  UNSUPPORTED_MEDIA: {
    title: '声音或画面发不出去',
    text: '这个浏览器和服务器没有共同支持的格式。',
    advice: '请更新浏览器，或者换一个浏览器。',
  },
  VERSION_MISMATCH: {
    title: '这个页面过期了',
    text: '页面打开之后，服务器已经更新。',
    advice: '请刷新页面。',
  },
  SLOW_READER: {
    title: '连接太慢了',
    text: '服务器等待这个浏览器太久，已经断开连接。',
    advice: '请关闭其他占用资源的网页和程序，然后重新加入。',
  },
  ALREADY_CONNECTED: {
    title: '这条连接已经有了',
    text: '服务器拒绝重复建立。',
    advice: '如果没有声音或画面，请刷新页面。',
  },
  INVALID_SLUG: {
    title: '这不是会议链接',
    text: '会议名称由小写字母、数字和连字符组成，至少三个字符。',
    advice: '请和邀请里的链接核对一下。',
  },
  NOT_FOUND: {
    title: '这个地址没有内容',
    text: '会议不存在，或者已经没有了。',
    advice: '请向对方要一个新的链接。',
  },
  NOT_ALLOWED: {
    title: '您不能这样做',
    text: '您在这个会议中没有这项权限。',
    advice: '请联系主持人。',
  },
  ORIGIN_REFUSED: {
    title: '服务器不接受这个页面',
    text: '页面来自服务器不认识的地址。',
    advice: '请用服务器设定的地址打开会议。',
  },
  TICKET_INVALID: {
    title: '没能进入会议',
    text: '这个会议的通行证无效。',
    advice: '请重新打开邀请里的链接。',
  },
  TICKET_EXPIRED: {
    title: '等得太久了',
    text: '这个会议的通行证已经过期。',
    advice: '请重新加入，会得到一张新的。',
  },
  TICKET_USED: {
    title: '通行证已经用过了',
    text: '每张通行证只能让一个人进入一次。',
    advice: '请重新加入，会得到一张新的。',
  },
  MEETING_FULL: {
    title: '会议人数已满',
    text: '会议里已经没有空位了。',
    advice: '请等有人离开后再试。',
  },
  SERVER_FULL: {
    title: '服务器已满',
    text: '服务器暂时开不了新的会议。',
    advice: '请过几分钟再试。',
  },
  REPLACED: {
    title: '您在另一个窗口加入了会议',
    text: '会议在那边继续，这边已经结束。',
    advice: '您可以关闭这个窗口，也可以回到这里。',
  },
  MEETING_ENDED: {
    title: '会议已经结束',
    text: '会议已对所有人结束。',
    advice: '如果还有话要说，可以新建一个会议。',
  },
  SHUTTING_DOWN: {
    title: '服务器正在重启',
    text: '它马上就会回来。',
    advice: '请等一分钟，然后重新加入。',
  },
  TOO_MANY_ATTEMPTS: {
    title: '尝试次数太多',
    text: '短时间内，您所在的网络尝试了太多次。',
    advice: '请过几分钟再试。',
  },
  INTERNAL: {
    title: '服务器出了问题',
    text: '这不是您的错。',
    advice: '请再试一次。如果还是这样，请告诉服务器的管理员。',
  },
  MEDIA_UNAVAILABLE: {
    title: '暂时没有声音和画面',
    text: '服务器上负责音视频的部分没有运行。',
    advice: '请过一分钟再试。',
  },
  TIMEOUT: {
    title: '没有回应',
    text: '服务器太久没有回应。',
    advice: '请检查网络后再试。',
  },
  CLOSED: {
    title: '连接中断了',
    text: '服务器还没回应，连接就断开了。',
    advice: '请再试一次。',
  },
  NETWORK: {
    title: '连不上服务器',
    text: '可能是这台设备没有联网，也可能是服务器没有运行。',
    advice: '请检查网络后再试。',
  },
  UNSUPPORTED_BROWSER: {
    title: '这个浏览器不能通话',
    text: '视频通话需要的功能缺失，或者被关闭了。',
    advice: '请使用最新版本的主流浏览器。',
  },
};

export const problem: Messages['problem'] = {
  denied: {
    title: '访问被拒绝',
    microphone: '浏览器没有允许这个页面使用麦克风。',
    camera: '浏览器没有允许这个页面使用摄像头。',
    screen: '浏览器没有允许这个页面共享屏幕。',
    chromium: '点击地址栏最左边的图标，允许使用麦克风和摄像头，然后刷新页面。',
    firefox: '点击地址栏里带斜线的图标，取消禁止，然后刷新页面。',
    safari: '从地址栏打开这个网站的设置，允许使用麦克风和摄像头。',
    other: '在这个网站的设置里允许使用麦克风和摄像头，然后刷新页面。',
  },
  dismissed: {
    title: '还没有回答浏览器的询问',
    microphone: '浏览器询问能否使用麦克风，但没有得到回答。',
    camera: '浏览器询问能否使用摄像头，但没有得到回答。',
    screen: '没有选择要共享的屏幕。',
    advice: '请再点一次按钮，然后回答浏览器的询问。',
  },
  notFound: {
    title: '没有找到设备',
    microphone: '这台设备没有麦克风，或者没有插好。',
    camera: '这台设备没有摄像头，或者没有插好。',
    screen: '没有可以共享的内容。',
    advice: '插上以后会自动识别。没有它也可以加入会议。',
  },
  inUse: {
    title: '设备正被占用',
    microphone: '另一个程序正在使用麦克风。',
    camera: '另一个程序正在使用摄像头。',
    screen: '现在无法录制屏幕。',
    advice: '请关闭那个程序，然后在这里重新打开。',
  },
  insecure: {
    title: '连接没有加密',
    microphone: '浏览器只允许加密的网页使用麦克风。',
    camera: '浏览器只允许加密的网页使用摄像头。',
    screen: '浏览器只允许加密的网页共享屏幕。',
    advice: '请使用加密地址打开会议，服务器的管理员可以设置。',
  },
  unsupported: {
    title: '这个浏览器做不到',
    microphone: '它不提供麦克风功能。',
    camera: '它不提供摄像头功能。',
    screen: '它不能共享屏幕，手机浏览器通常都不能。',
    advice: '请使用最新的浏览器，最好在电脑上。',
  },
  notAllowed: {
    title: '您没有这项权限',
    microphone: '在这个会议中，您只能听。',
    camera: '在这个会议中，您只能看。',
    screen: '在这个会议中，您不能共享屏幕。',
    advice: '想参与的话，请联系主持人。',
  },
  failed: {
    title: '没有成功',
    microphone: '麦克风没能打开。',
    camera: '摄像头没能打开。',
    screen: '屏幕没能共享。',
    advice: '请再试一次，或者换一个设备。',
  },
};
