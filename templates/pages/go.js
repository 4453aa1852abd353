document.getElementById("back").addEventListener("click", function () {
  if (window.WeixinJSBridge) {
    window.WeixinJSBridge.call("closeWindow");
  } else {
    this.textContent = "请回到微信里的聊天";
  }
});
