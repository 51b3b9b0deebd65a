// Parses each diagram of a JSON list on standard input with Mermaid's own parser.
import { createRequire } from "node:module";
const require = createRequire(process.cwd() + "/x.js");
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import(
  "file://" + process.cwd() + "/node_modules/mermaid/dist/mermaid.core.mjs"
);
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
let text = "";
for await (const chunk of process.stdin) text += chunk;
let bad = 0;
for (const [i, diagram] of JSON.parse(text).entries()) {
  try {
    const d = await mermaid.mermaidAPI.getDiagramFromText(diagram);
    const n = d.db.getVertices().size;
    const want = (diagram.match(/:::/g) || []).length;
    if (n !== want) throw new Error(`${n} boxes, not ${want}`);
    if (diagram.includes("click")) {
      for (const v of d.db.getVertices().values())
        if (v.link || v.haveCallback) throw new Error("a link: " + v.id);
    }
  } catch (e) {
    bad++;
    console.log(i, String(e).slice(0, 600));
  }
}
process.exit(bad ? 1 : 0);
