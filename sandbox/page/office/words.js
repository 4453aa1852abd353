// What the back office calls things, in Chinese; codes are those of docs/contracts and docs/sandbox.md.

export const FLAGS = { high: '远高于平时', zero: '用量为零', same: '用量为零', rollover: '过零', smaller: '小于上次' };
export const REJECTIONS = [
  ['blurred', '模糊'], ['glare', '反光'], ['incomplete', '未拍全'], ['no_number', '看不清表号'],
  ['not_meter', '不是水表'], ['mismatch', '与户号不符'], ['other', '其他'],
];
export const REQUEST_STATES = {
  waiting: '待内复', accepted: '已通过', modified: '已改正通过', rejected: '已退回', refused: '未受理', booked: '已约好', changed: '已改约', posted: '已入账',
};
export const REQUEST_KINDS = {
  reading: '自助抄表', visit: '预约上门', visit_change: '改上门时间', contact: '联系信息', bill_type: '账单方式', real_name: '实名登记', transfer: '过户',
  override: '变更申请', cancel_real_name: '解除实名', spot_check: '抽检', connection: '报装', payment: '缴费',
  fault: '报修', urge: '催办', fault_photo: '补照片', rating: '评价', complaint: '投诉', consult: '咨询',
};
/** Of applications: what staff decide beside readings. */
export const APPLICATION_STATES = {
  waiting: '待审', underway: '办理中', approved: '已批准', returned: '已退回', refused: '未受理', passed: '已通过', adjusted: '已改正', retake: '请重拍', field: '转上门',
  changed: '已改好', done: '已办结',
};
export const RETURN_REASONS = [
  ['blurred', '照片模糊'], ['incomplete', '材料不全'], ['address_mismatch', '地址不符'], ['name_mismatch', '姓名不符'], ['arrears', '有欠费'], ['barcode', '条码不符'],
  ['other', '其他'],
];
export const CANCEL_REASONS = { sold: '房子卖了', tenant_left: '租客搬走了', wrong_account: '绑错户号', privacy: '个人隐私', other: '其他原因' };
export const CONNECTION_KINDS = { res_single: '居民住宅单户', shop: '商铺', temp: '临时用水', one_meter: '一户一表改造', bore: '扩大口径' };
export const STAGES = [
  ['accepted', '已受理'], ['survey_booked', '已约勘察'], ['surveyed', '已勘察'], ['designed', '已设计'], ['quoted', '已报价'], ['construction', '施工中'],
  ['inspected', '已验收'], ['metered', '已装表'], ['connected', '已通水'], ['archived', '已归档'],
];
export const DOCUMENTS = { id_front: '身份证正面', id_back: '身份证反面', property: '房产证', household: '户口本', meter: '水表', other: '其他材料' };
export const TOPICS = { bill: '账单和收费', service: '服务态度', quality: '水质水压', works: '施工和路面', other: '其他' };
export const VISIT_REASONS = [['dispute', '对读数有疑问'], ['self6', '连续自报满六次'], ['spot', '抽查'], ['no_read', '长期未抄到']];
export const VISIT_STATES = { due: '待预约', booked: '已约好', done: '已办结', missed: '未遇', cancelled: '已取消' };
export const FAULTS = {
  BURST: '爆管喷水', NOWATER_AREA: '大片停水', QUALITY: '水黄、浑浊或有异味', LEAK_PUBLIC: '漏水', NOWATER_HOME: '家里没水', PRESSURE: '水压小',
  METER: '水表故障', VALVE_BOX: '阀门、表箱或井盖', INDOOR: '表后（户内）维修', MAINT: '水表养护、移表、换表', ILLEGAL: '偷水或违章用水',
};
export const SIDES = { before: '表前', after: '表后', unknown: '不清楚表前表后' };
export const TICKET_STATES = {
  new: '待派单', assigned: '已派单', on_way: '在路上', working: '处理中', done: '处理好', closed: '已办结', returned: '已退回', cancelled: '已取消', joined: '已并单',
};
export const OUTAGE_KINDS = [['emergency', '抢修停水'], ['planned', '计划停水']];
export const NOTICE_STATES = { published: '已公布', extended: '已延长', restored: '已恢复', cancelled: '已取消' };
export const POINT_KINDS = [['plant', '出厂水'], ['network', '管网水'], ['tap', '末梢水']];
export const QUALITY_RESULTS = [['good', '全部合格'], ['missing', '有一项没有公布'], ['exceeded', '有一项超标']];
export const EVENTS = {
  request_taken: '已收件', request_refused: '未受理', reading_accepted: '读数通过', reading_modified: '读数改正', reading_rejected: '读数退回',
  bill_opened: '开账', visit_due: '要上门', visit_booked: '上门约好', visit_changed: '上门改约', visit_refused: '没有约上', visit_done: '上门办结', visit_missed: '上门未遇',
  contact_changed: '联系信息改好', contact_refused: '联系信息没改', bill_type_changed: '账单方式改好', real_name_approved: '实名通过', real_name_returned: '实名退回',
  transfer_approved: '过户批准', transfer_returned: '过户退回', override_approved: '变更批准', override_returned: '变更退回', real_name_cancelled: '实名解除',
  cancel_refused: '没有解除', spot_check_drawn: '抽检抽中', spot_check_passed: '抽检通过', spot_check_adjusted: '抽检改正', spot_check_retake: '抽检重拍',
  spot_check_field: '抽检转上门', connection_stage: '报装进展', connection_returned: '报装退回', connection_rejected: '报装不受理',
};

const SHORT = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** CSMS keeps Shanghai's time without a zone. */
export function shortTime(at) {
  return SHORT.format(Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(at) ? at : `${at}+08:00`));
}

/** What a ticket is about, in a few words. */
export function subject(ticket) {
  if (ticket.kind === 'fault') return FAULTS[ticket.fault] ?? ticket.fault;
  return `${REQUEST_KINDS[ticket.kind] ?? ticket.kind}${TOPICS[ticket.topic] ? `：${TOPICS[ticket.topic]}` : ''}`;
}

export function billed(what, bill) {
  return `${what}：账期 ${bill.period}，读数 ${bill.value}，${bill.volume_m3} m³，已开账 ${bill.bill_no}，${bill.amount} 元`;
}
