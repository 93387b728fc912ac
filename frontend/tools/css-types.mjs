// Writes the class names of every CSS module as types, so that a name that is in no style sheet does not compile.
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "lightningcss";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, ".css-types");

rmSync(target, { recursive: true, force: true });
for (const filename of globSync("src/**/*.module.css", { cwd: root })) {
  const { exports } = transform({
    filename,
    code: readFileSync(join(root, filename)),
    cssModules: true,
  });
  const names = Object.keys(exports ?? {}).sort();
  const lines = names.map((name) => `  readonly ${JSON.stringify(name)}: string;`);
  const file = join(target, `${filename}.d.ts`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `declare const classes: {\n${lines.join("\n")}\n};\nexport default classes;\n`,
  );
}
