/** Adds up the compressed JavaScript that the first page needs, names its largest files and fails above the budget. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_BYTES = 300_000;
const dist = new URL("../dist/", import.meta.url).pathname;
const html = readFileSync(join(dist, "index.html"), "utf8");
const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]);
let total = 0;
for (const file of files) {
  const size = gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
  total += size;
  if (size > 5000) console.log(`${(size / 1000).toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(
  `${(total / 1000).toFixed(1).padStart(8)} kB  first page, of ${BUDGET_BYTES / 1000} kB`,
);
if (files.length === 0 || total > BUDGET_BYTES) process.exit(1);
