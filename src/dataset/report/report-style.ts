/** The report's style sheet: light or dark as the reader's system has it. */
export const reportStyle = `
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --back: #fff; --line: #d1d9e0; --right: 46 125 50; --wrong: 200 50 40; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9aa4af; --back: #16181d; --line: #3a414a; --right: 90 180 95; --wrong: 240 110 95; } }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 24px; }
h1 { font-size: 1.6em; overflow-wrap: anywhere; } h2 { font-size: 1.2em; margin-top: 2em; }
p, li { overflow-wrap: anywhere; } small { color: var(--soft); overflow-wrap: anywhere; }
.figures { display: flex; flex-wrap: wrap; gap: 12px 32px; margin: 0; }
.figures dt { color: var(--soft); } .figures dd { margin: 0; font-size: 1.5em; font-variant-numeric: tabular-nums; }
.tiles { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 16px; }
ul.tiles { grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); }
.tiles p { margin: 4px 0 0; } .pictures { display: flex; gap: 4px; }
.pictures img { border-radius: 3px; object-fit: cover; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 8px; border: 1px solid var(--line); text-align: right; } th[scope=row] { text-align: left; font-weight: normal; }
.wide { overflow-x: auto; } .wide:focus-visible { outline: 2px solid currentColor; }
.confusion thead th { height: 130px; padding: 0; vertical-align: bottom; font-weight: normal; }
.confusion thead span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); max-height: 126px; overflow: hidden; white-space: nowrap; }
.confusion .right { background: rgb(var(--right) / calc(var(--share) * .5)); } .confusion .wrong { background: rgb(var(--wrong) / calc(var(--share) * .55)); }
.calibration { display: flex; flex-wrap: wrap; gap: 16px 32px; align-items: flex-start; }
.reliability { width: 260px; max-width: 100%; } .reliability text { fill: var(--soft); font-size: 11px; } .reliability .line { fill: none; stroke: var(--text); stroke-width: 2; } .reliability circle { fill: var(--text); } .reliability .grid { stroke: var(--line); } .reliability .ideal { stroke: var(--soft); stroke-dasharray: 5 4; }
.facts td { text-align: left; overflow-wrap: anywhere; }
@media print { body { color-scheme: light; } section { break-inside: avoid; } }
`;
