// How the pay sheet looks, in any page. Used by paysheet.js.

export const STYLE = `
.sandbox-pay { all: revert; box-sizing: border-box; inset: auto 0 0; width: 100%; max-width: 480px; margin: 0 auto; padding: 18px 0 0; border: 0; border-radius: 14px 14px 0 0; background: #fff; color: #191919; font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; text-align: center; }
.sandbox-pay::backdrop { background: rgb(0 0 0 / 55%); }
.sandbox-pay h2, .sandbox-pay p { margin: 0 16px 6px; font: inherit; color: inherit; overflow-wrap: anywhere; }
.sandbox-pay h2 { font-size: 17px; font-weight: 600; }
.sandbox-pay .amount { font-size: 36px; font-weight: 600; }
.sandbox-pay .about { color: #666; font-size: 14px; }
.sandbox-pay .said { margin-block: 18px; font-size: 18px; }
.sandbox-pay button { all: unset; box-sizing: border-box; cursor: pointer; }
.sandbox-pay button:focus-visible { outline: 2px solid #1f6fd6; outline-offset: -2px; }
.sandbox-pay .cancel { position: absolute; left: 8px; top: 8px; width: 44px; height: 44px; font-size: 28px; line-height: 44px; color: #444; }
.sandbox-pay .dots { display: flex; justify-content: center; gap: 8px; margin: 14px 0; }
.sandbox-pay .dots span { width: 40px; height: 40px; border-radius: 6px; background: #f0f0f0; display: grid; place-items: center; }
.sandbox-pay .dots .full::after { content: ""; width: 12px; height: 12px; border-radius: 50%; background: #191919; }
.sandbox-pay .pad { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1px; background: #d5d5d5; padding-top: 1px; }
.sandbox-pay .pad > * { height: 52px; line-height: 52px; font-size: 24px; text-align: center; background: #fff; }
.sandbox-pay .pad > span { background: #e8e8e8; }
.sandbox-pay .main { display: inline-block; min-width: 180px; margin: 6px 0 24px; padding: 10px; border-radius: 8px; background: #067d40; color: #fff; font-weight: 600; }
`;
