(function () {
  "use strict";
  var BRIDGE_WITHIN_MS = 3000;
  var LOOK_AFTER_MS = [1000, 2000, 3000, 5000, 5000, 10000, 10000, 20000, 30000];
  var order = document.getElementById("order");
  var pay = document.getElementById("pay");
  var then = document.getElementById("then");
  var looks = 0;

  document.getElementById("back").addEventListener("click", function () {
    if (window.WeixinJSBridge) window.WeixinJSBridge.call("closeWindow");
    else this.textContent = "请回到微信里的聊天";
  });
  if (!order) return;

  function say(text) { then.textContent = text; }

  function bridge(use) {
    var over = false;
    function ready() { if (!over) { over = true; use(window.WeixinJSBridge); } }
    if (window.WeixinJSBridge) return ready();
    document.addEventListener("WeixinJSBridgeReady", ready, { once: true });
    setTimeout(function () {
      if (over) return;
      over = true;
      rest("请在微信里打开这一页，才能付款。");
    }, BRIDGE_WITHIN_MS);
  }

  function rest(text) { say(text); if (pay) pay.disabled = false; }

  function ask(way, method) {
    var options = { method: method, credentials: "same-origin", headers: { "X-Requested-With": "waterdesk" } };
    return fetch("/pay/" + order.dataset.no + way, options).then(function (answer) {
      return answer.json().then(function (told) { told.ok = answer.ok; return told; });
    });
  }

  function show(told) {
    order.dataset.state = told.name;
    document.getElementById("word").textContent = told.word;
    say(told.then);
    var hidden = told.name !== "payable";
    if (pay) pay.hidden = document.getElementById("until").hidden = hidden;
  }

  // The page's own word that it was paid counts for nothing: the server asks WeChat.
  function look() {
    ask("/state", "GET").then(function (told) {
      if (told.ok && told.name !== "payable" && told.name !== "checking") return show(told);
      if (!told.ok) return rest(told.text);
      if (looks < LOOK_AFTER_MS.length) return setTimeout(look, LOOK_AFTER_MS[looks++]);
      say("还没有收到微信支付的结果。请回到聊天，过几分钟回复“缴费”看看，不要重复支付。");
    }).catch(function () {
      if (looks < LOOK_AFTER_MS.length) setTimeout(look, LOOK_AFTER_MS[looks++]);
      else say("网络不通。请回到聊天，过几分钟回复“缴费”看看，不要重复支付。");
    });
  }

  function wait() { looks = 0; if (pay) pay.hidden = true; say("正在向微信支付确认，请稍等，不要重复支付。"); look(); }

  function sheet(told) {
    bridge(function (weixin) {
      weixin.invoke("getBrandWCPayRequest", told.call, function (answer) {
        var word = String(answer && answer.err_msg);
        if (/:ok$/.test(word)) wait();
        else if (/:cancel$/.test(word)) rest("您取消了支付，没有扣款。想付的时候再点下面的按钮。");
        else rest("微信支付没有成功。请再点一次，付过的不会再扣；还不行请回到聊天，回复“缴费”。");
      });
    });
  }

  if (pay) pay.addEventListener("click", function () {
    pay.disabled = true;
    say("正在打开微信支付…");
    ask("/call", "POST").then(function (told) {
      if (told.ok) return sheet(told);
      rest(told.text);
      if (told.why !== "away") { pay.hidden = true; document.getElementById("until").hidden = true; }
    }).catch(function () { rest("网络不通，没有付款。请再点一次。"); });
  });
  if (order.dataset.state === "checking") look();
})();
