/** What an evaluation's page needs besides the style of all reports. */
export const evaluationStyle = `
:root { --least: #0b6bcb; --most: #b3401e; --between: rgb(11 107 203 / .14); }
@media (prefers-color-scheme: dark) { :root { --least: #6cb6ff; --most: #ff9a70; --between: rgb(108 182 255 / .18); } }
.advice { font-size: 1.25em; }
td, thead th { white-space: nowrap; } thead th { font-weight: 600; vertical-align: bottom; }
tr.control { color: var(--soft); font-style: italic; }
h3 { font-size: 1em; margin: 1em 0 .3em; } summary { cursor: pointer; padding: 6px 0; }
.metrics dt { font-weight: 600; margin-top: .7em; } .metrics dd { margin: 0; max-width: 75ch; }
.curves { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(250px, 100%), 1fr)); gap: 16px; }
.curves p { margin: 0; } .faith { width: 100%; height: auto; } .faith text { fill: var(--soft); font-size: 11px; }
.faith .grid { stroke: var(--line); } .faith polyline { fill: none; stroke-width: 2; }
.faith .least { stroke: var(--least); } .faith .most { stroke: var(--most); stroke-dasharray: 5 3; } .faith .between { fill: var(--between); }
.key::before { content: ""; display: inline-block; width: 1.6em; border-top: 3px solid; vertical-align: middle; margin-right: .4em; }
.key.least::before { border-color: var(--least); } .key.most::before { border-color: var(--most); border-top-style: dashed; }
ul.tiles.pairs { grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); }
pre { overflow-x: auto; }
`;
