// The fault switches one by one: what each is called, its limits and its healthy value. Used by faults.js.

const rate = (name, label) => ({ name, label, type: 'rate', healthy: 0 });
const flag = (name, label, healthy = false) => ({ name, label, type: 'flag', healthy });
const number = (name, label, healthy, min, max, step) => ({ name, label, type: 'number', healthy, min, max, step });
const choice = (name, title, options) => ({ title, part: name, choice: options, healthy: 'ok' });

export const GROUPS = [
  { title: '回调', part: 'callback', fields: [
    rate('duplicate', '重复投递'), rate('parallel', '同时投递两次'), rate('reorder', '先后颠倒'),
    number('max_deliveries', '最多投递几次', 3, 1, 4, 1), number('timeout_s', '等几秒算超时', 5, 0.05, 30, 0.05),
  ] },
  { title: '接口', part: 'api', fields: [
    number('latency_ms', '延迟（毫秒）', 0, 0, 60000, 50), rate('busy_rate', '系统繁忙（-1）'), rate('lost_answer_rate', '办了但答复丢失'),
    { name: 'errcodes', label: '指定接口报错', type: 'errcodes', healthy: {} },
  ] },
  { title: '推送', part: 'push', fields: [
    rate('user_block_rate', '市民拒收'), rate('system_failed_rate', '系统失败'), rate('no_result_rate', '没有结果事件'), rate('twice_rate', '结果来两次'),
    number('result_after_s', '几秒后有结果', 1, 0, 3600, 0.5), number('templates_per_day', '模板消息每天', 100000, 0, 10000000, 1),
    number('templates_per_minute', '模板消息每分钟', 100000, 0, 10000000, 1),
  ] },
  { title: '微信支付', part: 'pay', fields: [
    rate('limited_rate', '频率超限（429）'), rate('error_rate', '系统异常（500）'), rate('accepted_rate', '已受理（202）'),
    rate('reset_rate', '没办就断线'), rate('lost_answer_rate', '办了但答复丢失'), rate('probe_rate', '办了但答复签名不符'), number('query_lag_s', '付了几秒后才查得到', 0, 0, 86400, 1),
    number('notice_after_s', '几秒后通知', 1, 0, 86400, 1), number('notice_spread_s', '通知再晚至多几秒', 0, 0, 86400, 1),
    rate('notice_loss_rate', '通知丢失'), rate('notice_twice_rate', '通知来两次'), rate('notice_parallel_rate', '通知同时来两次'),
    flag('card_refused', '银行卡余额不足'), flag('not_enough', '商户余额不足，不能退款'), number('refund_after_s', '退款几秒后到账', 60, 0, 864000, 10),
    rate('refund_abnormal_rate', '退款异常'), rate('refund_closed_rate', '退款关闭'),
  ] },
  choice('csms', '营收系统', [['ok', '正常'], ['hang', '卡住'], ['down', '断开']]),
  choice('hotline', '热线系统', [['ok', '正常'], ['slow', '变慢'], ['down', '断开'], ['lose_answer', '丢答复']]),
  choice('website', '官网', [['ok', '正常'], ['down', '断开'], ['garbage', '乱码']]),
  choice('redis', 'Redis', [['ok', '正常'], ['slow', '变慢'], ['down', '断开']]),
  { title: '伪造与异常报文', part: 'callback', id: 'forged', fields: [
    flag('shuffle', '元素打乱次序'), flag('unknown_elements', '夹带未知元素'), flag('downgrade', '安全模式下发明文'),
    flag('previous_key', '用上一个 AES 密钥'), flag('foreign_appid', '密文里是别家 AppID'), flag('wrong_signature', '签名错误'),
    flag('renew_signature', '重投时重新签名', true), number('skew_s', '时间戳偏早（秒）', 0, -86400, 86400, 1),
  ] },
  { title: '伪造的支付通知与快照页', part: 'pay', id: 'forged-pay', fields: [
    rate('tampered_rate', '内容被改'), rate('wrong_serial_rate', '公钥 ID 不对'), rate('old_rate', '时间戳太旧'), rate('foreign_key_rate', '别人签名'),
    rate('signtest_rate', '签名探测 SIGNTEST'), flag('certificates', '用平台证书签名'), flag('http_notify', '通知地址可以是本机 http', true), flag('snapshot_user', '快照页用户'),
  ] },
  { title: '支付账单', part: 'pay', id: 'pay-bills', fields: [
    flag('bill_late', '十点后仍在生成'), flag('bill_row_missing', '少一行'), flag('bill_row_extra', '多一行'), flag('bill_amount_differs', '金额差一分'),
    flag('bill_foreign_refund', '多一笔昨日订单的退款'), flag('bill_bad_hash', '校验值不符'), flag('bill_truncated', '文件不完整'),
    flag('bill_comma', '数据包里有逗号'), flag('bill_bom', '文件头有 BOM'),
  ] },
  { title: '模板消息的未定之处', part: 'push', id: 'odd-push', fields: [
    flag('repeat_refused', '重复的 client_msg_id 报 45065'), flag('missing_key_refused', '缺一个关键词报 47003', true), flag('iso_dates', '日期可写 2026-01-31 12:00'),
    number('longest_client_msg_id', 'client_msg_id 最长几个字符', 32, 0, 128, 1),
  ] },
  { title: '异常接口', part: 'api', id: 'odd-api', fields: [flag('refuse_escapes', '拒收 \\uXXXX（40033）'), flag('ip_refused', 'IP 不在白名单（40164）')] },
];
export const ERRCODES = [
  ['/cgi-bin/message/custom/send', 45015], ['/cgi-bin/message/custom/send', 45047],
  ['/cgi-bin/message/template/send', 43004], ['/cgi-bin/message/template/send', 43116], ['/cgi-bin/message/template/send', 40249],
  ['/cgi-bin/message/template/send', 48001], ['/cgi-bin/message/subscribe/bizsend', 43101],
  ['/cgi-bin/media/upload', 45009], ['/cgi-bin/media/get', 40007], ['/cgi-bin/menu/create', 40018],
];
