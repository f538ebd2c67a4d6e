// SPDX-License-Identifier: Apache-2.0
// How the HTML report looks, light or dark as the reader's system is.
#pragma once

#include <string_view>

namespace raddle::report {

inline constexpr std::string_view kHtmlStyle = R"css(
:root{color-scheme:light dark;--back:#f7f8fa;--panel:#fff;--text:#1b1f27;--dim:#59616e;--rule:#d9dde4;--code:#f0f2f5;--mark:#fff0c2;
--red:#b3162f;--magenta:#8f1f8a;--amber:#7d4f00;--grey:#4b5563}
@media(prefers-color-scheme:dark){:root{--back:#16181d;--panel:#1d2027;--text:#e6e9ef;--dim:#9aa3b0;--rule:#343a46;--code:#14161a;
--mark:#4d3f14;--red:#ff7186;--magenta:#f08cf0;--amber:#ffb638;--grey:#b6bdc9}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:1500px;margin:0 auto;padding:1rem 1.25rem}
header{padding-bottom:0}
h1{font-size:1.4rem;margin:0}
h2{font-size:1.15rem;margin:0 0 .25rem}
h3{font-size:1rem;margin:1rem 0 .25rem}
p{margin:.25rem 0;max-width:90ch}
a{color:inherit}
.dim{color:var(--dim)}
.warn{border-left:4px solid var(--amber);padding-left:.75rem}
code,pre,.stack{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:13px}
nav ol{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.5rem}
nav a{display:block;background:var(--panel);border:1px solid var(--rule);border-left:5px solid var(--kind);border-radius:4px;padding:.3rem .7rem;
text-decoration:none;max-width:60ch}
.kind{color:var(--kind);font-weight:600}
.deadlock,.channel-misuse,.mutex-misuse,.wait-group-misuse,.heap-use-after-free,.panic,.livelock{--kind:var(--red)}
.data-race{--kind:var(--magenta)}
.task-leak,.thread-leak,.context-leak,.lost-wakeup{--kind:var(--amber)}
.lock-order{--kind:var(--grey)}
article{background:var(--panel);border:1px solid var(--rule);border-left:5px solid var(--kind);border-radius:4px;padding:1rem 1.25rem;margin:1rem 0}
article:target{outline:2px solid var(--kind)}
.chip{border:1px solid var(--rule);border-radius:4px;padding:0 .5rem;font-size:13px;font-weight:400}
.party{border-top:1px solid var(--rule);margin-top:.75rem}
pre{background:var(--code);border-radius:4px;padding:.4rem 0;margin:.4rem 0;overflow-x:auto}
pre span{display:block;padding:0 .75rem;min-width:max-content}
pre .here{background:var(--mark);font-weight:600}
.stack{margin:.25rem 0;padding-left:1.5rem}
.stack li::marker{color:var(--dim)}
#viewer{display:block;width:100%;height:78vh;min-height:500px;border:1px solid var(--rule);border-radius:4px;cursor:crosshair;touch-action:none}
#viewer:focus{outline:2px solid var(--amber)}
img{max-width:100%;border:1px solid var(--rule);border-radius:4px}
@media print{#timeline{display:none}}
)css";

}  // namespace raddle::report
