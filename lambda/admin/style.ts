/** The style sheet of all pages. Colours have a contrast of 4.5 at least, in the light and in the dark. */
export const style = `
:root{color-scheme:light dark;--text:#1b1f24;--soft:#57606a;--line:#d0d7de;--back:#fff;--box:#f6f8fa;--link:#0a58ca;--bad:#b3261e;
--s0:#1f6feb;--s1:#bf5b00;--s2:#1a7f37;--s3:#8250df;--s4:#bf3989;--s5:#0b7285;--s6:#6e7781}
@media(prefers-color-scheme:dark){:root{--text:#e6e8ea;--soft:#a9b1ba;--line:#3a424b;--back:#15181c;--box:#1e2329;--link:#7fb2ff;--bad:#ff8f85;
--s0:#58a6ff;--s1:#f0883e;--s2:#3fb950;--s3:#bc8cff;--s4:#f778ba;--s5:#39c5cf;--s6:#8b949e}}
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:var(--text);background:var(--back)}
header{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center;padding:.6rem 1rem;border-bottom:1px solid var(--line)}
header form{margin-left:auto}header a{margin-right:1rem}a{color:var(--link)}a[aria-current]{color:var(--text);font-weight:600}
main{max-width:90rem;margin:0 auto;padding:1rem}main:focus{outline:none}
h1{font-size:1.5rem;margin:.3rem 0 1rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:.5rem;top:.5rem;background:var(--back);padding:.3rem .6rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(13rem,45%),1fr));gap:.75rem;margin:0}
.figures div{background:var(--box);border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem}
.figures dt{color:var(--soft);font-size:.85rem}.figures dd{margin:0;font-size:1.35rem;font-weight:600}
.figures small{display:block;font-size:.8rem;font-weight:400;color:var(--soft)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{padding:.35rem .7rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line);vertical-align:top}
th:first-child,td:first-child{text-align:left}tbody th{font-weight:600}thead th{color:var(--soft);font-weight:600}tr:last-child>*{border-bottom:0}
.text{text-align:left}small{color:var(--soft)}meter{width:7rem;height:.8rem;display:block;margin-left:auto}
.chart{display:block;width:100%;height:auto;min-width:34rem;max-height:20rem}.chart text{fill:var(--soft);font-size:11px}.chart line{stroke:var(--line)}
.s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2)}.s3{fill:var(--s3)}.s4{fill:var(--s4)}.s5{fill:var(--s5)}.s6{fill:var(--s6)}
.legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.9rem}.legend svg{width:.8rem;height:.8rem;margin-right:.4rem}.legend li{overflow-wrap:anywhere}
.take,.note{font-size:.9rem;color:var(--soft)}.failure{color:var(--bad);font-weight:600}
button,input,select,textarea{font:inherit;color:inherit;background:var(--box);border:1px solid var(--soft);border-radius:6px;padding:.35rem .6rem}
button{cursor:pointer}button:disabled{opacity:.6;cursor:default}label{display:block;font-weight:600;margin:.6rem 0 .2rem}
.sign-in{max-width:28rem}.sign-in input[type=password]{width:100%;margin-bottom:.8rem}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem 2rem;align-items:start}.two>*{min-width:0}
.options{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:0 1rem}
textarea,select,.options input,input[type=file]{width:100%;max-width:100%}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--box);border:1px solid var(--line);border-radius:8px;padding:.7rem;margin:.3rem 0;font:.9rem/1.5 ui-monospace,monospace}
#answer{min-height:6rem}code{overflow-wrap:anywhere}`;
